/*
 * Teaches: processes share memory only on request, and what they share needs a lock.
 *
 * Two processes count up a value and an array of three in memory that mmap shares, 20 times each.
 *
 *   shared_counter          without a lock: updates are lost
 *   shared_counter --fixed  each step under a mutex that lies in the shared memory too: 40
 *
 * Built for recording accesses (build/demos/race/shared_counter, or conctrace cc): rule data-race
 * between the two processes; nothing of the fixed one. Each step takes 1 ms between load and store,
 * as one that takes nanoseconds is right in most runs.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STEPS 20
#define CELLS 3

struct shared {
	pthread_mutex_t lock;
	int value;
	int array[CELLS];
};

static int fixed;

static void step(struct shared *shared)
{
	int value = shared->value, cells[CELLS];

	for (int i = 0; i < CELLS; i++)
		cells[i] = shared->array[i];
	nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	shared->value = value + 1;
	for (int i = 0; i < CELLS; i++)
		shared->array[i] = cells[i] + 1;
}

static void count_up(struct shared *shared)
{
	for (int i = 0; i < STEPS; i++) {
		if (fixed)
			pthread_mutex_lock(&shared->lock);
		step(shared);
		if (fixed)
			pthread_mutex_unlock(&shared->lock);
	}
}

int main(int argc, char **argv)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;
	pid_t child;

	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	if (shared == MAP_FAILED)
		return 1;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->lock, &attributes);
	child = fork();
	count_up(shared);
	if (child == 0)
		_exit(0);
	if (waitpid(child, NULL, 0) != child)
		return 1;
	if (shared->value != 2 * STEPS)
		printf("wrong: updates are lost\n");
	else
		printf("right: %d, and %d in the array\n", shared->value, shared->array[0]);
	return 0;
}
