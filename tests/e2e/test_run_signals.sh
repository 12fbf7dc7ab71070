# Signals: an interrupt is the program's affair, SIGTERM and SIGHUP are handed on.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile waits <<'C'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Says its pid, then tells which of three signals comes. */
int main(int argc, char **argv)
{
	sigset_t set;
	int got;
	FILE *ready;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	if (argc > 1)
		sigprocmask(SIG_BLOCK, &set, NULL);
	ready = fopen("ready.tmp", "w");
	fprintf(ready, "%d %d\n", (int)getpid(), (int)getppid());
	fclose(ready);
	rename("ready.tmp", "ready");
	if (argc == 1)
		pause();
	sigwait(&set, &got);
	printf("%s\n", strsignal(got));
	return got == SIGUSR1 ? 5 : 6;
}
C

# start [ARGUMENT]: runs it in the background and waits until it is ready
start() {
	rm -f ready
	"$CT_BIN" run -q -- ./waits "$@" >out 2>err &
	job=$!
	while [ ! -e ready ]; do
		kill -0 "$job" 2>/dev/null || fail "the program did not start: $(cat err)"
		sleep 0.02
	done
	read -r program parent <ready
	[ "$parent" = "$job" ] || fail "the program's parent is $parent, not conctrace $job"
}

finish() {
	status=0
	wait "$job" || status=$?
	[ "$status" = "$1" ] || fail "status $status, not $1: $(cat out err)"
}

start handle
kill -TERM "$job"
finish 6
has out Terminated

start handle
kill -HUP "$job"
finish 6
has out Hangup

# conctrace is not ended by what a terminal sends to both
start handle
kill -INT "$job"
kill -QUIT "$job"
kill -USR1 "$program"
finish 5

start
kill -TERM "$job"
finish 143

start
kill -KILL "$program"
finish 137
