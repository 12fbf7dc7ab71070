# Row 1: threads share what processes have of their own, and the table of both is measured.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"

for mode in serial threads processes; do
	record "$mode" pool --mode "$mode"
	has out 'map: 1 4 9 16'
done
expect 0 "$CT_BIN" timing --compare serial threads processes --json all.json
for row in 'start of a worker' switches 'page faults' 'peak RSS' pipes; do
	grep -qi "$row" out || fail "no \"$row\" in $(cat out)"
done

several all.json '
modes = [trace["mode"] for trace in t["traces"]]
assert modes == ["serial", "threads", "processes"]
for trace in t["traces"]:
    for key in ("wall_s", "cpu_s", "voluntary", "involuntary", "minor_faults", "max_rss_kb"):
        assert trace[key] is not None, key
serial, threads, processes = t["traces"]
# 4 tasks there and 4 results back, of 16 bytes each; the serial pool has results only
assert serial["pipe_bytes"] == 4 * 16
assert threads["pipe_bytes"] == processes["pipe_bytes"] == 4 * 32
assert [trace["workers"] for trace in t["traces"]] == [1, 4, 4]
# an address space of its own is filled by page faults, and counts for itself
assert processes["minor_faults"] > threads["minor_faults"]
assert processes["max_rss_kb"] > 2 * threads["max_rss_kb"]
for trace in threads, processes:
    born = [row["creation_s"] for row in trace["threads"] + trace["processes"]]
    assert len([s for s in born if s is not None and 0 < s < 1]) >= 4, born
assert [row["mode"] for row in t["compared"]] == modes
assert t["compared"][0]["serial_share"] is None
'

# memory that processes share on request: two plates of 2 MB
record plates heat --mode processes
timed plates 'assert 4 << 20 <= t["shared_bytes"] < 6 << 20, t["shared_bytes"]'
