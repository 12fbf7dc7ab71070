#!/bin/sh
# What a call costs natively and under the recorder, a line per family: medians of runs in turns. Calls on
# what is not tracked ("free of") may cost 5 ns more. Usage: bench/families.sh [BUILD] (default build/release)
set -eu

build=${1:-${CT_BUILD:-$(dirname "$0")/../build/release}}
program=$build/bench/families
library=$build/preload/libconctrace.so
runs=${RUNS:-5}
[ -x "$program" ] && [ -f "$library" ] || {
	echo "families.sh: no build in $build: run scripts/check.sh first, or name a build folder" >&2
	exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for run in $(seq "$runs"); do
	"$program" | sed 's/^/native\t/' >>"$work/all"
	CONCTRACE_OPTIONS="trace=$work/t:max=0" LD_PRELOAD=$library "$program" |
		sed 's/^/recorded\t/' >>"$work/all"
	rm -rf "$work/t"
done

echo "ns a call or pair of calls; medians of $runs runs in turns, each the least of 9 rounds"
printf '%-30s %9s %9s %9s %7s\n' "" native recorded more ratio
sort -t "$(printf '\t')" -k1,1 -k2,2 -k3,3n "$work/all" | awk -F '\t' '
	function median() { return values[int((count + 1) / 2)] }
	function end_group() { if (count) result[mode, name] = median(); count = 0 }
	{
		if ($1 != mode || $2 != name) { end_group(); mode = $1; name = $2 }
		values[++count] = $3
	}
	END { end_group(); for (key in result) print key, result[key] }' SUBSEP='\t' OFS='\t' >"$work/medians"
"$program" >"$work/order"
awk -F '\t' -v medians="$work/medians" '
	BEGIN { while ((getline line < medians) > 0) { split(line, f, "\t"); value[f[1], f[2]] = f[3] } }
	{
		native = value["native", $1]; recorded = value["recorded", $1]
		over = $1 ~ /^free of/ && recorded - native > 5 ? "  over 5 ns" : ""
		printf "%-30s %9.1f %9.1f %9.1f %6.2fx%s\n", $1, native, recorded, recorded - native, recorded / native, over
	}' "$work/order"
