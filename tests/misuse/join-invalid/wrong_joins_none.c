/*
 * The thread is created only if there is work, but joined always: the pthread_t is zero, and the
 * join is refused, as no thread has it.
 *
 * expect: join-invalid - wait_for_worker error
 */
#include <pthread.h>
#include <stddef.h>

static pthread_t worker;
static int jobs;

static void *work(void *unused)
{
	return unused;
}

static void wait_for_worker(void)
{
	pthread_join(worker, NULL);
}

int main(void)
{
	if (jobs)
		pthread_create(&worker, NULL, work, NULL);
	wait_for_worker();
	return 0;
}
