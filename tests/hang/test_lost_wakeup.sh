# Programs that hang by a lost-wakeup, and their twins: expected.txt.
set -eu
exec "$CT_PYTHON" -B tests/hang/run_hangs.py lost-wakeup
