/*
 * A bounded buffer: two condition variables of one mutex. A condition variable that is used with
 * one mutex, and with another one when nobody waits with the first any more. A countdown whose
 * waiter looks before it waits, and so never waits for what has happened.
 */
#include <pthread.h>

#define ITEMS 50

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER, not_empty = PTHREAD_COND_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;
static int used, left = 2;

static void put(void)
{
	pthread_mutex_lock(&mutex);
	while (used == 3)
		pthread_cond_wait(&not_full, &mutex);
	if (used++ == 0)
		pthread_cond_broadcast(&not_empty);
	pthread_mutex_unlock(&mutex);
}

static void get(void)
{
	pthread_mutex_lock(&mutex);
	while (used == 0)
		pthread_cond_wait(&not_empty, &mutex);
	if (used-- == 3)
		pthread_cond_broadcast(&not_full);
	pthread_mutex_unlock(&mutex);
}

static void count_down(pthread_mutex_t *with)
{
	pthread_mutex_lock(with);
	if (--left == 0)
		pthread_cond_signal(&done);
	pthread_mutex_unlock(with);
}

static void await_zero(pthread_mutex_t *with)
{
	pthread_mutex_lock(with);
	while (left > 0)
		pthread_cond_wait(&done, with);
	pthread_mutex_unlock(with);
}

static void *produce(void *with)
{
	for (int i = 0; i < ITEMS; i++)
		put();
	count_down(with);
	return NULL;
}

static void *consume(void *with)
{
	for (int i = 0; i < ITEMS; i++)
		get();
	count_down(with);
	return NULL;
}

static void all(pthread_mutex_t *with)
{
	pthread_t producer, consumer;

	left = 2;
	pthread_create(&producer, NULL, produce, with);
	pthread_create(&consumer, NULL, consume, with);
	await_zero(with);
	pthread_join(producer, NULL);
	pthread_join(consumer, NULL);
}

int main(void)
{
	all(&mutex);
	all(&other);
	return 0;
}
