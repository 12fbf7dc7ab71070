/*
 * A semaphore on a stack, with the bytes of one that was initialised to zero by an initialiser of
 * C: that is what happens to work, but nobody called sem_init.
 *
 * expect: sem-uninitialised - post_it error
 */
#include <semaphore.h>

static void post_it(sem_t *sem)
{
	sem_post(sem);
}

int main(void)
{
	sem_t done = {0};

	post_it(&done);
	return sem_wait(&done);
}
