# Programs that hang in pthread_cond_destroy and its like, and their twins: expected.txt.
set -eu
exec "$CT_PYTHON" -B tests/hang/run_hangs.py destroy-busy
