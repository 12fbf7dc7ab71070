# Odd corners of calls: the same with the recorder as without, and an armed timer is recorded as one.
# A thread that may not call the kernel lives, though it is recorded until then.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

same 20 "$CT_PROGRAMS/corners"
CONCTRACE_OPTIONS=trace=$work/t LD_PRELOAD=$CT_LIB "$CT_PROGRAMS/corners" >/dev/null
"$CT_BIN" dump "$work/t" >"$work/dump"
grep -qE ' timerfd_settime .*arg=0x[1-9a-f]' "$work/dump" ||
	fail "the timer is recorded as disarmed: $(grep timerfd_settime "$work/dump")"
echo "ok: an armed timer"
same 5 "$CT_PROGRAMS/seccomp_strict"
