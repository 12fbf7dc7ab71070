# Programs that hang by a missing-post, and their twins: expected.txt.
set -eu
exec "$CT_PYTHON" -B tests/hang/run_hangs.py missing-post
