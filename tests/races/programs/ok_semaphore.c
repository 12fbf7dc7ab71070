/* Two semaphores take turns with a ring of plain slots. */
#include <semaphore.h>

#include "race.h"

enum { SLOTS = 4 };

int ring[SLOTS];
sem_t empty;
sem_t full;

static void produce(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		sem_wait(&empty);
		ring[i % SLOTS] = i;
		sem_post(&full);
	}
}

static void consume(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		sem_wait(&full);
		race_use(ring[i % SLOTS]);
		sem_post(&empty);
	}
}

int main(void)
{
	sem_init(&empty, 0, SLOTS);
	sem_init(&full, 0, 0);
	race_run(produce, consume);
	sem_destroy(&empty);
	sem_destroy(&full);
	return race_end();
}
