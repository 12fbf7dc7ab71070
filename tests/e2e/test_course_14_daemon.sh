# Row 14: daemon threads die with the program: no hang, no leak, and no word about them.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"

for end in '' --fixed; do
	rm -rf ended
	# shellcheck disable=SC2086 # no option, or one
	record ended daemon $end
	has out 'the worker did 10 steps'
	lacks err leak
	expect 0 "$CT_BIN" report ended
	lacks out leak
	lacks out stuck
	timed ended '
assert len(t["threads"]) == 3
main, daemon, worker = t["threads"]
assert all(thread["life_s"] > 0.018 for thread in (daemon, worker))
ends = [thread["begin_s"] + thread["life_s"] for thread in t["threads"]]
assert max(ends) <= t["wall_s"] + 0.001
if "'$end'":  # the program lives for its threads, main does not
    assert ends[0] < min(ends[1:]), ends
else:         # the daemon lives as long as the program
    assert ends[1] >= ends[2] and daemon["waits"]["sleep"] > 0, ends
'
done
