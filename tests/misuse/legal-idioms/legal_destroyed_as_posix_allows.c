/*
 * Destroyed at the first moment that POSIX allows it: a condition variable right after the
 * broadcast, though the waiters have not yet returned; a mutex by the one who drops the last
 * reference, right after the unlock; a barrier by the serial thread, right after the wait; and a
 * semaphore by the waiter, right after the wait.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#define THREADS 3

static sem_t arrived;

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t go;
	pthread_barrier_t barrier;
	int is_open, references;
};

static void drop(struct shared *shared)
{
	pthread_mutex_lock(&shared->mutex);
	int left = --shared->references;
	pthread_mutex_unlock(&shared->mutex);
	if (left == 0) {
		pthread_mutex_destroy(&shared->mutex);
		free(shared);
	}
}

static void *wait_for_go(void *argument)
{
	struct shared *shared = argument;

	pthread_mutex_lock(&shared->mutex);
	sem_post(&arrived);
	while (!shared->is_open)
		pthread_cond_wait(&shared->go, &shared->mutex);
	pthread_mutex_unlock(&shared->mutex);
	if (pthread_barrier_wait(&shared->barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
		pthread_barrier_destroy(&shared->barrier);
	drop(shared);
	return NULL;
}

/* Who has arrived holds the mutex until it waits: all wait when this has it. */
static void open_gate(struct shared *shared)
{
	for (int i = 0; i < THREADS; i++)
		sem_wait(&arrived);
	pthread_mutex_lock(&shared->mutex);
	shared->is_open = 1;
	pthread_cond_broadcast(&shared->go);
	pthread_cond_destroy(&shared->go);
	pthread_mutex_unlock(&shared->mutex);
}

static void *post(void *semaphore)
{
	sem_post(semaphore);
	return NULL;
}

static void semaphores(void)
{
	for (int i = 0; i < 10; i++) {
		sem_t done;
		pthread_t thread;

		sem_init(&done, 0, 0);
		pthread_create(&thread, NULL, post, &done);
		sem_wait(&done);
		sem_destroy(&done);
		pthread_join(thread, NULL);
	}
}

int main(void)
{
	struct shared *shared = calloc(1, sizeof *shared);
	pthread_t threads[THREADS];

	sem_init(&arrived, 0, 0);
	pthread_mutex_init(&shared->mutex, NULL);
	pthread_cond_init(&shared->go, NULL);
	pthread_barrier_init(&shared->barrier, NULL, THREADS);
	shared->references = THREADS;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, wait_for_go, shared);
	open_gate(shared);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	semaphores();
	return 0;
}
