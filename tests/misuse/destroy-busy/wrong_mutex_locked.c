/*
 * A thread destroys a mutex that another one holds. glibc refuses with EBUSY, other systems need
 * not; who ignores the result believes that the mutex is gone.
 *
 * expect: destroy-busy mutex destroy_it lock_it init_it error
 */
#include <pthread.h>

static pthread_mutex_t mutex;
static pthread_barrier_t is_locked, is_destroyed;

static void init_it(void)
{
	pthread_mutex_init(&mutex, NULL);
}

static void lock_it(void)
{
	pthread_mutex_lock(&mutex);
}

static void destroy_it(void)
{
	pthread_mutex_destroy(&mutex);
}

static void *hold(void *unused)
{
	lock_it();
	pthread_barrier_wait(&is_locked);
	pthread_barrier_wait(&is_destroyed);
	pthread_mutex_unlock(&mutex);
	return unused;
}

int main(void)
{
	pthread_t thread;

	init_it();
	pthread_barrier_init(&is_locked, NULL, 2);
	pthread_barrier_init(&is_destroyed, NULL, 2);
	pthread_create(&thread, NULL, hold, NULL);
	pthread_barrier_wait(&is_locked);
	destroy_it();
	pthread_barrier_wait(&is_destroyed);
	return pthread_join(thread, NULL);
}
