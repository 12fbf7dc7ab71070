/* 1,000 short threads, ten at a time and detached or joined: their stacks are used again. */
#include <semaphore.h>

#include "race.h"

enum { THREADS = 1000, AT_ONCE = 10 };

sem_t finished;

static void *work(void *unused)
{
	volatile int own[64];

	(void)unused;
	for (int i = 0; i < 64; i++)
		own[i] = i;
	race_use(own[10]);
	sem_post(&finished);
	return NULL;
}

int main(void)
{
	pthread_t threads[AT_ONCE];

	sem_init(&finished, 0, 0);
	for (int round = 0; round < THREADS / AT_ONCE; round++) {
		for (int i = 0; i < AT_ONCE; i++)
			pthread_create(&threads[i], NULL, work, NULL);
		for (int i = 0; i < AT_ONCE; i++) {
			if (round % 2)
				pthread_join(threads[i], NULL);
			else
				pthread_detach(threads[i]);
		}
		for (int i = 0; i < AT_ONCE; i++)
			sem_wait(&finished);
	}
	return race_end();
}
