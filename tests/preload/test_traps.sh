# Traps in programs that live an eventful life: what they do is as without.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

program=$CT_PROGRAMS/trap_life

# trapped CASE [WHY]: with traps it says and does the same; WHY: the traps are given up for that.
trapped() {
	status=0
	timeout 60 "$program" "$1" >"$work/expected" 2>&1 </dev/null || status=$?
	for run in 1 2 3; do
		got=0
		CONCTRACE_OPTIONS="races=traps:trace=$work/t" LD_PRELOAD="$CT_LIB" \
			timeout 60 "$program" "$1" >"$work/got" 2>&1 </dev/null || got=$?
		[ "$got" = "$status" ] || fail "$1: status $got, without traps $status"
		cmp -s "$work/expected" "$work/got" ||
			fail "$1: $(diff "$work/expected" "$work/got" | head -5)"
		"$CT_BIN" dump "$work/t" >"$work/dump"
		grep -q "access_traps object=${2:-0} " "$work/dump" ||
			fail "$1: not object=${2:-0}: $(grep access_traps "$work/dump")"
		rm -rf "$work/t"
	done
	echo "ok: $1"
}

for name in forks fork_with_threads spawns cancels exits failing_execs execs filtered \
	small_stacks contexts jumps handles closes borrows reopens descriptors shares unloads killed; do
	trapped "$name"
done
trapped reads_code 9
trapped writes_code 10
trapped timers 12
program=$CT_PROGRAMS/trap_allocator
trapped allocates 12

program=$CT_PROGRAMS/trap_traced
trapped traces 4

program=$CT_PROGRAMS/trap_stack
trapped plain
CONCTRACE_OPTIONS="races=traps:trace=$work/t" LD_PRELOAD="$CT_LIB" timeout 60 "$program" overflows |
	grep -q "overflows: some" || fail "trap_stack: no overflow"
