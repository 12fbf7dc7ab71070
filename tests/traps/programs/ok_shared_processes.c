/* Two processes share memory under a semaphore and a mutex made for that, and by atomics. */
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "shared.h"

enum { ROUNDS = 3000 };

struct memory {
	sem_t semaphore;
	pthread_mutex_t lock;
	long by_semaphore, by_lock;
	atomic_long by_atomic;
	int own[2];
};

static pid_t parent;

static void count(void *shared)
{
	struct memory *memory = shared;
	int *own = &memory->own[getpid() == parent];

	for (int i = 0; i < ROUNDS; i++) {
		sem_wait(&memory->semaphore);
		memory->by_semaphore++;
		sem_post(&memory->semaphore);
		pthread_mutex_lock(&memory->lock);
		memory->by_lock++;
		pthread_mutex_unlock(&memory->lock);
		memory->by_atomic++;
		++*own;
		trial_keep();
	}
}

int main(void)
{
	struct memory *memory = mmap(NULL, sizeof(*memory), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;

	if (memory == MAP_FAILED)
		abort();
	parent = getpid();
	sem_init(&memory->semaphore, 1, 1);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&memory->lock, &attributes);
	shared_run(count, memory, NULL);
	trial_check(memory->by_semaphore == 2 * ROUNDS && memory->by_lock == 2 * ROUNDS);
	trial_check(memory->by_atomic == 2 * ROUNDS && memory->own[0] == ROUNDS);
	return trial_end();
}
