# The changes of a thread's signal mask: all of them, but none that was refused or changes nothing.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

program=$CT_PROGRAMS/signal_masks
same 1 "$program"

traced "$work/t" "$program" >/dev/null
"$CT_BIN" dump "$work"/t/conctrace.* >"$work/dump" || fail "dump says $?"

# how (0 block, 1 unblock, 2 set), mask: SIGHUP is 1, SIGUSR1 0x200, SIGUSR2 0x800, SIGALRM 0x2000
found=$(sed -nE 's/.* pthread_sigmask object=(0x)?([0-9a-f]+) arg=0x([0-9a-f]+).*/\2:\3/p' "$work/dump" | tr '\n' ' ')
expected="0:200 1:200 0:800 1:800 0:2000 2:1 0:800 1:800 2:1 2:1 2:1 2:1 "
[ "$found" = "$expected" ] || fail "recorded $found, not $expected"
