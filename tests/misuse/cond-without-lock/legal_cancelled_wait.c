/*
 * Legal: a thread is cancelled while it waits. It has the mutex again in its cleanup handler, which
 * waits once more, with a limit, and unlocks.
 */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static sem_t waiting;

static void clean_up(void *arg)
{
	static const struct timespec past = {1, 0};

	(void)arg;
	pthread_cond_timedwait(&never, &lock, &past);
	pthread_mutex_unlock(&lock);
}

static void *waiter(void *arg)
{
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(clean_up, NULL);
	sem_post(&waiting);
	for (;;)
		pthread_cond_wait(&never, &lock);
	pthread_cleanup_pop(1);
	return arg;
}

int main(void)
{
	pthread_t thread;

	sem_init(&waiting, 0, 0);
	pthread_create(&thread, NULL, waiter, NULL);
	sem_wait(&waiting);
	pthread_mutex_lock(&lock); /* it waits now */
	pthread_mutex_unlock(&lock);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	sem_destroy(&waiting);
	return 0;
}
