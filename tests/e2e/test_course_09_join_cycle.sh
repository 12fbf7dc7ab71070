# Row 9: two threads join each other: a deadlock of two, also in the picture. A thread that joins
# itself is refused by the C library, and told.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

# draws NUMBER: the picture has so many threads, all in one cycle, and nothing else
draws() {
	expect 0 "$CT_BIN" graph wait-for trace
	"$CT_PYTHON" - "$1" out <<'P'
import re
import sys

dot = open(sys.argv[2]).read()
nodes = set(re.findall(r"^\s*(n\d+) \[", dot, re.M))
edges = dict(re.findall(r"^\s*(n\d+) -> (n\d+) \[", dot, re.M))
assert len(nodes) == int(sys.argv[1]), nodes
at = seen = min(nodes)
length = 0
while length == 0 or at != seen:
    at, length = edges[at], length + 1
assert length == len(nodes) == dot.count("->"), edges
P
}

run_named deadlock "$CT_DEMOS/join_cycle"
has err 'joins T2'
has err 'joins T3'
draws 2
run_named deadlock "$CT_DEMOS/join_cycle" --three
draws 3
run_named self-deadlock "$CT_DEMOS/join_cycle" --self
has out 'refused'
has err 'main waits for its own end'
run_silent "$CT_DEMOS/join_cycle" --fixed
has out 'all joined'
