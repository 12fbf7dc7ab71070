# Row 22: a server and three clients, a process each, on the loopback interface: what each sent and
# received over sockets, and that it waited for them.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

run_silent "$CT_DEMOS/sockets"
has out '3 clients served'
has err '4 processes'
expect 0 "$CT_BIN" timing --json timing.json trace
"$CT_PYTHON" - timing.json <<'P'
import json
import sys

timing = json.load(open(sys.argv[1]))
server, *clients = timing["processes"]
assert len(clients) == 3, len(clients)
for client in clients:
    assert (client["socket_bytes_written"], client["socket_bytes_read"]) == (40, 4), client
assert (server["socket_bytes_written"], server["socket_bytes_read"]) == (12, 120), server
assert timing["socket_bytes"] == 132, timing["socket_bytes"]
assert any("socket" in thread["waits"] for thread in timing["threads"]), timing["threads"]
P
