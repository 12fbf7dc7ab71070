/* A handler and the thread that it interrupts need no more than volatile: it is one thread. */
#include <signal.h>

#include "race.h"

volatile sig_atomic_t arrived;
int prepared;

static void on_signal(int number)
{
	(void)number;
	race_use(prepared);
	arrived = 1;
}

static void *work(void *unused)
{
	(void)unused;
	prepared = 1;
	raise(SIGUSR1);
	race_use(arrived);
	return NULL;
}

int main(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	pthread_t thread;

	sigaction(SIGUSR1, &action, NULL);
	pthread_create(&thread, NULL, work, NULL);
	pthread_join(thread, NULL);
	return race_end();
}
