/*
 * The semaphore was initialised with pshared 1, but is a variable of each process. The child posts
 * its own copy and ends; the parent waits for the child first, then for the post, which never
 * comes.
 *
 * expect: not-process-shared done take_it post_it make_it fork_it error
 */
#include <semaphore.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static sem_t done;

static void make_it(void)
{
	sem_init(&done, 1, 0);
}

static void post_it(void)
{
	sem_post(&done);
}

static int take_it(void)
{
	const struct timespec long_ago = {0};

	return sem_timedwait(&done, &long_ago);
}

static pid_t fork_it(void)
{
	return fork();
}

int main(void)
{
	pid_t child;

	make_it();
	child = fork_it();
	if (child == 0) {
		post_it();
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return take_it() ? 0 : 1;
}
