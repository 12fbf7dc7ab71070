/*
 * Legal: a thread is cancelled within an initialisation, which counts as not begun. The next who
 * asks runs it.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t inside;
static int runs;

static void initialise(void)
{
	if (++runs > 1)
		return;
	sem_post(&inside);
	for (;;)
		pause();
}

static void *run(void *arg)
{
	pthread_once(&once, initialise);
	return arg;
}

int main(void)
{
	pthread_t thread;

	sem_init(&inside, 0, 0);
	pthread_create(&thread, NULL, run, NULL);
	sem_wait(&inside);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	run(NULL);
	sem_destroy(&inside);
	return runs == 2 ? 0 : EXIT_FAILURE;
}
