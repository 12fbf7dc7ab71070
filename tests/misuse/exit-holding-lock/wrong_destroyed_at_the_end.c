/*
 * A thread returns early and keeps the mutex. main joins it, and destroys the mutex without a look
 * at the result: glibc refuses that with EBUSY, since the mutex is locked still.
 *
 * expect: exit-holding-lock jobs_lock count_job main main warning
 */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t jobs_lock;
static int jobs;

static void *count_job(void *unused)
{
	pthread_mutex_lock(&jobs_lock);
	if (++jobs == 1)
		return unused;
	pthread_mutex_unlock(&jobs_lock);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_mutex_init(&jobs_lock, NULL);
	pthread_create(&thread, NULL, count_job, NULL);
	pthread_join(thread, NULL);
	pthread_mutex_destroy(&jobs_lock);
	return 0;
}
