# For test_course_*.sh: sourced after lib.sh.
#
#   record TRACE DEMO [ARG...]   the demo ends well, conctrace finds nothing wrong; the demo's output
#                                is in `out`
#   timed TRACE CODE             runs `timing --json`, then CODE, Python, with the JSON as `t` and:
#       started    all threads but the first
#       workers    threads that did the work, as conctrace says
#       wanted     processors that the program used, or would have used had they been free
#       divided    processor time of all threads over that of the busiest: the gain if each had a
#                  processor of its own and none waited for another
#       together   time for which all workers lived; below 0: one ended before another began
#       one(list, key=value)     its only element with that value
#       noise_of(series)         of a sweep: how far apart the quartiles are at most, as a ratio
#   several FILE CODE            CODE with the JSON in FILE as `t`
#   again COMMAND                up to three times: for what depends on processors that other programs
#                                take now and then

record() {
	trace=$1 demo=$2
	shift 2
	expect 0 timeout 60 "$CT_BIN" run --races=compiled --fail-on=potential -o "$trace" -- "$CT_DEMOS/$demo" "$@"
	expect 0 "$CT_BIN" report --fail-on=potential "$trace"
	expect 0 timeout 60 "$CT_DEMOS/$demo" "$@"
}

several() {
	"$CT_PYTHON" -B - "$1" "$2" <<'PY' || fail "$1: what was said of it"
import json
import sys


def one(rows, **wanted):
    (key, value), = wanted.items()
    found = [row for row in rows if row[key] == value]
    assert len(found) == 1, f"{key} {value}: {len(found)} in {[row[key] for row in rows]}"
    return found[0]


def close(value, wanted, share):
    return abs(value - wanted) <= share * wanted


def noise_of(series):
    walls = [point["wall_s"] for row in series for point in row["points"][1:]]
    return max(wall["high"] / wall["low"] for wall in walls)


t = json.load(open(sys.argv[1], encoding="utf-8"))
if "threads" in t:
    started = t["threads"][1:]
    workers = [thread for thread in t["threads"] if thread["worker"]]
    # null: the program's last thread ended it, and nobody told what it used
    wanted = (t["parallelism"]["cores"] or 0) + (t["ready_s"] or 0) / t["wall_s"]
    divided = sum(th["cpu_s"] for th in t["threads"]) / max(th["cpu_s"] for th in t["threads"])
    together = (min(th["begin_s"] + th["life_s"] for th in workers)
                - max(th["begin_s"] for th in workers))
try:
    exec(sys.argv[2])
except AssertionError as error:
    line = error.__traceback__.tb_next.tb_lineno
    print(json.dumps(t)[:3000], error, sys.argv[2].splitlines()[line - 1], sep="\n")
    sys.exit(1)
PY
}

timed() {
	expect 0 "$CT_BIN" timing --json "$1.json" "$1"
	several "$1.json" "$2"
}

again() {
	("$@") || ("$@") || "$@"
}
