/*
 * Each thread initialises the mutex that all of them share: here while another one holds it, who is
 * no longer alone behind it then.
 *
 * expect: double-init mutex init_it lock_it error
 */
#include <pthread.h>

static pthread_mutex_t mutex;
static pthread_barrier_t is_locked, is_begun;

static void init_it(void)
{
	pthread_mutex_init(&mutex, NULL);
}

static void lock_it(void)
{
	pthread_mutex_lock(&mutex);
}

static void *hold(void *unused)
{
	lock_it();
	pthread_barrier_wait(&is_locked);
	pthread_barrier_wait(&is_begun);
	return unused;
}

static void *begin(void *unused)
{
	pthread_barrier_wait(&is_locked);
	init_it();
	return unused;
}

int main(void)
{
	pthread_t a, b;

	pthread_barrier_init(&is_locked, NULL, 2);
	pthread_barrier_init(&is_begun, NULL, 2);
	init_it();
	pthread_create(&a, NULL, hold, NULL);
	pthread_create(&b, NULL, begin, NULL);
	pthread_join(b, NULL);
	return 0;
}
