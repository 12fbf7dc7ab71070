/* A worker ends with the mutex still locked and another one waits for it, while main goes on for
 * some seconds and ends by itself: with a mutex of its own, for which a third one waits, which is
 * no mistake. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "support/hang.h"

static pthread_mutex_t jobs = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t results = PTHREAD_MUTEX_INITIALIZER;

static void *take_job(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&jobs);
	if (hang_fixed)
		pthread_mutex_unlock(&jobs);
	return NULL;
}

static void *add_job(void *unused)
{
	(void)unused;
	hang_last(0);
	pthread_mutex_lock(&jobs);
	pthread_mutex_unlock(&jobs);
	return NULL;
}

static void *wait_for_results(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&results);
	pthread_mutex_unlock(&results);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	hang_begin(argc, argv);
	pthread_create(&thread, NULL, take_job, NULL);
	pthread_join(thread, NULL);
	pthread_create(&thread, NULL, add_job, NULL);
	pthread_detach(thread);
	pthread_mutex_lock(&results);
	pthread_create(&thread, NULL, wait_for_results, NULL);
	for (int i = 0; i < 60; i++)
		nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
	exit(0);
}
