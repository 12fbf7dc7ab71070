/* A signal handler, run by one thread, counts what another thread counts too. */
#include <semaphore.h>
#include <signal.h>

#include "race.h"

#ifdef FIXED
_Atomic long events;
#else
long events;
#endif
sem_t handled;

static void on_signal(int number)
{
	(void)number;
	events++;
	sem_post(&handled);
}

static void *wait_for_signal(void *unused)
{
	(void)unused;
	while (sem_wait(&handled))
		;
	return NULL;
}

static void *count(void *unused)
{
	(void)unused;
	events++;
	return NULL;
}

int main(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	pthread_t waiter, counter;

	sem_init(&handled, 0, 0);
	sigaction(SIGUSR1, &action, NULL);
	pthread_create(&waiter, NULL, wait_for_signal, NULL);
	pthread_create(&counter, NULL, count, NULL);
	pthread_kill(waiter, SIGUSR1);
	pthread_join(waiter, NULL);
	pthread_join(counter, NULL);
	return race_end();
}
