# timing --sweep: what is measured, what is fitted, and what is refused.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

# job MODE N: sleeps as if it did serial work, or had helpers that cost 450 ms to start (a busy
# machine wakes a sleeper 100 ms late)
compile job <<'END'
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long n = argc > 2 ? atol(argv[2]) : 0;

	if (!strcmp(argv[1], "serial"))
		usleep(n * 20000);
	else if (!strcmp(argv[1], "threads"))
		usleep(450000 + n * 500);
	else if (!strcmp(argv[1], "workers"))
		usleep(40000 + 760000 / n);
	else
		usleep(600000 + n * 30000);
	return 0;
}
END

# check FILE EXPRESSION: of the JSON in FILE, as `it`
check() {
	"$CT_PYTHON" -c 'import json, sys
it = json.load(open(sys.argv[1]))
assert eval(sys.argv[2]), sys.argv[2]' "$1" "$2" || fail "$1: $(cat "$1")"
}

expect 0 timeout 60 "$CT_BIN" timing --sweep './job {mode} {n}' --over 10,40 --repeat 1 \
	--json sizes.json --curve curve.svg
has out 'serial: ./job serial {n}'
has out 'fixed cost '
has out 'against serial: pays off from n = '
has out 'against serial: never pays off, here'
check sizes.json '[s["mode"] for s in it["series"]] == ["serial", "threads", "processes"]'
check sizes.json 'it["over"] == [10, 40] and it["repeat"] == 1 and not it["workers"]'
check sizes.json 'all(p["runs"] == 1 for s in it["series"] for p in s["points"])'
check sizes.json 'it["series"][0]["slope_s"] > 2 * it["series"][1]["slope_s"]' # 40
check sizes.json '0.25 < it["series"][1]["fixed_s"] < 0.8' # 0.45
check sizes.json '10 < it["series"][1]["pays_off_from"] < 40' # 23
check sizes.json 'it["series"][0]["pays_off_from"] is None'
check sizes.json 'it["series"][2]["pays_off_from"] is None'
check sizes.json 'all(abs(p["speedup"] * p["wall_s"]["median"] / b["wall_s"]["median"] - 1) < 1e-6
	for p, b in zip(it["series"][1]["points"], it["series"][0]["points"]))'
check sizes.json 'it["series"][1]["points"][0]["efficiency"] is None'
has curve.svg '<svg'
echo "ok: sizes"

expect 0 timeout 60 "$CT_BIN" timing --sweep './job workers {n}' --over 1,2 --repeat 1 --workers \
	--json workers.json --speedup speedup.svg
has out 'efficiency'
check workers.json '1.2 < it["series"][0]["points"][1]["speedup"] < 2.6' # 1.90
check workers.json 'abs(it["series"][0]["points"][1]["efficiency"] -
	it["series"][0]["points"][1]["speedup"] / 2) < 1e-6'
check workers.json 'abs(it["series"][0]["points"][1]["serial_share"] -
	(2 / it["series"][0]["points"][1]["speedup"] - 1)) < 1e-6'
check workers.json 'it["series"][0]["points"][0]["serial_share"] is None'
has speedup.svg '<svg'
echo "ok: workers"

# In turns, every second round backwards, the first not measured; natively; with nothing to read and nowhere to print.
expect 0 timeout 60 "$CT_BIN" timing --sweep 'echo a{n} >>turns; cat; echo heard' \
	--sweep 'echo b{n} >>turns; test -z "$LD_PRELOAD$CONCTRACE_TRACE"' --over 1,2 --repeat 2 \
	--json - </dev/zero
[ "$(tr '\n' ' ' <turns)" = "a1 b1 a2 b2 b1 a1 b2 a2 a1 b1 a2 b2 " ] || fail "turns: $(cat turns)"
cp out turns.json
check turns.json 'it["series"][0]["command"].startswith("echo a{n}")'
check turns.json 'it["series"][0]["mode"] is None'
echo "ok: in turns"

# Processor time, with that of children.
expect 0 timeout 60 "$CT_BIN" timing --sweep \
	'"$CT_PYTHON" -c "import time
while time.process_time() < {n} / 1000: pass" & wait' --over 200 --repeat 1 --json cpu.json
check cpu.json '0.2 <= it["series"][0]["points"][0]["cpu_s"]["median"] < 1'
check cpu.json 'it["series"][0]["slope_s"] is None' # one point is no line
echo "ok: processor time"

# A command that fails.
expect 2 timeout 60 "$CT_BIN" timing --sweep 'exit {n}' --over 0,3
has err '"exit 3" ended with status 3'
expect 2 timeout 60 "$CT_BIN" timing --sweep 'kill -9 $$; : {n}' --over 1
has err 'was killed by signal 9'
echo "ok: failures"

refused() {
	text=$1
	shift
	expect 2 timeout 60 "$CT_BIN" timing "$@"
	has err "$text"
}
refused 'it is empty' --sweep 'true {n}' --over ''
for list in 1,,2 1, ,1 a 1x -1 '1 2' 1.5 99999999999999999999; do
	refused 'not a list of whole numbers' --sweep 'true {n}' "--over=$list"
done
refused 'each must be larger' --sweep 'true {n}' --over 2,1
refused 'each must be larger' --sweep 'true {n}' --over 1,1
refused 'at most 1000 numbers' --sweep 'true {n}' --over "$(seq -s , 1001)"
refused 'there are no 0 workers' --sweep 'true {n}' --over 0,1 --workers
refused 'no {n} in "true"' --sweep 'true' --over 1
refused '--repeat takes a number from 1 to 1000' --sweep 'true {n}' --over 1 --repeat 0
refused '--repeat takes a number from 1 to 1000' --sweep 'true {n}' --over 1 --repeat 1001
refused 'cannot write' --sweep 'true {n}' --over 1 --json /nonexistent/file
refused 'one file cannot take two' --sweep 'true {n}' --over 1 --json same --curve ./same
refused 'at most 24 commands' $(seq -f '--sweep={n}%g' 25) --over 1
echo "ok: what is refused"

# Stopped: the command is ended, and what was measured is told. It hangs in the second round.
cat >hangs <<'END'
echo "$1" >>log
[ "$(wc -l <log)" -lt 3 ] && exit
sleep 1000 &
echo $! >pid.new
mv pid.new pid
wait
END
for signal in INT TERM; do
	rm -f log pid
	# (a shell's background jobs ignore SIGINT, unless they are told otherwise)
	"$CT_PYTHON" -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' \
		"$CT_BIN" timing --sweep 'sh hangs {n}' --over 7 --repeat 3 >out 2>err </dev/null &
	sweep=$!
	for try in $(seq 1000); do
		[ -f pid ] && break
		sleep 0.02
	done
	[ -f pid ] || fail "$signal: the command does not come to its third run"
	kill -"$signal" "$sweep"
	status=0
	wait "$sweep" || status=$?
	[ "$status" = $((128 + $(kill -l "$signal"))) ] || fail "$signal: status $status: $(cat err)"
	has err 'what was measured until then'
	has out '(1 of 3 runs)'
	gone "$(cat pid)" || fail "$signal: the command still runs"
done
status=0
"$CT_PYTHON" -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' \
	"$CT_BIN" timing --sweep 'kill -INT $PPID; sleep 1000; : {n}' --over 1 >out 2>err || status=$?
[ "$status" = 130 ] || fail "stopped in the first run: status $status: $(cat err)"
has err 'before the first run was measured'
[ ! -s out ] || fail "stopped in the first run: $(cat out)"
echo "ok: stopped"
