# Sleeping and giving way: the same with the recorder as without; every sleep is in the trace, and
# yields in a row are one record.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
command -v babeltrace2 >/dev/null || { echo "babeltrace2 is missing"; exit 77; }

same 10 "$CT_PROGRAMS/sleep_calls"

traced "$work/trace" "$CT_PROGRAMS/sleep_calls" >"$work/said"
babeltrace2 "$work"/trace/conctrace.* >"$work/text" || fail "babeltrace2 says $?"
# "NAME FLAGS OBJECT ARG", of a failed call "failed FLAGS OBJECT ERROR CALL"
sed -nE 's/^[^)]*\) ([a-z_]+): .*\{ flags = ([0-9]+), .*\{ object = 0x([0-9A-F]+), (arg = (0x[0-9A-F]+)|error = ([0-9]+), call = ([0-9]+)) \}$/\1 \2 \3 \5\6 \7/p' \
	"$work/text" >"$work/events"

# sleeps ERROR: how many came back so; each call of the program makes one. Flags: 9 is a request
# with a time limit, 10 its completion; call 215 is nanosleep.
sleeps() {
	grep -c "^failed 10 0 $1 215" "$work/events" || true
}
requests=$(grep -c '^nanosleep 9 0 ' "$work/events")
completions=$(grep -c '^nanosleep 10 0 ' "$work/events")
# 8 nanosleeps, 6 on each of 7 clocks, 2 until soon, 8 others
[ "$requests" = 60 ] || fail "$requests requests"
[ "$(sleeps 4) $(sleeps 14) $(sleeps 22) $(sleeps 95)" = "1 6 28 6" ] ||
	fail "EINTR $(sleeps 4), EFAULT $(sleeps 14), EINVAL $(sleeps 22), ENOTSUP $(sleeps 95)"
[ $((completions + 41)) = 60 ] || fail "$completions completions"
# from now on: at most 2 ms
soon=$(sed -nE 's/^nanosleep 9 0 (0x[0-9A-F]+) /\1/p' "$work/events" |
	while read -r arg; do [ $((arg)) -gt 1900000 ] && [ $((arg)) -le 2000000 ] && echo; done | wc -l)
[ "$soon" = 2 ] || fail "$soon sleeps until soon"
echo "ok: 60 sleeps"

yields=$(sed -nE 's/^sched_yield 0 0 (0x[0-9A-F]+) /\1/p' "$work/events")
[ "$(head -4 <<<"$yields" | tr '\n' ' ')" = "0x3E8 0xA 0x7 0x5 " ] || fail "yields: $(head -4 <<<"$yields")"
# Where a packet ends amid such a loop, it leaves a record on either side; there are some 40 packets.
records=$(($(wc -l <<<"$yields") - 4))
[ "$records" -ge 22500 ] && [ "$records" -le 22560 ] || fail "$records records of yields"
sum=0
for count in $(tail -n +5 <<<"$yields"); do
	[ $((count)) -le 3 ] || fail "$count yields between two locks"
	sum=$((sum + count))
done
[ "$sum" = 45000 ] || fail "$sum yields between locks"
echo "ok: 46022 yields in $(wc -l <<<"$yields") records"
