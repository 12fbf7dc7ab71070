/*
 * Locks and waits with a time limit that runs out; the program looks at ETIMEDOUT and does without.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t semaphore;
static int done;

static struct timespec soon(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	time.tv_nsec += 2000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_nsec -= 1000000000;
		time.tv_sec++;
	}
	return time;
}

static void *give_up(void *failed)
{
	struct timespec limit = soon(CLOCK_REALTIME);
	int error = 0;

	*(int *)failed = pthread_mutex_timedlock(&mutex, &limit) != ETIMEDOUT;
	limit = soon(CLOCK_REALTIME);
	*(int *)failed |= pthread_rwlock_timedrdlock(&rwlock, &limit) != ETIMEDOUT;
	limit = soon(CLOCK_REALTIME);
	*(int *)failed |= sem_timedwait(&semaphore, &limit) == 0 || errno != ETIMEDOUT;
	pthread_mutex_lock(&other);
	limit = soon(CLOCK_MONOTONIC);
	while (!done && error == 0)
		error = pthread_cond_clockwait(&never, &other, CLOCK_MONOTONIC, &limit);
	pthread_mutex_unlock(&other);
	*(int *)failed |= error != ETIMEDOUT;
	return NULL;
}

int main(void)
{
	pthread_t thread;
	int failed;

	sem_init(&semaphore, 0, 0);
	pthread_mutex_lock(&mutex);
	pthread_rwlock_wrlock(&rwlock);
	pthread_create(&thread, NULL, give_up, &failed);
	pthread_join(thread, NULL);
	pthread_rwlock_unlock(&rwlock);
	pthread_mutex_unlock(&mutex);
	return failed;
}
