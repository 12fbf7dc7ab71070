/*
 * The signal comes while main waits in fgets. What the handler calls of stdio meets streams that
 * are in use.
 *
 * expect: lock-in-signal-handler - print_in_handler main error
 */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static int ends[2];

static void print_in_handler(int signal)
{
	printf("signal %d\n", signal);
	(void)!write(ends[1], "go on\n", 6);
}

int main(void)
{
	struct sigaction action = {.sa_handler = print_in_handler, .sa_flags = SA_RESTART};
	struct itimerval soon = {.it_value = {.tv_usec = 20000}};
	char line[10];
	FILE *file;

	if (pipe(ends) != 0 || !(file = fdopen(ends[0], "r")))
		return 1;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	if (!fgets(line, sizeof(line), file))
		return 1;
	fclose(file);
	close(ends[1]);
	return 0;
}
