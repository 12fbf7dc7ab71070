/*
 * A mutex is destroyed right after the last unlock; a read-write lock by the last of its readers;
 * a condition variable right after the signals for all who wait, which they have not yet returned
 * from; a barrier by the serial thread, while the others are just leaving it; a semaphore by who
 * has got what was posted last.
 */
#include <pthread.h>
#include <semaphore.h>

#define THREADS 3

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t go = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t waiting, done;
static int is_open;

static void *work(void *unused)
{
	pthread_mutex_lock(&mutex);
	sem_post(&waiting);
	while (!is_open)
		pthread_cond_wait(&go, &mutex);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) {
		pthread_rwlock_destroy(&rwlock);
		pthread_barrier_destroy(&barrier);
		sem_post(&done);
	}
	return unused;
}

/* Who has posted `waiting` holds the mutex until it waits. */
static void wake_each(void)
{
	for (int i = 0; i < THREADS; i++)
		sem_wait(&waiting);
	pthread_mutex_lock(&mutex);
	is_open = 1;
	for (int i = 0; i < THREADS; i++)
		pthread_cond_signal(&go);
	pthread_cond_destroy(&go);
	pthread_mutex_unlock(&mutex);
}

int main(void)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&barrier, NULL, THREADS);
	sem_init(&waiting, 0, 0);
	sem_init(&done, 0, 0);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	wake_each();
	sem_wait(&done);
	sem_destroy(&done);
	sem_destroy(&waiting);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return pthread_mutex_destroy(&mutex);
}
