/* The barrier is for four, three come: main was counted and does not take part. */
#include <pthread.h>

#include "support/hang.h"

enum { WORKERS = 3 };

static pthread_barrier_t start_line;

static void *run(void *last)
{
	if (last)
		hang_last(WORKERS);
	else
		hang_sleep();
	pthread_barrier_wait(&start_line);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[WORKERS];

	hang_begin(argc, argv);
	pthread_barrier_init(&start_line, NULL, hang_fixed ? WORKERS : WORKERS + 1);
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, run, i == 0 ? &start_line : NULL);
	hang_sleep();
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
