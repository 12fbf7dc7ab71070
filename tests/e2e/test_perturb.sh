# Runs with random delays: what they find is told once, with the seeds that show it; the same seeds
# give the same findings to a program whose order they decide.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
window=$CT_PROGRAMS/steer_window

expect 66 "$CT_BIN" run --perturb 1 --runs 20 -o p --sarif p.sarif --text p.txt -- "$window"
has err 'run 20 of 20, seed 20'
has err '20 runs, seeds 1 to 20: 2 findings'
has err 'lock-order, predicted, seeds '
has err 'deadlock, observed, seed'
[ "$(grep -c '^error\[deadlock\]' err)" = 1 ] || fail "a finding is told more than once"
[ "$(grep -c '^error\[lock-order\]' p.txt)" = 1 ] || fail "a finding is written more than once"
for seed in $(seq 20); do
	[ -f "p.seed-$seed/metadata" ] || fail "seed $seed has no trace"
done
"$CT_PYTHON" - <<'EOF'
import json

with open("p.sarif") as file:
    runs = json.load(file)["runs"]
results = [result["ruleId"] for run in runs for result in run["results"]]
assert sorted(results) == ["deadlock", "lock-order"], results
assert [run["automationDetails"]["id"] for run in runs] == \
    [f"conctrace/steer_window/perturb/{seed}/" for seed in range(1, 21)]
EOF

# the trace that is named shows it
seed=$(sed -n 's/.*deadlock, observed, seeds* [0-9 ]*(p.seed-\([0-9]*\)).*/\1/p' err)
expect 66 "$CT_BIN" report "p.seed-$seed"
has out 'error[deadlock]'

# one run is as any other
expect 0 "$CT_BIN" run --perturb 7 -o one -- "$CT_DEMOS/abba" --fixed
has out 'sum 150'
[ -f one/metadata ] || fail "one run has no trace of that name"
lacks err 'seed'

# the program's own status, if nothing is found
expect 3 "$CT_BIN" run --perturb 1 --runs 2 -q -- sh -c 'exit 3'
[ ! -s err ] || fail "it is not quiet: $(cat err)"

# what is predicted is confirmed once
expect 66 "$CT_BIN" run --perturb 1 --runs 2 --confirm -o c -- "$CT_DEMOS/abba"
has err 'lock-order, confirmed, seeds 1 2 (c.seed-1)'
[ "$(grep -c 'attempt 1,' err)" = 1 ] || fail "it is confirmed again in each run"

expect 2 "$CT_BIN" run --perturb x -- true
expect 2 "$CT_BIN" run --perturb 1 --runs 0 -- true
expect 2 "$CT_BIN" run --perturb 1 --runs 2 --svg x.svg -- true

cat >interrupt.py <<'EOF'
import os, signal, subprocess, sys, time
command = subprocess.Popen(sys.argv[1:], start_new_session=True)
while not os.path.exists("i.seed-3"):
    time.sleep(0.01)
os.killpg(command.pid, signal.SIGINT)
sys.exit(command.wait() & 255)
EOF
expect 130 timeout 60 "$CT_PYTHON" interrupt.py "$CT_BIN" run --perturb 1 --runs 1000 -o i -- \
	"$CT_DEMOS/abba" --fixed
has err 'runs, seeds 1 to '
