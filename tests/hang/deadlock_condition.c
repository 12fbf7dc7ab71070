/* A thread is signalled, but cannot come back from its wait: who holds the mutex joins it. main
 * goes on for some seconds and ends by itself. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "support/hang.h"

static pthread_mutex_t state = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool stopping;
static pthread_t worker;

static void *work(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&state);
	hang_step(0);
	hang_sleep();
	while (!stopping)
		pthread_cond_wait(&changed, &state);
	pthread_mutex_unlock(&state);
	return NULL;
}

static void *stop(void *unused)
{
	(void)unused;
	hang_await(0, 1);
	pthread_mutex_lock(&state);
	stopping = true;
	pthread_cond_signal(&changed);
	if (hang_fixed)
		pthread_mutex_unlock(&state);
	hang_last(1);
	pthread_join(worker, NULL);
	if (!hang_fixed)
		pthread_mutex_unlock(&state);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t stopper;

	hang_begin(argc, argv);
	pthread_create(&worker, NULL, work, NULL);
	pthread_create(&stopper, NULL, stop, NULL);
	pthread_detach(stopper);
	for (int i = 0; i < 60; i++)
		nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
	exit(0);
}
