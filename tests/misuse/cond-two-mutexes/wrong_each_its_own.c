/*
 * Two waiters on one condition, each with a mutex of its own. What it waits for cannot be guarded
 * by both, and to which of the two the condition is bound is not defined.
 *
 * expect: cond-two-mutexes changed wait_with_second wait_with_first error
 */
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t waiting;
static int go;

static void *wait_with_first(void *arg)
{
	pthread_mutex_lock(&first);
	sem_post(&waiting);
	while (!go)
		pthread_cond_wait(&changed, &first);
	pthread_mutex_unlock(&first);
	return arg;
}

static void *wait_with_second(void *arg)
{
	pthread_mutex_lock(&second);
	sem_post(&waiting);
	while (!go)
		pthread_cond_wait(&changed, &second);
	pthread_mutex_unlock(&second);
	return arg;
}

/* Returns when it has the mutex that the thread was to give back. */
static void start(pthread_t *thread, void *(*run)(void *), pthread_mutex_t *mutex)
{
	pthread_create(thread, NULL, run, NULL);
	sem_wait(&waiting);
	pthread_mutex_lock(mutex);
}

int main(void)
{
	pthread_t threads[2];

	sem_init(&waiting, 0, 0);
	start(&threads[0], wait_with_first, &first);
	start(&threads[1], wait_with_second, &second);
	go = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&second);
	pthread_mutex_unlock(&first);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	sem_destroy(&waiting);
	return 0;
}
