# Row 14: daemon threads die with the program: no hang, no leak, and no word about them.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"

# ends [OPTION]: the demo with it
ends() {
	rm -rf ended
	record ended daemon "$@"
	has out 'the worker did 10 steps'
	lacks err leak
	expect 0 "$CT_BIN" report ended
	lacks out leak
	lacks out stuck
	timed ended '
assert len(t["threads"]) == 3
main, daemon, worker = t["threads"]
# ten steps of 2 ms
assert worker["waits"]["sleep"] >= 0.020 and daemon["waits"]["sleep"] > 0
ends = [thread["begin_s"] + thread["life_s"] for thread in t["threads"]]
assert max(ends) <= t["wall_s"] + 0.001
if "'"$*"'":  # the program lives for its threads, main does not
    assert ends[0] < min(ends[1:]), ends
else:         # the daemon lives as long as the program, and main for the worker
    assert ends[1] >= ends[2] and "join" in main["waits"] and workers == started, ends
'
}
again ends
again ends --fixed
