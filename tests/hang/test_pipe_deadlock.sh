# Programs that hang by a pipe-deadlock, and their twins: expected.txt.
set -eu
exec "$CT_PYTHON" -B tests/hang/run_hangs.py pipe-deadlock
