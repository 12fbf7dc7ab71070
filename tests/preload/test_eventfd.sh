# Eventfds, timerfds and signalfds: what the programs say is what the trace has, and they do the same
# with the recorder as without.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
. "$CT_SOURCE/tests/preload/said.sh"

proved 10 eventfd_calls
# set for 1 ns, for what is past, not at all, for nonsense, from nowhere
awk '$1 % 2 == 0 && ($2 == "timerfd_settime" || $3 == "timerfd_settime")' "$work/events" >"$work/timers"
[ "$(awk '{ print $4 }' "$work/timers" | paste -sd' ')" = "1 1 0 22 14" ] ||
	fail "timerfd_settime: $(cat "$work/timers")"

# One eventfd in three processes, of which one is another image by then, is one object.
for run in $(seq 10); do
	recorded "$CT_PROGRAMS/eventfd_ends"
	object=$(awk '$2 == "eventfd_read" && $1 % 2 == 0 { print $3 }' "$work/events")
	awk -v object="x$object" '$1 % 2 == 0 && "x" $3 == object && /eventfd/ { print $2, $4 }' \
		"$work/events" | cmp -s - "$work/said" ||
		fail "eventfd_ends, run $run: $(grep eventfd "$work/events")"
	[ "$(grep -c '^[0-9]*[02468] read [0-9]* 8$' "$work/events")" = 1 ] ||
		fail "eventfd_ends, run $run: an inherited timerfd is not found"
done
echo "ok: 10 times eventfd_ends"

for call in eventfd_read eventfd_readv eventfd_write eventfd_by_write timerfd signalfd; do
	proved 2 socket_waits $call
done
for call in eventfd_read eventfd_readv; do blocked socket_waits $call for-ever 176 0; done
for call in eventfd_write eventfd_by_write; do blocked socket_waits $call for-ever 177 0; done
for call in timerfd signalfd; do blocked socket_waits $call for-ever 124 0; done
echo "ok: the live page of 6 calls that wait"
