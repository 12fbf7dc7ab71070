/*
 * Threads are cancelled in waits, and their cleanup handlers give the locks back: after a wait on a
 * condition variable, which has taken its mutex again; in sem_wait and in read with a lock held.
 */
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t started;
static sem_t semaphore;
static int ends[2];

static void unlock_mutex(void *argument)
{
	pthread_mutex_unlock(argument);
}

static void unlock_rwlock(void *argument)
{
	pthread_rwlock_unlock(argument);
}

static void *in_cond_wait(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock_mutex, &mutex);
	pthread_barrier_wait(&started);
	for (;;)
		pthread_cond_wait(&never, &mutex);
	pthread_cleanup_pop(1);
	return unused;
}

static void *in_sem_wait(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock_mutex, &mutex);
	pthread_barrier_wait(&started);
	sem_wait(&semaphore);
	pthread_cleanup_pop(1);
	return unused;
}

static void *in_read(void *unused)
{
	char byte;

	pthread_rwlock_wrlock(&rwlock);
	pthread_cleanup_push(unlock_rwlock, &rwlock);
	pthread_barrier_wait(&started);
	(void)!read(ends[0], &byte, 1);
	pthread_cleanup_pop(1);
	return unused;
}

static int cancel(void *(*start)(void *))
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, start, NULL);
	pthread_barrier_wait(&started);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	return result == PTHREAD_CANCELED;
}

int main(void)
{
	pthread_barrier_init(&started, NULL, 2);
	sem_init(&semaphore, 0, 0);
	if (pipe(ends) != 0 || !cancel(in_cond_wait) || !cancel(in_sem_wait) || !cancel(in_read))
		return 1;
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_rdlock(&rwlock);
	return pthread_rwlock_unlock(&rwlock);
}
