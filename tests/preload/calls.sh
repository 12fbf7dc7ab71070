# For programs made with calls.h: sourced, after lib.sh.

# recorded TRACE: "pP:TN CALL OBJECT ARG FLAGS ERROR" for each record of the families at hand
recorded() {
	"$CT_BIN" dump "$1" | awk '
		$2 !~ /^p[0-9]+:T[0-9]+$/ { next }
		{
			call = $3; object = "0x0"; arg = "0x0"; flags = "-"; error = 0
			for (i = 4; i <= NF; i++) {
				split($i, part, "=")
				if (part[1] == "object") object = part[2]
				else if (part[1] == "arg") arg = part[2]
				else if (part[1] == "flags") flags = part[2]
				else if (part[1] == "call") call = part[2]
				else if (part[1] == "error") error = part[2]
			}
		}
		call ~ /^(pthread|sem|thrd|mtx|cnd)_|^call_once$/ { print $2, call, object, arg, flags, error }'
}

# calls TIMES PROGRAM ARGS...: right without the recorder, and with it TIMES times, the same output,
# and the records of each thread are those that the program says
calls() {
	local times=$1 run
	shift
	same "$times" "$@"
	[ "$status" = 0 ] || fail "$*: status $status: $(head -5 "$work/expected.err")"
	for run in $(seq "$times"); do
		rm -rf "$work/trace" "$work/events"
		# the recorder is not in timeout, which would be the root process
		timeout 60 env CALLS_EVENTS="$work/events" CONCTRACE_OPTIONS="dir=$work/trace" \
			LD_PRELOAD="$CT_LIB" "$@" >/dev/null 2>"$work/err" </dev/null ||
			fail "$*: status $?: $(tail -3 "$work/err")"
		sort -s -k1,1 "$work/events" >"$work/wanted"
		# libgcc's own pthread_once, when a thread is cancelled, is not the program's
		recorded "$work"/trace/conctrace.* | sort -s -k1,1 |
			awk 'NR == FNR { known[$3]; next } $2 != "pthread_once" || $3 in known' \
				"$work/wanted" - >"$work/found"
		cmp -s "$work/wanted" "$work/found" ||
			fail "$*, run $run: wanted and found: $(diff "$work/wanted" "$work/found" | head -20)"
	done
	rm -rf "$work/trace"
	echo "ok: the $(wc -l <"$work/found") records"
}
