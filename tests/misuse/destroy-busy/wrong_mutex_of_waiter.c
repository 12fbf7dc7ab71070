/*
 * A mutex is destroyed while a thread waits on a condition variable with it: the thread locks the
 * mutex before its wait returns. glibc refuses with EBUSY.
 *
 * expect: destroy-busy mutex destroy_it wait_for_change error
 */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t begun;
static int is_changed;

static void *wait_for_change(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_barrier_wait(&begun);
	while (!is_changed)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void destroy_it(void)
{
	pthread_mutex_destroy(&mutex);
}

int main(void)
{
	pthread_t thread;

	pthread_barrier_init(&begun, NULL, 2);
	pthread_create(&thread, NULL, wait_for_change, NULL);
	pthread_barrier_wait(&begun);
	pthread_mutex_lock(&mutex);
	is_changed = 1;
	pthread_mutex_unlock(&mutex);
	destroy_it();
	pthread_mutex_lock(&mutex);
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	return pthread_join(thread, NULL);
}
