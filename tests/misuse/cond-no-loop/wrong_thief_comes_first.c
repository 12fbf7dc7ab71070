/*
 * A consumer waits in an `if`. The producer signals, but another consumer, that was not waiting,
 * gets the mutex first and takes the item. The first one takes it once more: -1 items are left.
 *
 * cc: races
 * expect: cond-no-loop filled wait_once wait_once steal warning
 */
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static sem_t waiting;
static int items;

static void take(void)
{
	items--;
}

static void *wait_once(void *arg)
{
	pthread_mutex_lock(&lock);
	sem_post(&waiting);
	if (items == 0)
		pthread_cond_wait(&filled, &lock);
	take();
	pthread_mutex_unlock(&lock);
	return arg;
}

static void steal(void)
{
	if (items > 0)
		take();
}

int main(void)
{
	pthread_t consumer;

	sem_init(&waiting, 0, 0);
	pthread_create(&consumer, NULL, wait_once, NULL);
	sem_wait(&waiting);
	pthread_mutex_lock(&lock);
	items++;
	pthread_cond_signal(&filled);
	steal(); /* the consumer is awake, and needs the mutex */
	pthread_mutex_unlock(&lock);
	pthread_join(consumer, NULL);
	sem_destroy(&waiting);
	return 0;
}
