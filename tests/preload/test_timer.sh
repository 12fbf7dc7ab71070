# Timers: the same with the recorder as without, and each that is set is in the trace.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
command -v babeltrace2 >/dev/null || { echo "babeltrace2 is missing"; exit 77; }

same 10 "$CT_PROGRAMS/timer_calls"

traced "$work/trace" "$CT_PROGRAMS/timer_calls" >"$work/said"
babeltrace2 "$work"/trace/conctrace.* >"$work/text" || fail "babeltrace2 says $?"
# "TIMER FIRST-EXPIRY" or, if it was refused, "TIMER error ERRNO"
sed -nE 's/^[^)]*\) timer_settime: .*\{ object = 0x([0-9A-F]+), arg = (0x[0-9A-F]+) \}$/\1 \2/p
	s/^[^)]*\) failed: .*\{ object = 0x([0-9A-F]+), error = ([0-9]+), call = 217 \}$/\1 error \2/p' "$work/text" |
	while read -r timer ns error; do
		case $timer in 80*) timer=of_thread ;; esac # SIGEV_THREAD's are addresses
		case $ns in
		error) echo "$timer error $error" ;;
		*) if [ $((ns)) -gt 990000000000 ] && [ $((ns)) -le 1000000000000 ]; then
			echo "$timer until"
		else
			echo "$timer $((ns)) ns"
		fi ;;
		esac
	done >"$work/events"
cat >"$work/wanted" <<'END'
0 100000000000 ns
0 50000000000 ns
0 0 ns
0 900000000 ns
0 0 ns
0 1000 ns
0 error 22
0 0 ns
0 100000000000 ns
0 0 ns
1 100000000000 ns
1 0 ns
2 100000000000 ns
2 0 ns
4D error 22
0 error 22
0 error 14
0 0 ns
0 1000000 ns
0 0 ns
0 100000000000 ns
0 0 ns
0 until
0 error 22
0 error 14
0 error 22
1E61 error 22
1E61 0 ns
1E61 error 22
0 1000000 ns
0 1 ns
0 0 ns
of_thread 1000000 ns
of_thread 0 ns
END
diff "$work/wanted" "$work/events" >"$work/diff" || fail "$(cat "$work/diff")"
echo "ok: $(wc -l <"$work/wanted") events"
