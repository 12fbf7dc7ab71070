/* Three threads meet in each of three rounds; one has less to do and ends after the first. */
#include <pthread.h>

#include "support/hang.h"

enum { WORKERS = 3, ROUNDS = 3 };

static pthread_barrier_t round_end;

static void *run(void *arg)
{
	long number = (long)arg;
	int rounds = number == 0 && !hang_fixed ? 1 : ROUNDS;

	for (int i = 0; i < rounds; i++) {
		if (i == 1 && number == 1)
			hang_sleep();
		if (i == 1 && number == 2)
			hang_last(2);
		pthread_barrier_wait(&round_end);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[WORKERS];

	hang_begin(argc, argv);
	pthread_barrier_init(&round_end, NULL, WORKERS);
	for (long i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, run, (void *)i);
	pthread_join(threads[0], NULL);
	hang_sleep();
	for (int i = 1; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
