/*
 * Legal: what failed is looked at. A trylock that is refused is followed by one that waits; a time
 * limit that is over, by another try; an error-checking mutex says that it is held already, and is
 * given back once; a read-write lock that is refused to the one who holds it likewise.
 */
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, strict;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t tried;
static int refusals;

static int lock_in_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return pthread_mutex_timedlock(&lock, &now);
}

static void *work(void *unused)
{
	refusals += pthread_mutex_trylock(&lock) == EBUSY;
	refusals += lock_in_time() == ETIMEDOUT;
	pthread_barrier_wait(&tried);
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	if (pthread_mutex_trylock(&lock) == 0)
		pthread_mutex_unlock(&lock);
	return unused;
}

static void relock(void)
{
	pthread_mutexattr_t kind;

	pthread_mutexattr_init(&kind);
	pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&strict, &kind);
	pthread_mutex_lock(&strict);
	refusals += pthread_mutex_lock(&strict) == EDEADLK;
	pthread_mutex_unlock(&strict);
	refusals += pthread_mutex_unlock(&strict) == EPERM;
	pthread_mutex_destroy(&strict);
	pthread_rwlock_rdlock(&table);
	refusals += pthread_rwlock_trywrlock(&table) == EBUSY;
	pthread_rwlock_unlock(&table);
}

int main(void)
{
	pthread_t worker;

	relock();
	pthread_barrier_init(&tried, NULL, 2);
	pthread_mutex_lock(&lock);
	pthread_create(&worker, NULL, work, NULL);
	pthread_barrier_wait(&tried);
	pthread_mutex_unlock(&lock);
	pthread_join(worker, NULL);
	pthread_barrier_destroy(&tried);
	return refusals != 5;
}
