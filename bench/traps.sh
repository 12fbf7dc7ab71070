#!/bin/sh
# What traps cost: programs with two threads, natively, with the recorder with and without traps, with
# gcc's ThreadSanitizer, and under Helgrind (where valgrind is installed). Prints slow-downs, and for how
# long threads were held of what was allowed; fails if they were held for longer.
#
# Usage: bench/traps.sh [NAME...]   NAME: a file of bench/traps/ or bench/races/; default all
# CT_BUILD (build/release), RUNS (5), WAYS (native record traps run tsan helgrind).
set -eu

here=$(dirname "$0")
: "${CT_BUILD:=$here/../build/release}"
export CT_BUILD
[ -x "$CT_BUILD/analyzer/conctrace" ] && [ -f "$CT_BUILD/preload/libconctrace.so" ] || {
	echo "traps.sh: no build in $CT_BUILD: run scripts/check.sh first, or set CT_BUILD" >&2
	exit 2
}
exec "${CT_PYTHON:-python3}" -B "$here/traps/measure.py" "$@"
