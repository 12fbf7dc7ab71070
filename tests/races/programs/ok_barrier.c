/* Phases between barriers: each thread writes its own cells and reads the other's later. */
#include "race.h"

enum { SIZE = 8 };

int cells[2][SIZE];
pthread_barrier_t barrier;

static void phases(int me)
{
	for (int phase = 0; phase < RACE_ROUNDS; phase++) {
		for (int i = 0; i < SIZE; i++)
			cells[me][i] = phase;
		pthread_barrier_wait(&barrier);
		for (int i = 0; i < SIZE; i++)
			race_use(cells[1 - me][i]);
		pthread_barrier_wait(&barrier);
	}
}

static void first(void)
{
	phases(0);
}

static void second(void)
{
	phases(1);
}

int main(void)
{
	pthread_barrier_init(&barrier, NULL, 2);
	race_run(first, second);
	pthread_barrier_destroy(&barrier);
	return race_end();
}
