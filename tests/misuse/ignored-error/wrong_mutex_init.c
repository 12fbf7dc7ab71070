/*
 * glibc has no mutexes that are robust and have a priority ceiling: pthread_mutex_init says so, and
 * is not listened to. What is locked then is a mutex by luck only.
 *
 * expect: ignored-error lock lock_it make_it warning
 */
#include <pthread.h>

static pthread_mutex_t lock;

static void make_it(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_PROTECT);
	pthread_mutex_init(&lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

static void lock_it(void)
{
	pthread_mutex_lock(&lock);
}

int main(void)
{
	make_it();
	lock_it();
	pthread_mutex_unlock(&lock);
	return 0;
}
