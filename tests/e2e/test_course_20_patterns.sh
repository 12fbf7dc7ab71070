# Row 20: patterns. Independent tasks, neighbours with a barrier, a pipeline; divide and conquer is
# row 6. Who waits for whom differs, and that is what is told.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"
[ "$(nproc)" -ge 2 ] || exit 77

for demo in tasks heat image_pipeline; do
	expect 0 timeout 60 "$CT_DEMOS/$demo" --mode serial
	mv out serial.out
	for mode in threads processes; do
		record "$demo-$mode" "$demo" --mode "$mode"
		cmp -s serial.out out || fail "$demo --mode $mode: $(cat serial.out out)"
	done
done

for mode in threads processes; do
	# tasks: nobody waits for another
	timed "tasks-$mode" '
assert t["mode"] == "'$mode'" and workers == started and len(started) == 2
assert wanted > 1.5, wanted
for worker in started:
    assert worker["bound"] == "CPU-bound"
    assert sum(worker["waits"].values()) < 0.1 * worker["life_s"], worker["waits"]
'
	# neighbours: 400 rounds, at the end of each of which both come to the barrier
	timed "heat-$mode" '
assert t["mode"] == "'$mode'" and workers == started and len(started) == 2
rounds = [row for worker in started for row in worker["blocked"] if row["activity"] == "barrier"]
assert all("round" in row["on"] for row in rounds), rounds
assert sum(row["count"] for row in rounds) == 2 * 400, rounds
assert all(set(worker["waits"]) <= {"barrier"} for worker in started)
'
	# pipeline: the first stage is the fastest, and waits for room
	timed "image_pipeline-$mode" '
assert t["mode"] == "'$mode'" and workers == started and len(started) == 3
made = min(started, key=lambda worker: worker["cpu_s"])
assert made["waits"]["semaphore"] > 0.5 * made["life_s"], made
assert made["bound"] == "waits for others"
'
done
