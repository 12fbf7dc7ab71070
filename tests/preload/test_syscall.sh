# Futex calls made by hand: results as without the recorder, and each is in the trace. Locks that
# are made of them: Rust's and C++20's.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

# record PROGRAM ARGUMENTS...: its output in said, its records in dump
record() {
	rm -rf "$work/t"
	timeout 60 env CONCTRACE_OPTIONS="trace=$work/t" LD_PRELOAD="$CT_LIB" "$@" >"$work/said" 2>&1 ||
		fail "$*: status $?: $(tail -3 "$work/said")"
	"$CT_BIN" dump "$work/t" >"$work/dump"
}

same 3 "$CT_PROGRAMS/syscall_futex"
for run in 1 2 3; do
	record "$CT_PROGRAMS/syscall_futex"
	# the main thread's, without requests: "futex_wake 1", "failed futex_wait 11"
	sed -n 's/^[^ ]* p1:T1 //; /flags=[a-z,]*request/d
		s/^\(futex_wa[a-z]*\) .* arg=\(0x[0-9a-f]*\) .*/\1 \2/p
		s/^failed .* error=\([0-9]*\) call=\(futex_wa[a-z]*\).*/failed \2 \1/p' "$work/dump" |
		while read -r name arg rest; do
			case $name in failed) echo "$name $arg $rest" ;; *) echo "$name $((arg))" ;; esac
		done >"$work/found"
	grep -v '^#' "$work/said" | cmp -s - "$work/found" ||
		fail "run $run: $(grep -v '^#' "$work/said" | diff - "$work/found" | head)"
	[ "$(grep -c 'p1:T[234] futex_wait .*flags=request' "$work/dump")" = 3 ] ||
		fail "run $run: the waiters' requests"
	[ "$(grep -c 'p1:T[234] futex_wait .*flags=blocked' "$work/dump")" = 3 ] ||
		fail "run $run: the waiters' completions"
	[ "$(grep -c 'futex_wait .*flags=request,timed' "$work/dump")" = 6 ] ||
		fail "run $run: waits with a time limit"
done
echo "ok: $(wc -l <"$work/found") futex calls"

# locked PROGRAM: waits and wakes are in its trace. What a panic says has the thread's id in it.
locked() {
	same 3 sh -c "exec $1 2>/dev/null"
	record "$1"
	for event in futex_wait futex_wake; do
		grep -q " $event " "$work/dump" || fail "$1: no $event"
	done
}

if c++ -std=c++20 -O1 -o "$work/atomic" "$CT_SOURCE/tests/preload/programs/syscall_atomic.cc" \
	-pthread 2>"$work/errors"; then
	locked "$work/atomic"
else
	echo "skipped: no compiler of C++20"
fi
if command -v rustc >/dev/null && rustc -O -o "$work/rust" "$CT_SOURCE/tests/real/threads.rs" \
	2>"$work/errors"; then
	locked "$work/rust"
else
	echo "skipped: no compiler of Rust"
fi
