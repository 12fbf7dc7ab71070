# Row 2: work that shares nothing gets faster with threads and with processes alike.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"
[ "$(nproc)" -ge 2 ] || exit 77

record serial pi --mode serial
has out 'pi is about 3.14'
timed serial '
assert t["mode"] == "serial" and t["workers"] == 1
assert t["parallelism"]["most"] == 1 and t["parallelism"]["cores"] < 1.05
'

# two MODE: two workers divide the work
two() {
	rm -rf "$1"
	record "$1" pi --mode "$1"
	has out 'pi is about 3.14'
	timed "$1" '
assert t["mode"] == "'"$1"'" and workers == started and t["workers"] == 2
# half of the work each, at the same time, without a wait: on two processors, half the time
assert all(worker["bound"] == "CPU-bound" and not worker["waits"] for worker in workers)
assert divided > 1.5, divided
assert together > max(worker["life_s"] for worker in workers) / 2, together
assert not t["interpreters"]
'
}
again two threads
again two processes
expect 0 "$CT_BIN" timing --compare serial threads processes --json all.json
several all.json '
base, threads, processes = t["compared"]
assert base["speedup"] == 1
for row in threads, processes:
    assert close(row["speedup"], base["wall_s"] / row["wall_s"], 0.01)
    assert close(row["efficiency"], row["speedup"] / 2, 0.01)
'
