/*
 * pthread_mutex_consistent is for a robust mutex whose holder died. It is refused of one that is
 * not robust, and of one that is held by who locked it in the usual way.
 *
 * expect: robust-inconsistent plain mend_plain make_locks warning
 * expect: robust-inconsistent robust mend_robust lock_robust warning
 */
#include <pthread.h>

static pthread_mutex_t plain, robust;

static void make_locks(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&robust, &attributes);
	pthread_mutex_init(&plain, NULL);
}

static void lock_robust(void)
{
	pthread_mutex_lock(&robust);
}

static void mend_robust(void)
{
	pthread_mutex_consistent(&robust);
}

static void mend_plain(void)
{
	pthread_mutex_consistent(&plain);
}

int main(void)
{
	make_locks();
	pthread_mutex_lock(&plain);
	mend_plain();
	pthread_mutex_unlock(&plain);
	lock_robust();
	mend_robust();
	return pthread_mutex_unlock(&robust);
}
