# Row 2: work that shares nothing gets faster with threads and with processes alike.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"
[ "$(nproc)" -ge 2 ] || exit 77

for mode in serial threads processes; do
	record "$mode" pi --mode "$mode"
	has out 'pi is about 3.14'
done
timed serial '
assert t["mode"] == "serial" and t["workers"] == 1
assert t["parallelism"]["most"] == 1 and t["parallelism"]["cores"] < 1.05
'
for mode in threads processes; do
	timed "$mode" '
assert t["mode"] == "'$mode'" and workers == started and t["workers"] == 2
# half of the work each, at the same time, without a wait: on two processors, half the time
assert all(worker["bound"] == "CPU-bound" and not worker["waits"] for worker in workers)
assert divided > 1.5, divided
assert together > max(worker["life_s"] for worker in workers) / 2, together
assert not t["interpreters"]
'
done
expect 0 "$CT_BIN" timing --compare serial threads processes --json all.json
several all.json '
base, threads, processes = t["compared"]
assert base["speedup"] == 1
# no work is added: what the workers compute together is what one computes alone
for trace in t["traces"][1:]:
    assert close(trace["cpu_s"], t["traces"][0]["cpu_s"], 0.3), trace["cpu_s"]
for row in threads, processes:
    assert close(row["speedup"], base["wall_s"] / row["wall_s"], 0.01)
    assert close(row["efficiency"], row["speedup"] / 2, 0.01)
'
