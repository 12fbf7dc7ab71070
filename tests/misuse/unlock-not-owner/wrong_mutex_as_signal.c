/*
 * A mutex used to wait for another thread: main locks it, and the worker unlocks it when it is
 * done. Only the thread that locked a mutex may unlock it; a semaphore is what was meant.
 *
 * expect: unlock-not-owner done finish_work begin_work error
 */
#include <pthread.h>

static pthread_mutex_t done = PTHREAD_MUTEX_INITIALIZER;

static void begin_work(void)
{
	pthread_mutex_lock(&done);
}

static void finish_work(void)
{
	pthread_mutex_unlock(&done);
}

static void *work(void *unused)
{
	finish_work();
	return unused;
}

int main(void)
{
	pthread_t worker;

	begin_work();
	pthread_create(&worker, NULL, work, NULL);
	pthread_mutex_lock(&done); /* until the work is done */
	pthread_mutex_unlock(&done);
	return pthread_join(worker, NULL);
}
