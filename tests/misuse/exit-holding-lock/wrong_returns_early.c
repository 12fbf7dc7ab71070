/*
 * The way out for an error does not unlock. Whoever comes next finds the lock taken for good.
 *
 * expect: exit-holding-lock lock lock_it try_to_lock_it start_worker error
 */
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int failed = 1;

static void lock_it(void)
{
	pthread_mutex_lock(&lock);
}

static void try_to_lock_it(void)
{
	if (pthread_mutex_trylock(&lock) == 0)
		pthread_mutex_unlock(&lock);
	else
		puts("busy");
}

static void *work(void *arg)
{
	lock_it();
	if (failed)
		return NULL;
	pthread_mutex_unlock(&lock);
	return arg;
}

static void start_worker(pthread_t *thread)
{
	pthread_create(thread, NULL, work, NULL);
}

int main(void)
{
	pthread_t thread;

	start_worker(&thread);
	pthread_join(thread, NULL);
	try_to_lock_it();
	return 0;
}
