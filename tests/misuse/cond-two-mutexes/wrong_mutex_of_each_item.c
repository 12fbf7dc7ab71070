/*
 * Each item has a mutex of its own, but all share one condition. While one thread waits for an
 * item, another one waits for another item, with that one's mutex and a time limit.
 *
 * expect: cond-two-mutexes filled wait_a_while wait_for_it error
 */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

struct item {
	pthread_mutex_t lock;
	int full;
};

static struct item items[2] = {{PTHREAD_MUTEX_INITIALIZER, 0}, {PTHREAD_MUTEX_INITIALIZER, 0}};
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static sem_t waiting;

static void *wait_for_it(void *arg)
{
	struct item *item = arg;

	pthread_mutex_lock(&item->lock);
	sem_post(&waiting);
	while (!item->full)
		pthread_cond_wait(&filled, &item->lock);
	pthread_mutex_unlock(&item->lock);
	return NULL;
}

static void wait_a_while(struct item *item)
{
	static const struct timespec past = {1, 0};

	pthread_mutex_lock(&item->lock);
	if (!item->full)
		pthread_cond_timedwait(&filled, &item->lock, &past);
	pthread_mutex_unlock(&item->lock);
}

int main(void)
{
	pthread_t thread;

	sem_init(&waiting, 0, 0);
	pthread_create(&thread, NULL, wait_for_it, &items[0]);
	sem_wait(&waiting);
	pthread_mutex_lock(&items[0].lock); /* it waits now */
	pthread_mutex_unlock(&items[0].lock);
	wait_a_while(&items[1]);
	pthread_mutex_lock(&items[0].lock);
	items[0].full = 1;
	pthread_cond_signal(&filled);
	pthread_mutex_unlock(&items[0].lock);
	pthread_join(thread, NULL);
	sem_destroy(&waiting);
	return 0;
}
