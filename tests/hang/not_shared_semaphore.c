/*
 * A parent waits for its child on a semaphore in memory that both have, but that was initialised
 * with pshared 0: the kernel looks for who waits in the child, and finds nobody. The twin
 * initialises it with 1.
 */
#include <semaphore.h>
#include <unistd.h>

#include "support/hang.h"

static void do_part(sem_t *done)
{
	hang_last(1);
	sem_post(done);
	_exit(0);
}

int main(int argc, char **argv)
{
	sem_t *done;
	pid_t child;

	hang_begin(argc, argv);
	done = hang_shared(sizeof(*done));
	sem_init(done, hang_fixed, 0);
	child = fork();
	if (child == 0)
		do_part(done);
	hang_sleep();
	sem_wait(done);
	return hang_reap(child);
}
