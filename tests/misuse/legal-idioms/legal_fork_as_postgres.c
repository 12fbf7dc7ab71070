/*
 * A parent of one thread makes process-shared semaphores and a mutex in memory that its children
 * inherit, and forks workers: each waits at its own semaphore, and wakes the next one.
 */
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 3

struct shared {
	sem_t wake[WORKERS], done;
	pthread_mutex_t mutex;
	int turns;
};

static void work(struct shared *shared, int number)
{
	sem_wait(&shared->wake[number]);
	pthread_mutex_lock(&shared->mutex);
	shared->turns++;
	pthread_mutex_unlock(&shared->mutex);
	sem_post(number + 1 < WORKERS ? &shared->wake[number + 1] : &shared->done);
}

int main(void)
{
	struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	sem_init(&shared->done, 1, 0);
	for (int i = 0; i < WORKERS; i++)
		sem_init(&shared->wake[i], 1, 0);
	for (int i = 0; i < WORKERS; i++) {
		if (fork() == 0) {
			work(shared, i);
			_exit(0);
		}
	}
	sem_post(&shared->wake[0]);
	sem_wait(&shared->done);
	while (wait(NULL) > 0)
		;
	return shared->turns == WORKERS ? 0 : 1;
}
