/*
 * A condition variable is destroyed while a thread waits on it: the destroyer waits for the waiter,
 * which nobody wakes. The twin wakes it first.
 */
#include <pthread.h>

#include "support/hang.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int is_changed;

static void *wait_for_change(void *unused)
{
	pthread_mutex_lock(&mutex);
	hang_sleep();
	while (!is_changed)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void wake_all(void)
{
	is_changed = 1;
	pthread_cond_broadcast(&changed);
}

/* With the mutex held: a waiter that is woken leaves the condition before it has that. */
int main(int argc, char **argv)
{
	pthread_t thread;

	hang_begin(argc, argv);
	pthread_create(&thread, NULL, wait_for_change, NULL);
	hang_last(1);
	pthread_mutex_lock(&mutex);
	if (hang_fixed)
		wake_all();
	pthread_cond_destroy(&changed);
	pthread_mutex_unlock(&mutex);
	pthread_join(thread, NULL);
	return pthread_mutex_destroy(&mutex);
}
