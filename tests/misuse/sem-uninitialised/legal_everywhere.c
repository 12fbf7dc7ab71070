/*
 * Legal: semaphores in all kinds of memory that were initialised: a variable, a stack, the heap,
 * again where one was destroyed, before a fork for the child, and in shared memory at an address
 * that another process does not have.
 */
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t global;

static void use(sem_t *sem)
{
	sem_post(sem);
	sem_wait(sem);
}

static void use_own(void)
{
	sem_t own;

	sem_init(&own, 0, 0);
	use(&own);
	sem_destroy(&own);
}

static void use_heap(void)
{
	sem_t *sem = malloc(sizeof(*sem));

	for (int i = 0; i < 2; i++) {
		sem_init(sem, 0, 0);
		use(sem);
		sem_destroy(sem);
	}
	free(sem);
}

int main(void)
{
	sem_t *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	sem_init(&global, 0, 0);
	sem_init(shared, 1, 0);
	use_own();
	use_heap();
	if (fork() == 0) {
		/* the child of a child, whose parent did not touch it */
		if (fork() == 0) {
			use(&global);
			use(mremap(shared, sizeof(*shared), sizeof(*shared), 0));
			_exit(0);
		}
		wait(NULL);
		_exit(0);
	}
	wait(NULL);
	use(&global);
	sem_destroy(&global);
	sem_destroy(shared);
	return 0;
}
