/*
 * All work in rounds with a barrier after each. One thread has nothing left to do after the first
 * round and returns, so the others wait for it in the second.
 *
 * expect: barrier-mismatch end_of_round work_in_rounds main error
 */
#include <pthread.h>

enum { WORKERS = 3, ROUNDS = 2 };

static pthread_barrier_t end_of_round;

static void *work_in_rounds(void *last)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&end_of_round);
		if (last)
			return NULL;
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[WORKERS];

	pthread_barrier_init(&end_of_round, NULL, WORKERS);
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, work_in_rounds,
			       i == WORKERS - 1 ? &end_of_round : NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&end_of_round);
	return 0;
}
