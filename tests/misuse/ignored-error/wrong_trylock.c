/*
 * The result of pthread_mutex_trylock is thrown away: the lock is main's, and the worker changes
 * the counter without it and gives main's lock back.
 *
 * expect: ignored-error counter_lock unlock_it try_it error
 */
#include <pthread.h>

static pthread_mutex_t counter_lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void try_it(void)
{
	pthread_mutex_trylock(&counter_lock);
}

static void unlock_it(void)
{
	pthread_mutex_unlock(&counter_lock);
}

static void *count(void *unused)
{
	try_it();
	counter++;
	unlock_it();
	return unused;
}

int main(void)
{
	pthread_t worker;

	pthread_mutex_lock(&counter_lock);
	pthread_create(&worker, NULL, count, NULL);
	pthread_join(worker, NULL);
	return counter != 1;
}
