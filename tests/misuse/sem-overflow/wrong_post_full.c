/*
 * The semaphore begins with the largest value there is; one more post is refused with EOVERFLOW,
 * and nobody looks.
 *
 * expect: sem-overflow tickets put_back main error
 */
#include <limits.h>
#include <semaphore.h>

static sem_t tickets;

static void put_back(void)
{
	sem_post(&tickets);
}

int main(void)
{
	sem_init(&tickets, 0, SEM_VALUE_MAX);
	put_back();
	sem_destroy(&tickets);
	return 0;
}
