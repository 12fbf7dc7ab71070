#!/bin/sh
# What finding races costs: eight kernels and two real programs with two threads, built by gcc and
# clang, each plainly, with the compiler's ThreadSanitizer, and by `conctrace cc`. Prints slow-downs,
# peaks of memory, and bytes logged per second. The record is measured; what `report` makes of it
# comes after the program.
#
# Usage: bench/races.sh [NAME...]   NAME: a file of bench/races/, pbzip2 or sqlite3; default all
# CT_BUILD (build/release), RUNS (5). The real programs need network and apt-get for Debian's source
# packages; CT_SOURCES names a folder where pbzip2, bzip2 and sqlite3 are unpacked already.
set -eu

here=$(dirname "$0")
: "${CT_BUILD:=$here/../build/release}"
export CT_BUILD
[ -x "$CT_BUILD/analyzer/conctrace" ] && [ -f "$CT_BUILD/preload/libconctrace.so" ] || {
	echo "races.sh: no build in $CT_BUILD: run scripts/check.sh first, or set CT_BUILD" >&2
	exit 2
}
exec "${CT_PYTHON:-python3}" -B "$here/races/measure.py" "$@"
