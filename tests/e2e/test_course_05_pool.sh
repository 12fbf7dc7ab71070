# Row 5: the Gantt picture of a pool has a bar for each task and the average in its title. Twelve
# tasks that wait take as long as one; twelve that compute share the processors.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"

# bars TRACE: its picture has the bars that its JSON tells
bars() {
	expect 0 "$CT_BIN" timing --gantt gantt.svg "$1"
	"$CT_PYTHON" -B - gantt.svg "$1.json" <<'PY' || fail "gantt.svg of $1"
import json
import sys
import xml.etree.ElementTree

SVG = "{http://www.w3.org/2000/svg}"
UNITS = {"s": 1, "ms": 1e-3, "us": 1e-6}
root = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
trace = json.load(open(sys.argv[2], encoding="utf-8"))

bars = [bar for group in root.iter(f"{SVG}g") if group.get("class") == "task"
        for bar in group.iter(f"{SVG}rect")]
assert len(bars) == 12, len(bars)
names = [bar.find(f"{SVG}title").text.split(": ")[1].split(", ")[0] for bar in bars]
started = [thread["name"] for thread in trace["threads"][1:]]
assert set(names) <= set(started), (names, started)

texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
title, = (text for text in texts if "12 tasks, average " in text)
value, unit = title.split("average ")[1].split()
mean, = (row["mean_s"] for row in trace["regions"] if row["name"] == "task")
assert abs(float(value) * UNITS[unit] - mean) < 0.01 * mean, (title, mean)
PY
}

for mode in threads processes; do
	record "io-$mode" pool --kind io --mode "$mode" --workers 12 --work 200
	has out 'as completed: sum 650'
	record "cpu-$mode" pool --kind cpu --mode "$mode" --workers 12
	has out 'map: 1 4 9 16 25 36 49 64 81 100 121 144'
	for kind in io cpu; do
		timed "$kind-$mode" '
assert t["mode"] == "'$mode'" and workers == started and len(started) == t["workers"] == 12
tasks = one(t["regions"], name="task")
assert tasks["count"] == 12 and close(tasks["mean_s"], tasks["total_s"] / 12, 0.001)
if "'$kind'" == "io":
    # one after the other they would take no less than the whole
    assert tasks["mean_s"] >= 0.200 and tasks["total_s"] > 2 * t["wall_s"], tasks
else:
    # each has its share of a processor, and so takes longer than it computes
    assert tasks["total_s"] > 6 / t["cpus"] * t["cpu_s"], (tasks, t["cpu_s"])
'
		bars "$kind-$mode"
	done
done
