# poll, select and epoll: the programs do the same with the recorder as without, and what they wait
# for is in the trace and, while they wait, in the live page.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
command -v babeltrace2 >/dev/null || { echo "babeltrace2 is missing"; exit 77; }

same 5 "$CT_PROGRAMS/poll_calls"
same 5 "$CT_PROGRAMS/poll_select"
same 5 "$CT_PROGRAMS/poll_epoll"
same 5 "$CT_PROGRAMS/poll_waits"

# events TRACE: "NAME FLAGS OBJECT ARG [OBJECT FD WANTED]..." per event of a thread
events() {
	babeltrace2 "$1" >"$work/text" || fail "babeltrace2 says $?"
	sed -nE 's/^[^)]*\) ([a-z_]+): \{[^}]*\}, \{ flags = ([0-9]+), [^}]*\}, \{ object = 0x([0-9A-F]+), /\1 \2 \3 /
		s/fds = .*/&/; s/ \}$//; s/\[[0-9]+\] = \{ object = 0x([0-9A-F]+), fd = ([0-9]+), wanted = ([0-9]+) \}/[\1 \2 \3]/g
		s/(arg|error|call) = (0x)?//g; s/, count = [0-9]+, fds = \[ *\[/ [/; s/, count = .*\]$//; s/\], \[/] [/g; s/\] \]$/]/; s/,//g
		/^[a-z_]+ [0-9]+ /p' "$work/text"
}

# The names that poll_events prints, for what they stand for
traced "$work/trace" "$CT_PROGRAMS/poll_events" >"$work/said"
read -r pipe in out epoll <"$work/said"
events "$work"/trace/conctrace.* | grep -E '^(poll|select|epoll|nanosleep|failed)' |
	sed -E "s/\\b$(printf %X "0x$pipe")\\b/PIPE/g; s/\\b2[0-9A-F]{14}\\b/EPOLL/
		s/PIPE $in /PIPE IN /g; s/PIPE $out /PIPE OUT /g" >"$work/events"
# flags: 1 request, 2 blocked, 4 try, 8 timed; wanted: 1 in, 2 priority, 4 out; calls by number
cat >"$work/wanted" <<'END'
poll 4 0 0
poll 9 PIPE F4240 [PIPE IN 1]
poll 10 0 0
poll 9 PIPE 1E8480 [PIPE IN 1]
poll 10 0 0
poll 0 PIPE 2 [PIPE OUT 4]
poll 8 PIPE 1 [PIPE OUT 4]
poll 9 PIPE 7D0 [PIPE IN 1]
poll 10 0 0
nanosleep 9 0 F4240
nanosleep 10 0 F4240
select 4 0 0
select 9 PIPE 7D0 [PIPE IN 1]
select 10 0 0
select 1 PIPE FFFFFFFFFFFFFFFF [PIPE IN 3] [PIPE OUT 5]
select 2 PIPE 1 [PIPE OUT 4]
nanosleep 9 0 7D0
nanosleep 10 0 7D0
epoll_wait 4 EPOLL 0
epoll_wait 9 EPOLL F4240
epoll_wait 10 EPOLL 0
epoll_ctl 0 EPOLL 1 [PIPE OUT 4]
epoll_ctl 0 EPOLL 1 [PIPE IN 1]
failed 0 EPOLL 17 213
epoll_ctl 0 EPOLL 3 [PIPE IN 1]
epoll_ctl 0 EPOLL 2 [PIPE IN 0]
epoll_wait 1 EPOLL FFFFFFFFFFFFFFFF
epoll_wait 2 EPOLL 1
epoll_wait 9 EPOLL 4C4B40
epoll_wait 10 EPOLL 1
epoll_wait 9 EPOLL 7D0
epoll_wait 10 EPOLL 1
epoll_wait 1 EPOLL FFFFFFFFFFFFFFFF
failed 2 EPOLL 22 212
epoll_wait 1 0 FFFFFFFFFFFFFFFF
failed 2 0 9 212
END
diff "$work/wanted" "$work/events" >"$work/diff" || fail "poll_events: $(cat "$work/diff")"
rm -rf "$work/trace"
echo "ok: $(wc -l <"$work/wanted") events of poll_events"

# Each call of poll_waits: interrupted twice, cancelled while it waits
traced "$work/trace" "$CT_PROGRAMS/poll_waits" >"$work/said"
events "$work"/trace/conctrace.* >"$work/events"
# counted TEXT: how often
counted() { grep -cE "$1" "$work/events" || true; }
# waits EVENT ID CALLS CALLS-WITH-MASK
waits() {
	# with a mask: interrupted once more, at once
	[ "$(counted "^failed [0-9]+ [0-9A-F]+ 4 $2\$")" = $((2 * $3 + $4)) ] ||
		fail "$1: $(counted "^failed [0-9]+ [0-9A-F]+ 4 $2\$") interrupted"
	[ "$(counted "^failed 1?[02] [0-9A-F]+ 125 $2\$")" -ge "$3" ] ||
		fail "$1: $(counted "^failed 1?[02] [0-9A-F]+ 125 $2\$") cancelled"
	[ "$(counted "^$1 [19] ")" = "$(counted "^($1 (2|10) |failed (2|10) .* $2\$)")" ] ||
		fail "$1: not as many requests as completions"
}
waits poll 210 3 1
waits select 211 2 1
waits epoll_wait 212 3 2
waits nanosleep 215 8 0
rm -rf "$work/trace"
echo "ok: requests and failures of poll_waits"

# A call that waits is in the live page: CALL EVENT FLAGS ARG, with the object that ARG names
blocked() {
	local program
	rm -rf "$work/t"
	CONCTRACE_OPTIONS="trace=$work/t" LD_PRELOAD="$CT_LIB" \
		"$CT_PROGRAMS/poll_waits" "$1" >"$work/inode" </dev/null &
	program=$!
	"$CT_PYTHON" -c '
import struct, sys, time
path, inode, event, flags, limit, kind = sys.argv[1:]
end = time.monotonic() + 20
seen = None
while time.monotonic() < end:
    try:
        page = open(path, "rb").read(72)
        epoch, = struct.unpack_from("<I", page, 28)
        object, arg = struct.unpack_from("<QQ", page, 40)
        seen = epoch & 1, object, arg, *struct.unpack_from("<HH", page, 68)
        wanted = {"pipe": object == int(open(inode).read()), "epoll": object >> 56 == 2, "none": object == 0}
        if wanted[kind] and seen[2:] == (int(limit) % 2**64, int(event), int(flags)) and seen[0]:
            sys.exit(0)
    except (OSError, struct.error, ValueError): pass
    time.sleep(0.001)
sys.exit(f"the live page has {seen}")' "$work/t/.live/p1.t0" "$work/inode" "$2" "$3" "$4" "$5" ||
		{ kill -9 $program; fail "blocked in $1"; }
	kill -9 $program
	wait $program 2>/dev/null || true
}
blocked poll 210 0 -1 pipe
blocked poll_elsewhere 210 8 1000000000000 pipe
blocked poll_none 215 0 -1 none
blocked ppoll 210 0 -1 pipe
blocked select 211 0 -1 pipe
blocked select_none 215 8 1000000000000 none
blocked pselect 211 0 -1 pipe
blocked epoll_wait 212 0 -1 epoll
blocked epoll_pwait 212 8 1000000000000 epoll
blocked epoll_pwait2 212 8 1000000000000 epoll
blocked nanosleep 215 8 1000000000000 none
blocked sleep 215 8 1000000000000 none
blocked thrd_sleep 215 8 1000000000000 none
echo "ok: the live page of 13 calls that wait"
