# Row 11: a semaphore lets in as many as there are places; semaphores as locks deadlock like locks.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

run_silent "$CT_DEMOS/connections"
has out '8 served, never more than 3 at once'
run_silent "$CT_DEMOS/connections" --workers 20
has out '20 served, never more than 3 at once'
expect 0 "$CT_BIN" timing --json timing.json trace
"$CT_PYTHON" - timing.json <<'P'
import json
import sys

clients = [t for t in json.load(open(sys.argv[1]))["threads"] if t["name"] != "main"]
waited = [c for c in clients if c["waits"].get("semaphore", 0) > 0]
assert len(clients) == 20, len(clients)
assert len(waited) >= 5, waited
assert all(c["waits"]["sleep"] >= 0.01 for c in clients), clients
assert {b["on"] for c in waited for b in c["blocked"] if b["activity"] == "semaphore"} == {
    "connections"}, waited
P

run_named deadlock "$CT_DEMOS/philosophers"
for fork in 0 1 2 3 4; do
	has err "holds \`forks[$fork]\`, taken"
	has err "is stuck where it waits for \`forks[$fork]\`"
done
run_silent "$CT_DEMOS/philosophers" --fixed
has out '5 meals'
