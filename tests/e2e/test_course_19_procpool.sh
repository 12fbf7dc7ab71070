# Row 19: a pool of processes returns its values in order, through two pipes.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"

record pool procpool
has out 'map: 0 1 8 27 64 125 216 343 512 729 1000'
has out 'apply: 1000000 1000'
timed pool '
assert t["mode"] == "processes" and len(t["processes"]) == 4
assert workers == started and len(started) == t["workers"] == 3
# 18 tasks there, 18 results back, 16 bytes each
assert t["pipe_bytes"] == 2 * 18 * 16
parent = t["processes"][0]
assert parent["bytes_written"] == parent["bytes_read"] == 18 * 16
assert sum(child["bytes_read"] for child in t["processes"][1:]) == 18 * 16
assert t["threads"][0]["waits"]["pipe"] > 0
assert one(t["regions"], name="task")["count"] == 18
'
