# Row 12: event, condition, and a notification that comes too early.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

run_silent "$CT_DEMOS/event"
has out '2 cars passed'
run_silent "$CT_DEMOS/queue_cond"
has out 'sum 210'
expect 0 "$CT_BIN" timing --json timing.json trace
"$CT_PYTHON" - timing.json <<'P'
import json
import sys

consumer, producer = (t for t in json.load(open(sys.argv[1]))["threads"]
                      if t["name"] != "main")
(waits,) = (b for b in consumer["blocked"] if b["activity"] == "condition")
assert waits["on"] == "has_items", waits
assert waits["count"] >= 10, waits
assert consumer["waits"]["condition"] > 0.5 * consumer["life_s"], consumer
assert consumer["bound"] == "waits for others", consumer
assert "condition" not in producer["waits"], producer
P

run_named lost-wakeup "$CT_DEMOS/lost_wakeup"
has err '`has_items`, which T3 signalled before the wait began'
has err 'signalled it when nobody waited'
run_silent "$CT_DEMOS/lost_wakeup" --fixed
has out '0 items left'
