# Programs that hang by an orphaned-lock, and their twins: expected.txt.
set -eu
exec "$CT_PYTHON" -B tests/hang/run_hangs.py orphaned-lock
