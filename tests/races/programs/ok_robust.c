/* A robust mutex in shared memory: a child dies with it, and the parent mends what it left. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "race.h"

struct shared {
	pthread_mutex_t lock;
	int count;
};

static void init(struct shared *shared)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&shared->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

static void add(struct shared *shared)
{
	if (pthread_mutex_lock(&shared->lock) == EOWNERDEAD)
		pthread_mutex_consistent(&shared->lock);
	shared->count++;
}

int main(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	if (shared == MAP_FAILED)
		return 1;
	init(shared);
	child = fork();
	add(shared);
	if (child == 0)
		_exit(0); /* with the lock */
	pthread_mutex_unlock(&shared->lock);
	waitpid(child, NULL, 0);
	add(shared);
	pthread_mutex_unlock(&shared->lock);
	race_use(shared->count);
	return race_end();
}
