#!/bin/sh
# What the HTML report costs: the size of the page, how long it takes to write, and in headless
# chromium the time to the first paint, until the timeline is there, and of a step of zooming.
# Traces of 10 thousand and 1 million events, and one of 1,000 threads.
#
# Usage: bench/html.sh [EVENTS...]   CT_BUILD (build/release)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
: "${CT_BUILD:=$here/../build/release}"
[ -x "$CT_BUILD/analyzer/conctrace" ] && [ -x "$CT_BUILD/bench/timing_trace" ] || {
	echo "html.sh: no build in $CT_BUILD: run scripts/check.sh first, or set CT_BUILD" >&2
	exit 2
}
[ $# -gt 0 ] || set -- 10000 1000000
export CT_LIB="${CT_LIB:-$CT_BUILD/preload/libconctrace.so}"
work=$(mktemp -d "${TMPDIR:-/tmp}/ct-html.XXXXXX")
trap 'rm -rf "$work"' EXIT

# page NAME PROGRAM...: records it and measures its page
page() {
	name=$1
	shift
	"$CT_BUILD/analyzer/conctrace" run -q -o "$work/trace" -- "$@" >/dev/null 2>&1
	PYTHONPATH="$here/../tests/e2e" "${CT_PYTHON:-python3}" -B "$here/html/measure.py" "$name" \
		"$CT_BUILD/analyzer/conctrace" "$work/trace" "$work/page.html"
	rm -rf "$work/trace"
}

for events; do
	page "$events events" "$CT_BUILD/bench/timing_trace" "$events"
done
page "1,000 threads" "$CT_BUILD/bench/timing_trace" -t 1000
