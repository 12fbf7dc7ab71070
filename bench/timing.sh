#!/bin/sh
# What `conctrace timing` and the time line for Perfetto cost, beside `dump` and `report`: time and
# peak memory on recorded traces of 1, 2 and 5 million events, and what a thread costs that is
# recorded. Fails if a peak grows with the number of events, or much with that of threads.
#
# Usage: bench/timing.sh [MILLIONS...]   CT_BUILD (build/release), RUNS (3)
# The traces lie in a temporary folder (TMPDIR; 110 MB for 5 million events).
set -eu

here=$(dirname "$0")
: "${CT_BUILD:=$here/../build/release}"
export CT_BUILD
[ -x "$CT_BUILD/analyzer/conctrace" ] && [ -f "$CT_BUILD/preload/libconctrace.so" ] &&
	[ -x "$CT_BUILD/bench/timing_trace" ] || {
	echo "timing.sh: no build in $CT_BUILD: run scripts/check.sh first, or set CT_BUILD" >&2
	exit 2
}
exec "${CT_PYTHON:-python3}" -B "$here/timing/measure.py" "$@"
