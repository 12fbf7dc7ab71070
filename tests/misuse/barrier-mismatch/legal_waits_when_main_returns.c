/*
 * Legal: a detached thread waits at the barrier when main returns. Nobody waits for it.
 */
#include <pthread.h>
#include <semaphore.h>

static pthread_barrier_t never;
static sem_t started;

static void *run(void *arg)
{
	sem_post(&started);
	pthread_barrier_wait(&never);
	return arg;
}

int main(void)
{
	pthread_t thread;

	sem_init(&started, 0, 0);
	pthread_barrier_init(&never, NULL, 2);
	pthread_create(&thread, NULL, run, NULL);
	pthread_detach(thread);
	sem_wait(&started);
	return 0;
}
