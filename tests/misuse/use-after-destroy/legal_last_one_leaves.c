/*
 * Who gets the last unit of a semaphore destroys it, while the one who posted is still in its call;
 * a barrier is destroyed while others are still leaving it; the child of a fork goes on with its
 * copies of what its parent destroys.
 */
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_barrier_t barrier;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t copied;

static void *post(void *semaphore)
{
	sem_post(semaphore);
	if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
		pthread_barrier_destroy(&barrier);
	return NULL;
}

static void in_child(int until_closed)
{
	char byte;

	read(until_closed, &byte, 1);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	sem_post(&copied);
	sem_wait(&copied);
	_exit(0);
}

static void fork_and_destroy(void)
{
	int ends[2];

	if (pipe(ends))
		_exit(1);
	sem_init(&copied, 0, 0);
	if (fork() == 0) {
		close(ends[1]);
		in_child(ends[0]);
	}
	close(ends[0]);
	pthread_mutex_destroy(&mutex);
	pthread_rwlock_destroy(&rwlock);
	sem_destroy(&copied);
	close(ends[1]);
	wait(NULL);
}

int main(void)
{
	for (int i = 0; i < 20; i++) {
		pthread_t thread;
		sem_t semaphore;

		sem_init(&semaphore, 0, 0);
		pthread_barrier_init(&barrier, NULL, 2);
		pthread_create(&thread, NULL, post, &semaphore);
		sem_wait(&semaphore);
		sem_destroy(&semaphore);
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			pthread_barrier_destroy(&barrier);
		pthread_join(thread, NULL);
	}
	fork_and_destroy();
	return 0;
}
