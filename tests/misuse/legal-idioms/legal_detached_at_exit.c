/*
 * Detached threads that still run when main returns: one waits on a condition variable, one for a
 * pipe, one has been detached by itself and computes.
 */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t started;
static int ends[2], jobs;

static void *daemon_of_jobs(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_barrier_wait(&started);
	while (jobs == 0)
		pthread_cond_wait(&work, &mutex);
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void *reader(void *unused)
{
	char byte;

	pthread_barrier_wait(&started);
	while (read(ends[0], &byte, 1) == 1)
		;
	return unused;
}

static void *computing(void *unused)
{
	static volatile unsigned long sum;

	pthread_detach(pthread_self());
	pthread_barrier_wait(&started);
	for (;;)
		sum++;
	return unused;
}

int main(void)
{
	pthread_attr_t detached;
	pthread_t thread;

	if (pipe(ends) != 0)
		return 1;
	pthread_barrier_init(&started, NULL, 4);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	pthread_create(&thread, &detached, daemon_of_jobs, NULL);
	pthread_attr_destroy(&detached);
	pthread_create(&thread, NULL, reader, NULL);
	pthread_detach(thread);
	pthread_create(&thread, NULL, computing, NULL);
	pthread_barrier_wait(&started);
	return 0;
}
