# A program that is killed by SIGKILL at any instant loses nothing: every pair of lock and unlock
# that it had counted itself is in the trace, which needs no repair to be read.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

for run in $(seq 100); do
	# between 0 and 4 ms after the first pair, spread evenly: the instant is random anyway
	delay=$((run * 37 % 100 * 40))
	counted=$(CONCTRACE_OPTIONS="trace=$work/t" "$CT_PROGRAMS/kill_at" "$work/count" $delay \
		"$CT_PROGRAMS/lock_until_killed" "$work/count")
	"$CT_BIN" dump "$work/t" >"$work/dump" || fail "run $run: dump says $?"
	locks=$(grep -c ' pthread_mutex_lock ' "$work/dump")
	unlocks=$(grep -c ' pthread_mutex_unlock ' "$work/dump")
	[ "$locks" -ge "$counted" ] && [ "$unlocks" -ge "$counted" ] ||
		fail "run $run: $locks locks and $unlocks unlocks of $counted pairs"
	[ "$locks" -le $((counted + 1)) ] || fail "run $run: $locks locks of $counted pairs"
	rm -rf "$work/t"
done
echo "ok: 100 kills"
