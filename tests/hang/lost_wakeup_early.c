/* main signals before the worker waits; nothing remembers it. The twin has a predicate. */
#include <pthread.h>
#include <stdbool.h>

#include "support/hang.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static bool is_ready;

static void *work(void *unused)
{
	(void)unused;
	hang_await(0, 1);
	pthread_mutex_lock(&lock);
	hang_last(1);
	if (hang_fixed) {
		while (!is_ready)
			pthread_cond_wait(&ready, &lock);
	} else {
		pthread_cond_wait(&ready, &lock);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t worker;

	hang_begin(argc, argv);
	pthread_create(&worker, NULL, work, NULL);
	pthread_mutex_lock(&lock);
	is_ready = true;
	pthread_cond_signal(&ready);
	pthread_mutex_unlock(&lock);
	hang_step(0);
	hang_sleep();
	return pthread_join(worker, NULL);
}
