# Programs that print what their trace must have (programs/said.h): sourced, after lib.sh.
command -v babeltrace2 >/dev/null || { echo "babeltrace2 is missing"; exit 77; }

# recorded PROGRAM ARGS...: runs it, its output in said, its trace's events in events
recorded() {
	local status=0
	timeout 60 env CONCTRACE_OPTIONS="dir=$work/trace" LD_PRELOAD="$CT_LIB" "$@" \
		>"$work/said" 2>"$work/err" </dev/null || status=$?
	[ $status = 0 ] || fail "$1: status $status: $(tail -3 "$work/err")"
	babeltrace2 "$work"/trace/conctrace.* >"$work/text" || fail "babeltrace2 says $?"
	rm -rf "$work/trace"
	# "FLAGS NAME OBJECT ARGUMENT" or "FLAGS failed NAME-OF-CALL ERRNO" per event of a thread
	"$CT_PYTHON" - "$CT_SOURCE/preload/format/events.def" "$work/text" >"$work/events" <<-'EOF'
		import re, sys
		table, text = (open(path, errors="replace").read() for path in sys.argv[1:])
		names = dict(re.findall(r'^EVENT\((\d+), \w+, "(\w+)"', table, re.M))
		event = re.compile(r"\) (\w+): \{[^}]*\}, \{ flags = (\d+), [^}]*\}, "
		                   r"\{ object = (\w+)(?:, arg = (\w+))?(?:, error = (\d+), call = (\d+))? \}")
		for name, flags, object, arg, error, call in event.findall(text):
		    what = (names[call], error) if call else (int(object, 16), int(arg or "0", 16))
		    print(flags, name, *what)
	EOF
}

# plain FILE: without inodes, and without the pieces in which much was moved
plain() {
	sed -E 's/[0-9]{3,}/many/' "$1" | uniq
}

# proved TIMES PROGRAM ARGS...: the trace has what the program prints, in its order, and the program
# prints what it prints without the recorder
proved() {
	local times=$1 name=$2 run
	shift
	set -- "$CT_PROGRAMS/$@"
	"$@" >"$work/expected" </dev/null || fail "$name: status $? without the recorder"
	for run in $(seq "$times"); do
		recorded "$@"
		grep -v '^#' "$work/said" >"$work/wanted"
		# completions only, of the kinds of calls that the program speaks of
		sed -E 's/^(failed )?([a-z_]+) .*/\2/' "$work/wanted" | sort -u >"$work/kinds"
		awk 'NR == FNR { kinds[$1]; next }
			$1 % 2 == 0 && $2 == "failed" && $3 in kinds { print $2, $3, $4 }
			$1 % 2 == 0 && $2 in kinds { print $2, $4 }' \
			"$work/kinds" "$work/events" >"$work/has"
		cmp -s "$work/wanted" "$work/has" ||
			fail "$name, run $run: $(diff "$work/wanted" "$work/has" | head -20)"
		plain "$work/expected" >"$work/plain"
		plain "$work/said" | cmp -s "$work/plain" - ||
			fail "$name, run $run: another output: $(diff "$work/expected" "$work/said" | head -5)"
	done
	echo "ok: $times times $*: $(wc -l <"$work/wanted") events" | sed "s,$CT_PROGRAMS/,,"
}

# blocked PROGRAM ARGS... EVENT FLAGS: it waits, and the live page says for what: by number, and for the
# object that the program prints
blocked() {
	local count=$(($# - 2)) program
	local wanted=("${@:count + 1}")
	set -- "$CT_PROGRAMS/$1" "${@:2:count - 1}"
	rm -rf "$work/t" "$work/object"
	CONCTRACE_OPTIONS="trace=$work/t" LD_PRELOAD="$CT_LIB" "$@" >"$work/object" </dev/null &
	program=$!
	"$CT_PYTHON" -c '
import struct, sys, time
path, printed, event, flags = sys.argv[1:]
end = time.monotonic() + 20
seen = None
while time.monotonic() < end:
    try:
        page = open(path, "rb").read(72)
        epoch, = struct.unpack_from("<I", page, 28)
        waits_for = int(open(printed).read())
        object, = struct.unpack_from("<Q", page, 40)
        seen = epoch & 1, object, *struct.unpack_from("<HH", page, 68)
        if seen == (1, waits_for or object, int(event), int(flags)): sys.exit(0)
    except (OSError, struct.error, ValueError): pass
    time.sleep(0.001)
sys.exit(f"the live page has {seen}")' "$work/t/.live/p1.t0" "$work/object" "${wanted[@]}" ||
		{ kill -9 $program; fail "blocked in $*"; }
	kill -9 $program
	wait $program 2>/dev/null || true
}
