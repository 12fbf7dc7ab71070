/*
 * The semaphore lies in memory that parent and child share, but sem_init was told that one process
 * uses it (pshared 0). Its post wakes waiters of the poster's process only: had the child come to
 * wait first, it would wait for ever.
 *
 * expect: not-process-shared - wait_for_parent let_child_go main error
 */
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t *ready;

static void let_child_go(void)
{
	sem_post(ready);
}

static void wait_for_parent(void)
{
	sem_wait(ready);
}

int main(void)
{
	int go[2];
	char byte = 0;
	pid_t child;

	ready = mmap(NULL, sizeof(*ready), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	sem_init(ready, 0, 0);
	if (pipe(go))
		return 1;
	child = fork();
	if (child == 0) {
		if (read(go[0], &byte, 1) != 1)
			_exit(1);
		wait_for_parent();
		_exit(0);
	}
	let_child_go();
	if (write(go[1], &byte, 1) != 1)
		return 1;
	waitpid(child, NULL, 0);
	sem_destroy(ready);
	return 0;
}
