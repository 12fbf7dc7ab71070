/*
 * Legal: main is one of those whom the barrier counts. The serial thread, whichever it is, prints;
 * a thread that leaves early comes to the rest of the rounds before it goes.
 */
#include <pthread.h>
#include <stdio.h>

enum { WORKERS = 2, ROUNDS = 4 };

static pthread_barrier_t end_of_round;

static void come(int times)
{
	while (times--)
		if (pthread_barrier_wait(&end_of_round) == PTHREAD_BARRIER_SERIAL_THREAD)
			puts("round");
}

static void *run(void *lazy)
{
	for (int round = 0; round < ROUNDS; round++) {
		if (lazy && round == 1) {
			come(ROUNDS - round);
			return NULL;
		}
		come(1);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[WORKERS];

	pthread_barrier_init(&end_of_round, NULL, WORKERS + 1);
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, run, i ? &end_of_round : NULL);
	come(ROUNDS);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&end_of_round);
	return 0;
}
