/* volatile sig_atomic_t is for the thread that the handler interrupts, not for another. */
#include <sched.h>
#include <signal.h>

#include "race.h"

#ifdef FIXED
_Atomic int stop;
#else
volatile sig_atomic_t stop;
#endif

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

static void *watch(void *unused)
{
	(void)unused;
	while (!stop)
		sched_yield();
	return NULL;
}

int main(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	pthread_t watcher;

	sigaction(SIGUSR1, &action, NULL);
	pthread_create(&watcher, NULL, watch, NULL);
	raise(SIGUSR1); /* handled by this thread */
	pthread_join(watcher, NULL);
	return race_end();
}
