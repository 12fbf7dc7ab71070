# Programs that hang as what they wait for works within one process only, and twins: expected.txt.
set -eu
exec "$CT_PYTHON" -B tests/hang/run_hangs.py not-process-shared
