# Row 13: a timer of one-shot waits drifts by the work of each tick; one with deadlines does not.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"

record drifts timers
record fixed timers --fixed
has out 'at least 20 ticks'
# 20 waits of 20 ms, and 19 times the 5 ms of a tick between them
timed drifts '
periods = one(t["regions"], name="20 periods")
assert periods["count"] == 1 and periods["total_s"] >= 0.495, periods
'
# late by what the last tick was late, not by the sum
timed fixed '
periods = one(t["regions"], name="20 periods")
assert periods["count"] == 1 and 0.399 <= periods["total_s"] < 0.450, periods
assert one(t["regions"], name="tick")["count"] >= 20
timer, = (thread for thread in t["threads"] if "sleep" in thread["waits"])
assert timer["waits"]["condition"] > timer["waits"]["sleep"]
'
