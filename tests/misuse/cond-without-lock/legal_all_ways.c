/*
 * Legal: the mutex is locked before each wait, by whatever call: lock, trylock, timedlock, a wait
 * before that ended by its limit or failed because the limit makes no sense. Signals need no lock.
 * A recursive mutex that is locked once is as good as another.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, nested;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static const struct timespec past = {1, 0}, nonsense = {1, -1};

static void expect(int result, int expected)
{
	if (result != expected)
		abort();
}

static void wait_three_times(pthread_mutex_t *mutex)
{
	expect(pthread_cond_timedwait(&ready, mutex, &past), ETIMEDOUT);
	expect(pthread_cond_timedwait(&ready, mutex, &nonsense), EINVAL);
	expect(pthread_cond_clockwait(&ready, mutex, CLOCK_MONOTONIC, &past), ETIMEDOUT);
	expect(pthread_mutex_unlock(mutex), 0);
}

int main(void)
{
	struct timespec later;
	pthread_mutexattr_t attributes;

	clock_gettime(CLOCK_REALTIME, &later);
	later.tv_sec += 60;
	expect(pthread_mutex_trylock(&lock), 0);
	wait_three_times(&lock);
	expect(pthread_mutex_timedlock(&lock, &later), 0);
	wait_three_times(&lock);
	pthread_cond_signal(&ready);
	pthread_cond_broadcast(&ready);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&nested, &attributes);
	pthread_mutexattr_destroy(&attributes);
	pthread_mutex_lock(&nested);
	pthread_mutex_lock(&nested);
	pthread_mutex_unlock(&nested);
	wait_three_times(&nested);
	pthread_mutex_destroy(&nested);
	pthread_mutex_destroy(&lock);
	pthread_cond_destroy(&ready);
	return 0;
}
