# Row 17: a producer and a consumer on a pipe, and why the consumer closes its own write end.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

run_silent "$CT_DEMOS/pipe_prodcons"
has out 'sum 500500'
expect 0 "$CT_BIN" timing --json timing.json trace
"$CT_PYTHON" - timing.json <<'P'
import json
import sys

timing = json.load(open(sys.argv[1]))
moved = [(p["bytes_read"], p["bytes_written"]) for p in timing["processes"]]
assert moved == [(0, 4000), (4000, 0)], moved
assert timing["pipe_bytes"] == 4000, timing["pipe_bytes"]
P

run_named pipe-deadlock "$CT_DEMOS/pipe_prodcons_wrong"
has err 'the write end is open in its own process only'
has err 'has the write end open as descriptor'
has err '| if (pipe(ends) < 0)'
has err 'fix: Close in each process the ends of the pipe that it does not use'
