/*
 * The value is above SEM_VALUE_MAX: sem_init fails, and what is posted is no semaphore.
 *
 * expect: ignored-error - post_it make_it error
 */
#include <semaphore.h>
#include <stdlib.h>

static void make_it(sem_t *tickets, unsigned value)
{
	sem_init(tickets, 0, value);
}

static void post_it(sem_t *tickets)
{
	sem_post(tickets);
}

int main(void)
{
	sem_t *tickets = calloc(1, sizeof(*tickets));

	if (!tickets)
		return 1;
	make_it(tickets, 0x80000000u);
	post_it(tickets);
	free(tickets);
	return 0;
}
