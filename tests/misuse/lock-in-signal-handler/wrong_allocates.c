/*
 * The handler allocates memory, as main does. In the middle of main's malloc the heap is not in
 * order, and malloc's own lock may be held: then the handler waits for it for ever.
 *
 * expect: lock-in-signal-handler - remember main warning
 * expect: lock-in-signal-handler - forget main warning
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void *volatile memory;
static volatile sig_atomic_t came;

static void remember(void)
{
	memory = malloc(100);
}

static void forget(void)
{
	free(memory);
}

static void on_alarm(int signal)
{
	(void)signal;
	remember();
	forget();
	came = 1;
}

int main(void)
{
	void *volatile own;

	signal(SIGALRM, on_alarm);
	own = malloc(10);
	ualarm(1000, 0);
	while (!came)
		;
	free(own);
	return 0;
}
