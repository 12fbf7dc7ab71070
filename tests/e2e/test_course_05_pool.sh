# Row 5: the Gantt picture of a pool has a bar for each worker and the average in its title.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"

for mode in threads processes; do
	for kind in cpu io; do
		record "$kind-$mode" pool --kind "$kind" --mode "$mode" --workers 12
		has out 'as completed: sum 650'
		timed "$kind-$mode" '
assert t["mode"] == "'$mode'" and len(started) == 12
assert all(thread["worker"] for thread in started)
tasks = one(t["regions"], name="task")
assert tasks["count"] == 24
assert close(tasks["mean_s"], tasks["total_s"] / 24, 0.001)
if "'$kind'" == "io":
    assert 0.020 <= tasks["mean_s"] < 0.040, tasks
'
	done
	expect 0 "$CT_BIN" timing --gantt gantt.svg "cpu-$mode"
	"$CT_PYTHON" -B - gantt.svg "cpu-$mode.json" <<'PY' || fail "gantt.svg of $mode"
import json
import sys
import xml.etree.ElementTree

root = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
texts = ["".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")]
assert any("24 tasks, average" in text for text in texts), texts
for thread in json.load(open(sys.argv[2], encoding="utf-8"))["threads"][1:]:
    assert texts.count(thread["name"]) == 1, (thread["name"], texts)
PY
done
