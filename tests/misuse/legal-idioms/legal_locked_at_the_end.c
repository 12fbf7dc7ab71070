/*
 * Main returns while another thread computes and holds a lock: both end with the process, and
 * nobody is left to want it.
 */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t taken;

static void *compute(void *unused)
{
	static volatile unsigned long sum;

	pthread_mutex_lock(&mutex);
	pthread_barrier_wait(&taken);
	for (;;)
		sum++;
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_barrier_init(&taken, NULL, 2);
	pthread_create(&thread, NULL, compute, NULL);
	pthread_barrier_wait(&taken);
	return 0;
}
