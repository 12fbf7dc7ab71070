# Shared by the scripts of this folder: sourced, after set -eu. Programs that nobody here wrote do the
# same with the recorder as without. CT_TIMES says how often each is run (2; the release check takes 20).
#
#   needs COMMAND...           skips the test if one is missing
#   compare NAME FUNCTION      FUNCTION is run natively once and CT_TIMES times with the recorder.
#                              It finds the words to put before the program in $under, writes what has
#                              to be the same to standard output, and may use the folder $run. What was recorded has to be used_well.
#                              Every other time there are traps, too, that look for data races
#   used_well NAME             fails if the traces in $work/trace have a misuse that is an error or a warning, or a data
#                              race that is observed: programs without debug information give no ground for that
#   ready PID COMMAND...       waits until COMMAND succeeds, or fails if process PID is gone

. "$CT_SOURCE/tests/preload/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
times=${CT_TIMES:-2}
chmod 755 "$work"
# Programs that give up root must still be able to read it.
cp "$CT_LIB" "$work/libconctrace.so"
chmod 755 "$work/libconctrace.so"

needs() {
	for command in "$@"; do
		command -v "$command" >/dev/null || { echo "$command is not here"; exit 77; }
	done
}

one_run() {
	run=$work/run
	rm -rf "$run"
	mkdir "$run"
	chmod 777 "$run"
	status=0
	("$1") >"$2" 2>"$2.err" </dev/null || status=$?
	echo "status $status" >>"$2"
}

# races TURN: what is added to the settings
races() {
	[ $(($1 % 2)) = 1 ] || echo :races=traps
}

used_well() {
	for trace in "$work"/trace/conctrace.*; do
		rm -f "$work/report"
		"$CT_BIN" report --json "$work/report" "$trace" >"$work/text" 2>&1 || :
		"$CT_PYTHON" - "$work/report" <<'PYTHON' || fail "$1: $(cat "$work/text")"
import json, sys

findings = [f for run in json.load(open(sys.argv[1]))["runs"] for f in run["findings"]]
sys.exit(any(f["family"] == "misuse" and f["severity"] != "note" or
             f["rule"] == "data-race" and f["evidence"] == "observed" for f in findings))
PYTHON
	done
}

compare() {
	under=""
	one_run "$2" "$work/expected"
	grep -qx 'status 0' "$work/expected" ||
		fail "$1 without the recorder: $(cat "$work/expected" "$work/expected.err")"
	for turn in $(seq "$times"); do
		mkdir -m 777 "$work/trace"
		under="env LD_PRELOAD=$work/libconctrace.so CONCTRACE_OPTIONS=dir=$work/trace$(races "$turn")"
		one_run "$2" "$work/got"
		diff "$work/expected" "$work/got" >"$work/difference" ||
			fail "$1, run $turn: $(head -30 "$work/difference" "$work/got.err")"
		ls "$work"/trace/conctrace.*/p1.defs >/dev/null || fail "$1, run $turn: no trace"
		used_well "$1, run $turn"
		until rm -rf "$work/trace" 2>/dev/null; do :; done
	done
	echo "ok: $times times $1"
}

ready() {
	local pid=$1
	shift
	for attempt in $(seq 600); do
		"$@" >/dev/null 2>&1 && return 0
		kill -0 "$pid" 2>/dev/null || fail "the server has ended: $(tail -5 "$run"/* 2>/dev/null)"
		sleep 0.05 # a pause between polls; what is waited for is the condition
	done
	fail "the server does not answer"
}
