# Signals: what a program waits for, sends and handles is the same with the recorder, and is in the
# trace.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

for program in wait send handler fault unwind; do
	[ -x "$CT_PROGRAMS/signal_$program" ] || continue # no C++ compiler
	same 5 "$CT_PROGRAMS/signal_$program"
done

# dumped PROGRAM ARGS...: its output into said, its trace into dump
dumped() {
	rm -rf "$work/t"
	traced "$work/t" "$@" >"$work/said" </dev/null || true
	"$CT_BIN" dump "$work"/t/conctrace.* >"$work/dump" || fail "$1: dump says $?"
}

# records PROGRAM ARGS...: the records of its main thread into records, by one word each:
#   EVENT:object:arg[:request], handler:signal:sender:code, return:signal, failed:CALL:errno
# Numbers are hexadecimal as dump has them; the process's own pid is "self", an address "@".
records() {
	dumped "$@"
	pid=$(basename "$work"/t/conctrace.*)
	pid=${pid##*.}
	sed -nE "s/^\[[^]]*\] p1:T1 //; T; s/ stack=[0-9]+//; s/=0x$(printf %x "$pid")\b/=self/
		s/sender=$pid /sender=self /; s/=0x[0-9a-f]{9,}/=@/g; s/ flags=request.*/:request/
		s/ flags=.*//; s/=0x/=/g; p" "$work/dump" |
		sed -nE 's/^signal_handler object=(\S+) arg=@ sender=(\S+) code=(\S+)/handler:\1:\2:\3/p; t
			s/^signal_return object=(\S+)/return:\1/p; t
			s/^failed object=\S+ error=(\S+) call=(\S+)/failed:\2:\1/p; t
			s/^(sig\w+|pause|kill|tgkill|pthread_kill) object=(\S+) arg=([^ :]+)/\1:\2:\3/p; t
			s/^(sig\w+|pause|pthread_mutex_\w*lock) object=(\S+)/\1:\2/p' >"$work/records"
}

# has TEXT NAME: these records follow one another
has() {
	tr '\n' ' ' <"$work/records" | grep -qF " $(echo "$1" | tr -s '\n\t ' ' ' | sed 's/^ //; s/ $//') " ||
		fail "$2: not in the trace: $1"
}
count() {
	grep -c "^$1" "$work/records" || true
}

# who sends what to whom; a handler runs after the event that sent its signal
records "$CT_PROGRAMS/signal_send"
has "kill:self:a handler:a:self:0 return:a
	pthread_kill:@:a handler:a:self:-6 return:a pthread_kill:@:a handler:a:self:-6 return:a
	tgkill:self:a handler:a:self:-6 return:a pthread_kill:@:a handler:a:self:-6 return:a
	kill:self:a handler:a:self:-1 return:a pthread_kill:@:a handler:a:self:-1 return:a
	kill:0:a handler:a:self:0 return:a kill:@:a handler:a:self:0 return:a
	kill:0:a handler:a:self:0 return:a kill:@:a handler:a:self:0 return:a" signal_send
has "kill:3ffffffe:a failed:kill:3 kill:self:3e8 failed:kill:22
	kill:self:ffffffff failed:kill:22 kill:5:a failed:kill:22 kill:@:a failed:kill:3
	pthread_kill:@:3e8 failed:pthread_kill:22
	tgkill:3ffffffe:a failed:tgkill:3 tgkill:@:a failed:tgkill:22
	kill:3ffffffe:a failed:kill:3 kill:self:3e8 failed:kill:22
	pthread_kill:@:3e8 failed:pthread_kill:22 pthread_kill:@:20 failed:pthread_kill:22
	pthread_kill:@:3e8 failed:pthread_kill:22
	pthread_kill:@:a pthread_kill:@:a failed:pthread_kill:3" signal_send
has "return:22 handler:23:self:-1" signal_send
has "return:24 kill:self:22 failed:kill:11" signal_send
[ "$(count handler:)" = 23 ] || fail "signal_send: $(count handler:) handlers"
echo "ok: events of signal_send"

records "$CT_PROGRAMS/signal_wait"
has "sigaction:e:@ pthread_kill:@:a sigwait:0:@:request sigwait:a:self
	kill:self:22 sigwait:0:@:request sigwait:22:self
	kill:self:a sigwait:0:@:request sigwait:a:self
	pthread_kill:@:a sigwait:0:@:request sigwait:a:self
	sigwait:0:@:request failed:sigwait:11 sigwait:0:@:request failed:sigwait:11
	sigwait:0:@:request failed:sigwait:22" signal_wait
has "sigwait:0:@:request handler:c:self:-6 return:c failed:sigwait:4
	sigwait:0:@:request handler:c:self:-6 return:c sigwait:a:self
	sigwait:0:0:request failed:sigwait:11 sigwait:0:0:request failed:sigwait:14
	sigwait:0:200:request failed:sigwait:14 sigwait:0:0:request failed:sigwait:14
	sigwait:0:0:request failed:sigwait:14 sigsuspend:0:0:request failed:sigsuspend:14
	sigsuspend:0:0:request failed:sigsuspend:14" signal_wait
has "pause:0:0:request handler:c:self:-6 return:c pause:0:0
	pthread_kill:@:c sigsuspend:0:0:request handler:c:self:-6 return:c sigsuspend:0:0
	pthread_kill:@:e sigsuspend:0:0:request handler:e:self:-6 return:e sigsuspend:0:0
	sigsuspend:0:0:request handler:c:self:-6 return:c sigsuspend:0:0
	pthread_kill:@:c sigsuspend:0:@:request handler:c:self:-6 return:c sigsuspend:0:@
	pthread_kill:@:e sigsuspend:0:@:request handler:e:self:-6 return:e sigsuspend:0:@" signal_wait
[ "$(grep -c ' failed .*error=125 call=\(sigwait\|sigsuspend\|pause\)' "$work/dump")" = 6 ] ||
	fail "signal_wait: not all cancelled waits end"
echo "ok: events of signal_wait"

# a handler set without siginfo_t has no sender: code 7fffffff
records "$CT_PROGRAMS/signal_handler"
has "sigaction:a:1 pthread_kill:@:a sigaction:a:0 sigaction:0:@ failed:sigaction:22" signal_handler
has "sigaction:a:@ pthread_kill:@:a handler:a:0:2147483647 return:a sigaction:a:1" signal_handler
has "sigaction:c:1 pthread_kill:@:c sigaction:c:0" signal_handler
has "pthread_kill:@:a handler:a:self:-6 pthread_kill:@:c return:a handler:c:self:-6 return:c" \
	signal_handler
has "handler:a:0:2147483647 pthread_mutex_lock:@ pthread_mutex_unlock:@ return:a" signal_handler
# all have returned but 100 that jumped and the last one, which exits; a small stack may lose the
# record of one or the other where a packet is full
missing=$(($(count handler:) - $(count return:) - 101))
[ $missing -ge -9 ] && [ $missing -le 9 ] && [ "$(count handler:)" -gt 10100 ] ||
	fail "signal_handler: $(count handler:) handlers, $(count return:) returned"
echo "ok: events of signal_handler"

# live WORD PROGRAM ARGS...: what the live page of its main thread says after its death, a number:
# 7 is the epoch, which is odd while a call waits
live() {
	rm -rf "$work/t"
	at=$(($1 * 4))
	shift
	traced "$work/t" "$@" >"$work/said" </dev/null || true
	od -An -tu4 -j $at -N 4 "$work"/t/conctrace.*/.live/p1.t0
}

# A completion without room ends its wait; one whose request had none does not end another's.
for skew in 0 1 2 3; do
	epoch=$(live 7 "$CT_PROGRAMS/signal_full" completion $skew)
	[ $((epoch % 2)) = 0 ] || fail "signal_full completion $skew: still waits"
done
epoch=$(live 7 "$CT_PROGRAMS/signal_full" request)
[ $((epoch % 2)) = 1 ] || fail "signal_full request: waits no more"
echo "ok: waits around a full packet"

# pairs_at_the_end PROGRAM PAIRS THREADS: behind the last time that a thread made the mutex, it has
# locked and unlocked it so often
pairs_at_the_end() {
	for thread in $(seq "$3"); do
		got=$(grep " p1:T$thread pthread_mutex" "$work/dump" | awk '
			/mutex_init/ { locks = unlocks = 0 }
			/mutex_lock/ { locks++ }
			/mutex_unlock/ { unlocks++ }
			END { print locks, unlocks }')
		[ "$got" = "$2 $2" ] || fail "$1: $got locks and unlocks at the end of T$thread, not $2"
	done
	echo "ok: all $2 pairs of $1"
}

# A handler that jumps out of a record does not silence its thread.
dumped "$CT_PROGRAMS/signal_jump" 2000 5000
pairs_at_the_end "signal_jump" 5000 1
dumped "$CT_PROGRAMS/signal_jump" 500 1000 deep
pairs_at_the_end "signal_jump deep" 1000 1
# Nor does one that jumps out of a stack that has overflowed.
dumped "$CT_PROGRAMS/signal_fault"
pairs_at_the_end signal_fault 1000 2
