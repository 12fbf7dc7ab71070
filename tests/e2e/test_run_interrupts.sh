# Ctrl-C is the program's affair, unless it cannot decide or does not heed it.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

# tenacious HOW: `ignores`, `blocks` or `catches` interrupts, or `parent`: catches them, with two
# children that do nothing. Ends with 7 on SIGUSR1.
compile tenacious <<'C'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void note(int signal)
{
	(void)signal;
	if (write(1, "caught\n", 7) < 0)
		_exit(1);
}

static void end(int signal)
{
	(void)signal;
	_exit(7);
}

static pid_t idle(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

int main(int argc, char **argv)
{
	FILE *file = fopen("pids.new", "w");
	sigset_t set;

	(void)argc;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	signal(SIGUSR1, end);
	if (strcmp(argv[1], "ignores") == 0)
		signal(SIGINT, SIG_IGN);
	else if (strcmp(argv[1], "blocks") == 0)
		sigprocmask(SIG_BLOCK, &set, NULL);
	fprintf(file, "%d\n", (int)getpid());
	if (strcmp(argv[1], "parent") == 0)
		fprintf(file, "%d\n%d\n", (int)idle(), (int)idle());
	if (strcmp(argv[1], "ignores") != 0)
		signal(SIGINT, note);
	fclose(file);
	rename("pids.new", "pids");
	for (;;)
		sleep(1);
}
C

# begin HOW: in the background; a shell lets its jobs ignore interrupts, a terminal does not
begin() {
	rm -rf t pids
	env --default-signal=INT "$CT_BIN" run -o t ./tenacious "$1" >out 2>err </dev/null &
	runner=$!
	until [ -s pids ]; do sleep 0.02; done
	program=$(head -1 pids)
	others=$(tail -n +2 pids)
}

# interrupt: as the terminal does, which sends it to all in the foreground
interrupt() {
	kill -INT "$runner" "$program" $others
}

# told COUNT FILE TEXT: waits until TEXT is in FILE on COUNT lines, and no more
told() {
	for _ in $(seq 100); do
		[ "$(grep -c -- "$3" "$2")" -ge "$1" ] && break
		sleep 0.05
	done
	[ "$(grep -c -- "$3" "$2")" = "$1" ] || fail "\"$3\" is not there $1 times: $(cat "$2")"
}

finish() {
	status=0
	wait $runner || status=$?
	[ $status = "$1" ] || fail "status $status, not $1: $(cat err)"
	for pid in $(cat pids); do
		gone "$pid" || fail "processes are left"
	done
}

begin ignores
interrupt
told 1 err 'another one within 2 seconds ends it'
kill -0 "$program" || fail "it was ended by the first interrupt"
interrupt
finish 130
has err 'ended by an interrupt'

begin blocks # and nobody waits for it
interrupt
sleep 0.3
kill -0 "$program" || fail "it was ended by the first interrupt"
interrupt
finish 130

begin ignores # the third, however late
for _ in 1 2; do
	interrupt
	kill -0 "$program" || fail "it was ended too early"
	sleep 2.3
done
interrupt
finish 130

begin catches # as a shell does
for i in 1 2 3 4; do
	interrupt
	told $i out caught
done
kill -0 "$program" || fail "what catches interrupts was ended"
lacks err 'another one'
kill -USR1 "$program"
finish 7

begin catches # strikes in despair
for i in 1 2 3 4 5; do
	interrupt
	sleep 0.1
done
finish 130

# a stopped child is its parent's affair; each is told of once, whether or not the parent moves
begin parent
for pid in $others; do
	kill -STOP "$pid"
	told 1 err "process $pid is stopped"
done
interrupt
told 1 out caught
sleep 0.5
kill -0 "$program" || fail "a parent was ended as its child was stopped"
for pid in $others; do
	told 1 err "process $pid is stopped"
	kill -CONT "$pid"
	gone "$pid" || fail "the interrupt did not end it"
done
kill -USR1 "$program"
finish 7

# stopped as a whole, nobody can decide
begin parent
kill -STOP "$program"
told 1 err "process $program is stopped"
interrupt
finish 130
