/*
 * A handler prints, and so does main. If the signal comes in the middle of main's printf, both
 * change the same buffer at once. Here it came elsewhere, by luck.
 *
 * expect: lock-in-signal-handler - print_in_handler main warning
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t came;

static void print_in_handler(int signal)
{
	printf("signal %d\n", signal);
	came = 1;
}

int main(void)
{
	signal(SIGALRM, print_in_handler);
	printf("waiting\n");
	ualarm(1000, 0);
	while (!came)
		;
	printf("done\n");
	return 0;
}
