# A plan makes a deadlock that never comes by itself stand, in threads and across processes; one of
# what cannot happen leaves the program as it is. The plans are made by a script of its own from
# what docs say of the hashes.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
abba=$CT_PROGRAMS/steer_abba

# plan WAY MODE [KEY=VALUE...]: from a run in which nothing happens
plan() {
	way=$1
	shift
	rm -rf "$work/t"
	CONCTRACE_OPTIONS="trace=$work/t" LD_PRELOAD="$CT_LIB" "$abba" "$way" >"$work/plain"
	"$CT_PYTHON" "$CT_SOURCE/tests/preload/steer_plan.py" "$work/t" "$work/plan" "$@"
}

# steered SECONDS WAY: the outcome (ct_steer.h) in outcome, all of milliseconds in ms
steered() {
	local begun
	begun=$(date +%s%N)
	rm -rf "$work/s"
	status=0
	timeout "$1" env CONCTRACE_OPTIONS="trace=$work/s:steer=$work/plan" LD_PRELOAD="$CT_LIB" \
		"$abba" "$2" >"$work/said" || status=$?
	ms=$((($(date +%s%N) - begun) / 1000000))
	outcome=$(od -An -tu4 -j12 -N4 "$work/s/.live/steer" | tr -d ' ')
}

# one_run NUMBER WAY: under `conctrace run`, which says what it is
one_run() {
	local status=0
	CONCTRACE_OPTIONS="steer=$work/plan" timeout 60 "$CT_BIN" run -o "$work/r.$1" "$abba" "$2" \
		>"$work/said.$1" 2>"$work/report.$1" || status=$?
	rm -rf "$work/r.$1"
	[ $status = 66 ] && grep -q '^error\[deadlock\]' "$work/report.$1"
}

# hangs TIMES WAY: four at a time, since `run` takes half a second to be sure
hangs() {
	local found=0 first run pids
	for first in $(seq 1 4 "$1"); do
		pids=""
		for run in $(seq "$first" $((first + 3 < $1 ? first + 3 : $1))); do
			one_run "$run" "$2" &
			pids="$pids $!"
		done
		for run in $pids; do
			wait "$run" && found=$((found + 1))
		done
	done
	[ $((found * 20)) -ge $(($1 * 19)) ] ||
		fail "$2: $found of $1 runs hang: $(tail -3 "$work/report.1")"
	echo "ok: $2: $found of $1 steered runs are a deadlock"
}

plan threads exact
for run in $(seq 20); do
	"$abba" threads >"$work/said"
done
hangs 20 threads
plan fork site
hangs 20 fork
plan prefix exact
hangs 2 prefix
for options in "site any=1" "site caller=1" "site gates=0" "pauses seed=3"; do
	plan threads $options
	hangs 1 threads
done

# What cannot be: the same output, after a short while.
for mode in exact site pauses; do
	plan ordered $mode
	steered 20 ordered
	[ $status = 0 ] || fail "ordered, $mode: status $status"
	cmp -s "$work/plain" "$work/said" || fail "ordered, $mode: $(cat "$work/said")"
	[ "$outcome" = 4 ] || fail "ordered, $mode: outcome $outcome, not thrashed"
	[ $ms -lt 6000 ] || fail "ordered, $mode: $ms ms"
done
plan ordered site patience=2000 timeout=300
steered 20 ordered
[ "$status $outcome" = "0 3" ] || fail "ordered: status $status, outcome $outcome, not timed out"
echo "ok: a plan of what cannot be: thrashed, timed out"

# A plan that is none, or is of another program's places.
printf 'CNPL' >"$work/plan"
steered 20 threads
[ "$status $outcome" = "0 0" ] || fail "bad plan: status $status, outcome $outcome"
plan fork site
steered 20 ordered
[ "$status $outcome" = "0 1" ] || fail "another's plan: status $status, outcome $outcome"

# In signal handlers nobody is held.
plan inside site any=1
steered 20 inside
[ "$status $outcome" = "0 1" ] || fail "in handlers: status $status, outcome $outcome"

# Who is held dies by signals, and runs their handlers.
held() {
	rm -rf "$work/s"
	CONCTRACE_OPTIONS="trace=$work/s:steer=$work/plan" LD_PRELOAD="$CT_LIB" "$abba" "$1" \
		>"$work/said" &
	pid=$!
	# arrived: the first thread's stop
	until [ "$(od -An -tu4 -j$((24 + 1824 + 16 + 8)) -N4 "$work/s/.live/steer" 2>/dev/null |
		tr -d ' ')" -gt 0 ] 2>/dev/null; do
		kill -0 $pid || fail "$1: it has ended"
	done
	kill -TERM $pid
	status=0
	wait $pid 2>/dev/null || status=$?
	[ $status = "$2" ] || fail "$1: status $status after SIGTERM, not $2"
}
plan ordered site patience=2000 timeout=60000
held ordered 143
plan handled site patience=2000 timeout=60000
held handled 3
echo "ok: signals reach who is held"
