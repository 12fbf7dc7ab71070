# Row 13: a timer of one-shot waits drifts by the work of each tick; one with deadlines does not.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"

record drifts timers
has out 'at least 20 ticks'
# 20 waits of 20 ms, and 19 times the 5 ms of a tick between them
timed drifts '
periods = one(t["regions"], name="20 periods")
assert periods["count"] == 1 and periods["total_s"] >= 0.495, periods
'

# Late by what the last tick was late, not by the sum. A busy machine makes it late, and is told.
keeps_time() {
	rm -rf fixed
	record fixed timers --fixed
	timed fixed '
periods = one(t["regions"], name="20 periods")
timer, = started
late = t["threads"][0]["ready_s"] + timer["ready_s"]
assert periods["count"] == 1 and 0.399 <= periods["total_s"] < 0.495 + late, (periods, late)
assert one(t["regions"], name="tick")["count"] >= 20
assert timer["waits"]["sleep"] >= 20 * 0.005 and timer["waits"]["condition"] > 0, timer
'
}
again keeps_time
