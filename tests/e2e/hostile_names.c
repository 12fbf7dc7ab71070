/*
 * Two threads, whose names are made to break whatever prints them, lock two mutexes in opposite
 * orders. One waits until the other one has done so, by a word that conctrace does not see.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static int done;

static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
	pthread_mutex_lock(first);
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

static void *one(void *name)
{
	pthread_setname_np(pthread_self(), name);
	both(&a, &b);
	__atomic_store_n(&done, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void *other(void *name)
{
	prctl(PR_SET_NAME, name);
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE))
		usleep(1000);
	both(&b, &a);
	return NULL;
}

int main(void)
{
	static char script[] = "</script><b>\"", bytes[] = "x\xff\xc3\n\x1b[31m\x9b]]>";
	pthread_t first, second;

	pthread_create(&first, NULL, one, script);
	pthread_create(&second, NULL, other, bytes);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return 0;
}
