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
assert t["mode"] == "'$mode'" and t["workers"] == len(workers) == 2
assert all(worker["bound"] == "CPU-bound" for worker in workers)
both = min(w["begin_s"] + w["life_s"] for w in workers) - max(w["begin_s"] for w in workers)
assert both > max(w["life_s"] for w in workers) / 2, "they do not overlap"
assert cores > 1.5, cores
assert not t["interpreters"]
'
done
expect 0 "$CT_BIN" timing --compare serial threads processes --json all.json
several all.json '
base, threads, processes = t["compared"]
assert base["speedup"] == 1
for row in threads, processes:
    assert close(row["speedup"], base["wall_s"] / row["wall_s"], 0.01)
    assert close(row["efficiency"], row["speedup"] / 2, 0.01)
'
