/* The consumer wants three items; the producer ends after two, without a word. */
#include <pthread.h>
#include <semaphore.h>

#include "support/hang.h"

enum { WANTED = 3 };

static sem_t filled;

static void *produce(void *unused)
{
	(void)unused;
	for (int i = 0; i < (hang_fixed ? WANTED : WANTED - 1); i++)
		sem_post(&filled);
	return NULL;
}

static void *consume(void *unused)
{
	(void)unused;
	for (int i = 0; i < WANTED; i++) {
		if (i == WANTED - 1)
			hang_last(1);
		sem_wait(&filled);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t producer, consumer;

	hang_begin(argc, argv);
	sem_init(&filled, 0, 0);
	pthread_create(&producer, NULL, produce, NULL);
	pthread_join(producer, NULL);
	pthread_create(&consumer, NULL, consume, NULL);
	hang_sleep();
	return pthread_join(consumer, NULL);
}
