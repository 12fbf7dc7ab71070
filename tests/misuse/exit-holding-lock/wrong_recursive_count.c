/*
 * A recursive mutex is locked twice and unlocked once.
 *
 * expect: exit-holding-lock lock lock_it lock_with_limit start_worker error
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t lock;

static void lock_it(void)
{
	pthread_mutex_lock(&lock);
}

static void *work(void *arg)
{
	lock_it();
	lock_it();
	pthread_mutex_unlock(&lock);
	pthread_exit(arg);
}

static void start_worker(pthread_t *thread)
{
	pthread_create(thread, NULL, work, NULL);
}

static void lock_with_limit(void)
{
	struct timespec past = {.tv_sec = 1};

	if (pthread_mutex_timedlock(&lock, &past) == ETIMEDOUT)
		puts("too late");
}

int main(void)
{
	pthread_mutexattr_t recursive;
	pthread_t thread;

	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &recursive);
	start_worker(&thread);
	pthread_join(thread, NULL);
	lock_with_limit();
	return 0;
}
