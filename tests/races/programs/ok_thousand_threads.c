/* 1,000 threads that all live at once count under one lock. */
#include <stdlib.h>

#include "race.h"

enum { THREADS = 1000, STACK = 65536 };

long counter;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_barrier_t all;

static void *work(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&all);
	pthread_mutex_lock(&lock);
	counter++;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	static pthread_t threads[THREADS];
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	pthread_barrier_init(&all, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], &attributes, work, NULL))
			abort();
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	race_use(counter);
	return race_end();
}
