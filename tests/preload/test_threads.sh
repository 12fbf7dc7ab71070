# Every call on threads, POSIX's and C11's: results, errno, and records.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
. "$CT_SOURCE/tests/preload/calls.sh"

for program in thread_calls thread_ends thread_main_exits c11_calls; do
	calls 5 "$CT_PROGRAMS/$program"
done

# Exceptions and pthread_exit out of initialisations: the same comes of them, and each leaves a failure.
same 20 "$CT_PROGRAMS/once_throws"
rm -rf "$work/trace"
traced "$work/trace" "$CT_PROGRAMS/once_throws" >/dev/null
[ "$("$CT_BIN" dump "$work"/trace/conctrace.* | grep -c 'error=125 call=pthread_once')" = 7 ] ||
	fail "once_throws: failures: $("$CT_BIN" dump "$work"/trace/conctrace.* | grep 'call=pthread_once')"

# A name of its own is said once.
traced "$work/named" "$CT_PROGRAMS/thread_calls" >/dev/null
[ "$("$CT_BIN" dump "$work"/named/conctrace.* | grep -c 'thread_name .*=its own name')" = 1 ] ||
	fail "thread_calls: no name: $("$CT_BIN" dump "$work"/named/conctrace.* | grep _name)"
echo "ok: a thread's name"

# A thread_start says where the stack lies: a variable of the thread is on it.
for run in $(seq 5); do
	rm -rf "$work/trace"
	traced "$work/trace" "$CT_PROGRAMS/thread_stacks" >"$work/shown"
	"$CT_BIN" dump "$work"/trace/conctrace.* |
		sed -nE 's/.* thread_start thread=([0-9]+) .* stack_low=(0x[0-9a-f]+) stack_size=([0-9]+) creator=1$/\1 \2 \3/p' \
			>"$work/stacks"
	[ "$(wc -l <"$work/stacks")" = 4 ] || fail "thread_stacks: $(cat "$work/stacks")"
	while read -r thread address; do
		set -- $(grep "^$thread " "$work/stacks")
		[ $((address)) -ge $(($2)) ] && [ $((address)) -lt $(($2 + $3)) ] ||
			fail "thread_stacks: $thread has $address, its stack is $2, $3"
		[ "$thread" = 2 ] || [ "$3" = $((1 << 18)) ] || fail "thread_stacks: $thread has $3 bytes"
	done <"$work/shown"
done
echo "ok: the stacks of 4 threads"

# A signal handler that runs before a thread's first instruction does not make two of it.
same 5 "$CT_PROGRAMS/thread_signalled" 50
same 5 "$CT_PROGRAMS/thread_signalled" forks
rm -rf "$work/trace"
traced "$work/trace" "$CT_PROGRAMS/thread_signalled" 50 >/dev/null || true
[ "$("$CT_BIN" dump "$work"/trace/conctrace.* | grep -c ' thread_start ')" = 51 ] ||
	fail "thread_signalled: other threads than 51"
echo "ok: threads that begin with a signal"

# C11 programs: correct ones stay without a finding, a lock order that can deadlock has one.
same 20 "$CT_PROGRAMS/c11_queue"
run() {
	rm -rf "$work/trace"
	status=0
	"$CT_BIN" run -o "$work/trace" -- "$@" >"$work/said" 2>"$work/report" || status=$?
}
for arguments in c11_queue "c11_abba ordered"; do
	run "$CT_PROGRAMS"/$arguments
	[ $status = 0 ] || fail "$arguments: status $status: $(cat "$work/report")"
done
run "$CT_PROGRAMS/c11_abba"
[ $status = 66 ] && grep -q 'mtx_lock' "$work/report" ||
	fail "c11_abba: status $status: $(cat "$work/report")"
echo "ok: findings in C11 programs"

run timeout 20 "$CT_PROGRAMS/thread_signalled" deadlock
[ $status = 66 ] && grep -q 'error\[deadlock\]' "$work/report" ||
	fail "thread_signalled deadlock: status $status: $(cat "$work/report")"
echo "ok: a deadlock of a thread that began with a signal"
