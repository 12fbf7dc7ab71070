# What waits is not called hung.
set -eu
exec "$CT_PYTHON" -B tests/hang/run_waiting.py
