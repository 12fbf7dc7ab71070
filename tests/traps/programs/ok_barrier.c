/* A stencil in two arrays: a barrier stands between the steps. */
#include "trial.h"

enum { CELLS = 64, STEPS = 300, PART = CELLS / 2 };

static pthread_barrier_t barrier;
static int grid[2][CELLS];

static void *work(void *number)
{
	int first = trial_number(number) * PART;

	for (int step = 0; step < STEPS; step++) {
		const int *from = grid[step & 1];
		int *to = grid[~step & 1];

		for (int i = first; i < first + PART; i++)
			to[i] = from[(i + 1) % CELLS] + from[(i + CELLS - 1) % CELLS] + 1;
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

int main(void)
{
	pthread_barrier_init(&barrier, NULL, 2);
	trial_run(2, work);
	trial_use(grid[0][0]);
	return trial_end();
}
