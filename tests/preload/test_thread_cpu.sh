# Each thread's processor time is in the trace once: at its end, or at its process's.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

traced "$work/trace" "$CT_PROGRAMS/thread_cpu" >"$work/shown"
"$CT_BIN" dump "$work"/trace/conctrace.* >"$work/dump"
grep ' thread_cpu ' "$work/dump" >"$work/cpu"
# What the loader used is told first.
first=$(grep -m2 'p1:T1' "$work/dump" | tail -n 1)
case $first in
*' thread_cpu thread=1 '*) grep -vF "$first" "$work/cpu" >"$work/rest" && mv "$work/rest" "$work/cpu" ;;
*) fail "the second record is not thread_cpu: $first" ;;
esac
for thread in 1 2 3 4 5; do
	[ "$(grep -c " thread_cpu thread=$thread " "$work/cpu")" = 1 ] ||
		fail "thread $thread: not one record: $(cat "$work/cpu")"
done
[ "$(wc -l <"$work/cpu")" = 5 ] || fail "not 5 records: $(cat "$work/cpu")"
echo "ok: one record a thread"

# By its own thread while that ends, and by the one that ends the process, just before.
for thread in 2 5; do
	grep -A1 "p1:T$thread thread_cpu thread=$thread " "$work/dump" | grep -q "p1:T$thread thread_exit" ||
		fail "thread $thread: no thread_exit behind it: $(cat "$work/dump")"
done
[ "$(grep -B3 'p1:T1 exit ' "$work/dump" | grep -c 'p1:T1 thread_cpu')" = 3 ] ||
	fail "exit: not behind the records of 1, 3 and 4: $(tail -6 "$work/dump")"
echo "ok: where they stand"

# What the thread itself has read is a lower bound; little comes after that.
while read -r thread time; do
	cpu=$(sed -nE "s/.* thread_cpu thread=$thread cpu_ns=([0-9]+) .*/\1/p" "$work/cpu")
	[ "$cpu" -ge "$time" ] && [ "$cpu" -le $((time + time / 20 + 1000000)) ] ||
		fail "thread $thread: $cpu ns recorded, $time ns by its clock"
done <"$work/shown"
[ "$(wc -l <"$work/shown")" = 4 ] || fail "times: $(cat "$work/shown")"
echo "ok: the times are right"

# Time that a thread was ready: 4 threads share one processor, so 2 to 4 waited for it. A thread
# that lives for an instant is not asked.
if [ -r /proc/self/schedstat ] && command -v taskset >/dev/null; then
	rm -rf "$work/trace"
	one=$(taskset -cp $$ | sed -E 's/.*: ([0-9]+).*/\1/')
	(
		taskset -cp "$one" "$BASHPID" >/dev/null
		traced "$work/trace" "$CT_PROGRAMS/thread_cpu" >"$work/shown"
	)
	for trace in "$work"/trace/conctrace.*; do
		"$CT_BIN" dump "$trace"
	done | grep ' thread_cpu ' >"$work/cpu"
	for thread in 2 3 4; do
		ready=$(sed -nE "s/.* thread_cpu thread=$thread .* ready_ns=([0-9]+) .*/\1/p" "$work/cpu")
		[ "$ready" -ge 5000000 ] && [ "$ready" != 18446744073709551615 ] ||
			fail "thread $thread on one processor: ready for $ready ns: $(cat "$work/cpu")"
	done
	[ "$(grep -h -o '	cpus = .*' "$work"/trace/conctrace.*/metadata)" = '	cpus = 1;' ] ||
		fail "taskset: $(grep -h cpus "$work"/trace/conctrace.*/metadata)"
	echo "ok: ready for a processor; 1 processor in the metadata"
fi
