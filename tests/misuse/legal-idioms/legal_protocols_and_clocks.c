/*
 * Mutexes with priority inheritance, process-shared spin locks, locks with a limit by a clock that
 * are got in time, a read-write lock that its own writer tries to read, and a condition
 * variable with another clock.
 */
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t inheriting;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_cond_t changed;
static int done;

static void init_all(void)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;

	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setprotocol(&mutex, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&inheriting, &mutex);
	pthread_mutexattr_destroy(&mutex);
	pthread_condattr_init(&cond);
	pthread_condattr_setclock(&cond, CLOCK_MONOTONIC);
	pthread_cond_init(&changed, &cond);
	pthread_condattr_destroy(&cond);
	pthread_spin_init(&spin, PTHREAD_PROCESS_SHARED);
}

static void *use_all(void *failed)
{
	struct timespec limit;

	clock_gettime(CLOCK_MONOTONIC, &limit);
	limit.tv_sec += 20;
	for (int i = 0; i < 20; i++) {
		pthread_mutex_clocklock(&inheriting, CLOCK_MONOTONIC, &limit);
		pthread_spin_lock(&spin);
		pthread_spin_unlock(&spin);
		pthread_mutex_unlock(&inheriting);
		pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, &limit);
		if (pthread_rwlock_tryrdlock(&rwlock) != EBUSY)
			*(int *)failed = 1;
		pthread_rwlock_unlock(&rwlock);
	}
	pthread_mutex_lock(&inheriting);
	done = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&inheriting);
	return NULL;
}

int main(void)
{
	struct timespec limit;
	pthread_t thread;
	int failed = 0, error = 0;

	init_all();
	pthread_create(&thread, NULL, use_all, &failed);
	clock_gettime(CLOCK_MONOTONIC, &limit);
	limit.tv_sec += 20;
	pthread_mutex_lock(&inheriting);
	while (!done && error == 0)
		error = pthread_cond_timedwait(&changed, &inheriting, &limit);
	pthread_mutex_unlock(&inheriting);
	pthread_join(thread, NULL);
	pthread_spin_destroy(&spin);
	pthread_cond_destroy(&changed);
	pthread_mutex_destroy(&inheriting);
	return failed | error;
}
