# Programs that hang by all being stuck, and their twins: expected.txt.
set -eu
exec "$CT_PYTHON" -B tests/hang/run_hangs.py stuck
