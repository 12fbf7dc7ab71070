/*
 * A handler prints. The program does nothing but wait in pause(), which may be interrupted by such
 * a handler: so it is right, as long as nobody adds a printf to the loop.
 *
 * expect: lock-in-signal-handler - print_in_handler main note
 */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t count;

static void print_in_handler(int signal)
{
	printf("signal %d\n", signal);
	count++;
}

int main(void)
{
	struct itimerval often = {.it_value = {.tv_usec = 1000}, .it_interval = {.tv_usec = 1000}};
	struct itimerval never = {0};

	signal(SIGALRM, print_in_handler);
	setitimer(ITIMER_REAL, &often, NULL);
	pause();
	setitimer(ITIMER_REAL, &never, NULL);
	_exit(count < 1);
}
