#!/bin/sh
# One uncontended lock and unlock, native and under the recorder, in turns: medians of the runs and
# their ratio. Usage: bench/lock_pair.sh [BUILD]     (default build/release)
set -eu

build=${1:-${CT_BUILD:-$(dirname "$0")/../build/release}}
program=$build/bench/lock_pair
library=$build/preload/libconctrace.so
runs=${RUNS:-7}
[ -x "$program" ] && [ -f "$library" ] || {
	echo "lock_pair.sh: no build in $build: run scripts/try.sh first, or name a build folder" >&2
	exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

median() {
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

for run in $(seq "$runs"); do
	"$program" >>"$work/native"
	for frames in 0 1 16; do
		CONCTRACE_OPTIONS="trace=$work/t:stack=$frames:max=0" LD_PRELOAD=$library \
			"$program" >>"$work/stack$frames"
		rm -rf "$work/t"
	done
	CONCTRACE_OPTIONS="trace=$work/t:stack=1:max=1" LD_PRELOAD=$library "$program" >>"$work/counting"
	rm -rf "$work/t"
done

native=$(median "$work/native")
row() {
	value=$(median "$work/$2")
	printf '%-42s %7.1f ns  %5.1fx\n' "$1" "$value" "$(echo "$value $native" | awk '{ print $1 / $2 }')"
}
echo "one lock + unlock, one thread; medians of $runs runs each"
row "native" native
row "recorded, without stacks" stack0
row "recorded, with the caller" stack1
row "recorded, with stacks of up to 16 frames" stack16
row "beyond the trace's size limit (counted)" counting
