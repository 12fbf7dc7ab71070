/*
 * A recursive mutex is locked by the caller and by the function that waits. The wait gives one of
 * the two back, so that nobody gets in: here it is the time limit that ends it.
 *
 * expect: cond-without-lock changed wait_inside lock_outside warning
 */
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void lock_outside(void)
{
	pthread_mutex_lock(&lock);
}

static void wait_inside(void)
{
	struct timespec soon;

	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec = (soon.tv_nsec + 20000000) % 1000000000;
	pthread_mutex_lock(&lock);
	pthread_cond_timedwait(&changed, &lock, &soon);
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	lock_outside();
	wait_inside();
	pthread_mutex_unlock(&lock);
	pthread_mutex_destroy(&lock);
	pthread_cond_destroy(&changed);
	return 0;
}
