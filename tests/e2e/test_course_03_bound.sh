# Row 3: twelve workers that wait overlap however few processors there are; twelve that compute do
# not. Each is called by its name.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"

# 200 ms: long beside the time for which a busy machine lets a thread wait for a processor
for mode in threads processes; do
	record "io-$mode" bound --kind io --mode "$mode" --work 200
	has out '12 workers have waited'
	timed "io-$mode" '
assert t["mode"] == "'$mode'" and workers == started and len(started) == t["workers"] == 12
for thread in started:
    assert thread["bound"] == "I/O-bound", thread
    assert thread["waits"]["sleep"] >= 0.200, thread
# they waited at once; one after the other the sum would be less than the whole
assert sum(thread["waits"]["sleep"] for thread in started) > 2 * t["wall_s"]
'
	record "cpu-$mode" bound --kind cpu --mode "$mode"
	has out '12 workers have computed'
	timed "cpu-$mode" '
assert t["mode"] == "'$mode'" and workers == started and len(started) == t["workers"] == 12
for thread in started:
    assert thread["bound"] == "CPU-bound" and not thread["waits"], thread
# each has its share of a processor, and so takes longer than it computes
assert sum(thread["life_s"] for thread in started) > 6 / t["cpus"] * t["cpu_s"]
'
done
record serial bound --kind io --mode serial
timed serial '
assert len(workers) == t["workers"] == 1 and workers[0]["bound"] == "I/O-bound"
assert workers[0]["waits"]["sleep"] > 12 * 0.039
'
