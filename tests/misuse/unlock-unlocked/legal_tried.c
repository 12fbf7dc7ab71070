/*
 * A lock that is tried is unlocked only if it was got; one that another thread has is asked for
 * with a limit of time, in vain, and is not unlocked.
 */
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void *try_all(void *unused)
{
	struct timespec past = {0};

	if (pthread_mutex_trylock(&mutex) == 0 || pthread_mutex_timedlock(&mutex, &past) == 0)
		pthread_mutex_unlock(&mutex);
	if (pthread_rwlock_trywrlock(&rwlock) == 0 ||
	    pthread_rwlock_timedwrlock(&rwlock, &past) == 0)
		pthread_rwlock_unlock(&rwlock);
	if (pthread_rwlock_tryrdlock(&rwlock) == 0)
		pthread_rwlock_unlock(&rwlock);
	return unused;
}

static int run_beside(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, try_all, NULL);
	return pthread_join(thread, NULL);
}

int main(void)
{
	int error = run_beside();

	pthread_mutex_lock(&mutex);
	pthread_rwlock_rdlock(&rwlock);
	error |= run_beside();
	pthread_rwlock_unlock(&rwlock);
	pthread_mutex_unlock(&mutex);
	return error;
}
