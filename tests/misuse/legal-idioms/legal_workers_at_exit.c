/*
 * Joinable worker threads wait for jobs when main returns, as servers do that leave the rest to
 * the kernel: no thread has to be joined that has not ended.
 */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t started;
static int jobs;

static void *worker(void *unused)
{
	pthread_barrier_wait(&started);
	pthread_mutex_lock(&mutex);
	while (jobs == 0)
		pthread_cond_wait(&work, &mutex);
	pthread_mutex_unlock(&mutex);
	return unused;
}

int main(void)
{
	static pthread_t threads[3];

	pthread_barrier_init(&started, NULL, 4);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, worker, NULL);
	pthread_barrier_wait(&started);
	return 0;
}
