# Row 10: a lock, a recursive lock, and "test whether it is locked, then lock", which is no locking.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

run_silent "$CT_DEMOS/lock"
has out 'sum 2000'
expect 0 "$CT_BIN" timing --json timing.json trace
"$CT_PYTHON" - timing.json <<'P'
import json
import sys

(lock,) = json.load(open(sys.argv[1]))["locks"]
assert (lock["name"], lock["acquisitions"], lock["threads"]) == ("lock", 2000, 2), lock
P
run_silent "$CT_DEMOS/race/lock"
has out 'sum 2000'

run_silent "$CT_DEMOS/rlock"
has out '400 in 200 transfers'
run_named self-deadlock "$CT_DEMOS/rlock" --plain
has err '`lock`, which it holds itself'

# T3 counts without the lock while T2 has it, and then gives it back: T2 writes without it
run_named data-race "$CT_DEMOS/race/locked_check"
has out 'count 1'
has err 'data race on `count`'
has err 'why: T2 holds `lock`, T3 holds no lock;'
has err 'fix: Hold `lock` also where T3 writes it in count_up'
has err 'why: neither holds a lock;'
run_silent "$CT_DEMOS/race/locked_check" --fixed
has out 'count 2'
