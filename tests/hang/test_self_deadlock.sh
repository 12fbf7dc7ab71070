# Programs that hang by a self-deadlock, and their twins: expected.txt.
set -eu
exec "$CT_PYTHON" -B tests/hang/run_hangs.py self-deadlock
