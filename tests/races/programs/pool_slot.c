/* A job goes to a worker by a semaphore, but its last field is filled in after the post. */
#include <semaphore.h>

#include "race.h"

struct job {
	int size;
	int priority;
};

struct job slot;
sem_t full;

static void submit(void)
{
	slot.size = 10;
#ifdef FIXED
	slot.priority = 3;
	sem_post(&full);
#else
	sem_post(&full);
	slot.priority = 3;
#endif
}

static void work(void)
{
	sem_wait(&full);
	race_use(slot.size);
	race_use(slot.priority);
}

int main(void)
{
	sem_init(&full, 0, 0);
	race_run(submit, work);
	sem_destroy(&full);
	return race_end();
}
