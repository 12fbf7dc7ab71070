/*
 * pshared 1 alone shares nothing: the semaphore is a global variable, which fork copies. The child
 * posts its own copy, and the parent would wait for ever on the other one; here it gives up after
 * a moment.
 *
 * expect: not-process-shared done post_in_child wait_in_parent main main error
 */
#include <semaphore.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static sem_t done;

static void post_in_child(void)
{
	sem_post(&done);
}

static int wait_in_parent(void)
{
	struct timespec soon;

	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec += 1000000;
	if (soon.tv_nsec >= 1000000000) {
		soon.tv_sec++;
		soon.tv_nsec -= 1000000000;
	}
	return sem_timedwait(&done, &soon);
}

int main(void)
{
	int go[2];
	char byte = 0;
	pid_t child;

	sem_init(&done, 1, 0);
	if (pipe(go))
		return 1;
	child = fork();
	if (child == 0) {
		if (read(go[0], &byte, 1) != 1)
			_exit(1);
		post_in_child();
		_exit(0);
	}
	(void)wait_in_parent();
	if (write(go[1], &byte, 1) != 1)
		return 1;
	waitpid(child, NULL, 0);
	sem_destroy(&done);
	return 0;
}
