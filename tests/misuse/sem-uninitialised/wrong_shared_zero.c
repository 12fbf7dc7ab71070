/*
 * New shared memory is all zero, and so is the semaphore in it, which nobody initialised.
 *
 * expect: sem-uninitialised - post_in_child error
 */
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void post_in_child(sem_t *done)
{
	sem_post(done);
}

int main(void)
{
	sem_t *done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			   -1, 0);
	pid_t child = fork();

	if (child == 0) {
		post_in_child(done);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	sem_wait(done);
	return 0;
}
