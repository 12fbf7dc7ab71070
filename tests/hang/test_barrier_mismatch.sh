# Programs that hang by a barrier-mismatch, and their twins: expected.txt.
set -eu
exec "$CT_PYTHON" -B tests/hang/run_hangs.py barrier-mismatch
