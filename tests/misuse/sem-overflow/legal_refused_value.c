/*
 * Legal: sem_init refuses a first value above SEM_VALUE_MAX, as -1 is, and the program looks at
 * what it returns: it takes another value.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t slots;

static int init_slots(int wanted)
{
	if (sem_init(&slots, 0, (unsigned)wanted) == 0)
		return 0;
	if (errno != EINVAL)
		return -1;
	puts("that many are not possible");
	return sem_init(&slots, 0, 1);
}

int main(void)
{
	if (init_slots(-1))
		return 1;
	sem_wait(&slots);
	sem_post(&slots);
	return sem_destroy(&slots);
}
