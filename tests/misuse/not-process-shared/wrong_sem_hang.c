/*
 * Parent and child are to meet at a semaphore that is a plain global variable: the child posts its
 * own copy, and the parent waits for ever on the other one.
 *
 * expect: not-process-shared done wait_in_parent post_in_child main main error
 * also: missing-post
 */
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t done;

static void post_in_child(void)
{
	sem_post(&done);
}

static void wait_in_parent(void)
{
	sem_wait(&done);
}

int main(void)
{
	int posted[2];
	char byte = 0;

	sem_init(&done, 0, 0);
	if (pipe(posted))
		return 1;
	if (fork() == 0) {
		post_in_child();
		if (write(posted[1], &byte, 1) != 1)
			_exit(1);
		_exit(0);
	}
	if (read(posted[0], &byte, 1) != 1)
		return 1;
	wait_in_parent();
	wait(NULL);
	sem_destroy(&done);
	return 0;
}
