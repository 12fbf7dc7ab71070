/*
 * Teaches: processes share memory only on request, and a semaphore in it works as their lock.
 *
 * Parent and child count in memory that mmap shares, each step under a process-shared semaphore.
 * conctrace sees one semaphore, used by two processes, and has nothing to say.
 */
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEPS 10000

struct shared {
	sem_t lock;
	long count;
};

static void count_up(struct shared *shared)
{
	for (int i = 0; i < STEPS; i++) {
		sem_wait(&shared->lock);
		shared->count++;
		sem_post(&shared->lock);
	}
}

int main(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	if (shared == MAP_FAILED || sem_init(&shared->lock, 1, 1) < 0)
		return 1;
	child = fork();
	count_up(shared);
	if (child == 0)
		_exit(0);
	if (waitpid(child, NULL, 0) != child)
		return 1;
	printf("count %ld\n", shared->count);
	return shared->count == 2L * STEPS ? 0 : 1;
}
