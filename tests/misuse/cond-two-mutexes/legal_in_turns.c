/*
 * Legal: two threads wait on the condition in turns, each with a mutex of its own, and never at the
 * same time: the one has run out of time before the other one begins.
 */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t turn;
static sem_t waiting;
static int go;

static void wait_until_limit(pthread_mutex_t *mutex)
{
	static const struct timespec past = {1, 0};

	pthread_mutex_lock(mutex);
	pthread_cond_timedwait(&changed, mutex, &past);
	pthread_mutex_unlock(mutex);
}

static void *run(void *arg)
{
	wait_until_limit(&first);
	pthread_barrier_wait(&turn);
	pthread_barrier_wait(&turn); /* main has waited */
	pthread_mutex_lock(&first);
	sem_post(&waiting);
	while (!go)
		pthread_cond_wait(&changed, &first);
	pthread_mutex_unlock(&first);
	return arg;
}

int main(void)
{
	pthread_t thread;

	sem_init(&waiting, 0, 0);
	pthread_barrier_init(&turn, NULL, 2);
	pthread_create(&thread, NULL, run, NULL);
	pthread_barrier_wait(&turn);
	wait_until_limit(&second);
	pthread_barrier_wait(&turn);
	sem_wait(&waiting);
	pthread_mutex_lock(&first);
	go = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&first);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&turn);
	sem_destroy(&waiting);
	return 0;
}
