/*
 * One uncontended lock and unlock: ns per pair, the median of several rounds. Run by lock_pair.sh
 * with and without the preload, in turns.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 15
#define PAIRS 400000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(void)
{
	double rounds[ROUNDS];

	for (int r = 0; r < ROUNDS; r++) {
		double begin = now_ns();

		for (int i = 0; i < PAIRS; i++) {
			pthread_mutex_lock(&mutex);
			pthread_mutex_unlock(&mutex);
		}
		rounds[r] = (now_ns() - begin) / PAIRS;
	}
	qsort(rounds, ROUNDS, sizeof(*rounds), by_value);
	printf("%.2f\n", rounds[ROUNDS / 2]);
	return 0;
}
