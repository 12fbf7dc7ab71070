/*
 * Recursive and error-checking mutexes used as meant: the second kind answers a wrong call with
 * EDEADLK or EPERM, and the program looks at the answer.
 */
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t recursive, checking;

static void init(pthread_mutex_t *mutex, int type)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, type);
	pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

static void *not_the_owner(void *failed)
{
	if (pthread_mutex_unlock(&checking) != EPERM || pthread_mutex_unlock(&recursive) != EPERM ||
	    pthread_mutex_trylock(&recursive) != EBUSY)
		*(int *)failed = 1;
	return NULL;
}

int main(void)
{
	pthread_t thread;
	int failed = 0;

	init(&recursive, PTHREAD_MUTEX_RECURSIVE);
	init(&checking, PTHREAD_MUTEX_ERRORCHECK);
	if (pthread_mutex_unlock(&checking) != EPERM)
		failed = 1;
	pthread_mutex_lock(&recursive);
	pthread_mutex_lock(&recursive);
	pthread_mutex_lock(&checking);
	if (pthread_mutex_lock(&checking) != EDEADLK)
		failed = 1;
	pthread_create(&thread, NULL, not_the_owner, &failed);
	pthread_join(thread, NULL);
	pthread_mutex_unlock(&checking);
	pthread_mutex_unlock(&recursive);
	pthread_mutex_unlock(&recursive);
	pthread_mutex_destroy(&recursive);
	pthread_mutex_destroy(&checking);
	return failed;
}
