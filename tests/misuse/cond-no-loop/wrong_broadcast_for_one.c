/*
 * Two consumers wait in an `if`. The producer brings one item and wakes both, and both take it.
 *
 * cc: races
 * expect: cond-no-loop filled consume consume warning
 */
#include <pthread.h>
#include <semaphore.h>

enum { CONSUMERS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static sem_t waiting;
static int items;

static void *consume(void *arg)
{
	pthread_mutex_lock(&lock);
	sem_post(&waiting);
	if (items == 0)
		pthread_cond_wait(&filled, &lock);
	items--;
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_t consumers[CONSUMERS];

	sem_init(&waiting, 0, 0);
	for (int i = 0; i < CONSUMERS; i++)
		pthread_create(&consumers[i], NULL, consume, NULL);
	for (int i = 0; i < CONSUMERS; i++)
		sem_wait(&waiting);
	pthread_mutex_lock(&lock);
	items++;
	pthread_cond_broadcast(&filled);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < CONSUMERS; i++)
		pthread_join(consumers[i], NULL);
	sem_destroy(&waiting);
	return 0;
}
