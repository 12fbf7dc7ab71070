/*
 * The mutex is unlocked between the test and the wait. A signal that comes there is lost; and what
 * the wait gives back is not the waiter's.
 *
 * expect: cond-without-lock filled wait_unlocked unlock_too_early error
 */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int items;

static int is_empty(void)
{
	int empty;

	pthread_mutex_lock(&lock);
	empty = items == 0;
	return empty;
}

static void unlock_too_early(void)
{
	pthread_mutex_unlock(&lock);
}

static void wait_unlocked(void)
{
	struct timespec soon;

	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec = (soon.tv_nsec + 20000000) % 1000000000;
	pthread_cond_timedwait(&filled, &lock, &soon);
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	int empty = is_empty();

	unlock_too_early();
	if (empty)
		wait_unlocked();
	puts("done");
	return 0;
}
