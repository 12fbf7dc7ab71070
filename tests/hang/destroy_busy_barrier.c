/*
 * A barrier for three is destroyed when two have come: pthread_barrier_destroy waits until they
 * have left, which they never do. In the twin the third comes.
 */
#include <pthread.h>

#include "support/hang.h"

enum { THREADS = 3 };

static pthread_barrier_t barrier;

static void *arrive(void *unused)
{
	hang_sleep();
	pthread_barrier_wait(&barrier);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS - 1];

	hang_begin(argc, argv);
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (int i = 0; i < THREADS - 1; i++)
		pthread_create(&threads[i], NULL, arrive, NULL);
	hang_last(THREADS - 1);
	if (hang_fixed)
		pthread_barrier_wait(&barrier);
	pthread_barrier_destroy(&barrier);
	for (int i = 0; i < THREADS - 1; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
