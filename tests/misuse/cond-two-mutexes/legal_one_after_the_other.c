/*
 * Legal: one condition is used with two mutexes, but not at the same time: the second wait begins
 * when the first one was signalled, while its thread has not yet returned; or when it was over.
 */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

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

static void wait_with_second(void)
{
	static const struct timespec past = {1, 0};

	pthread_mutex_lock(&second);
	pthread_cond_timedwait(&changed, &second, &past);
	pthread_mutex_unlock(&second);
}

int main(void)
{
	pthread_t thread;

	sem_init(&waiting, 0, 0);
	pthread_create(&thread, NULL, wait_with_first, NULL);
	sem_wait(&waiting);
	pthread_mutex_lock(&first);
	go = 1;
	pthread_cond_signal(&changed);
	wait_with_second(); /* the other one is woken, but needs the mutex that is held here */
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&first);
	pthread_join(thread, NULL);
	wait_with_second();
	sem_destroy(&waiting);
	return 0;
}
