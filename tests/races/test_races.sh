# Programs with races, and their twins: expected.txt. Here every program once, by one compiler and
# one level of optimization; for the whole of it:
#   CT_TIMES=10 CT_COMPILERS="gcc clang" CT_OPTIMIZE="-O0 -O2" ... bash tests/races/test_races.sh
set -eu
: "${CT_COMPILERS:=gcc}" "${CT_OPTIMIZE:=-O2}"
export CT_COMPILERS CT_OPTIMIZE
exec "$CT_PYTHON" -B tests/races/run_races.py
