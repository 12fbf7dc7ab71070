/*
 * Teaches: geometric decomposition. Each worker has a strip of a plate and needs its neighbours'.
 *
 * Heat spreads over a plate whose upper edge is hot. In each round every point becomes the mean of
 * its four neighbours. A worker computes the rows of its strip; for the outermost it reads rows of
 * the strips beside it, so nobody may begin a round before all have ended the last: a barrier.
 * Between processes the plates and the barrier lie in shared memory.
 *
 *   heat [--mode serial|threads|processes] [--workers N] [--work N]       N: rounds
 *
 * The result is the same in all modes. Errors: none; `timing` shows the waits at the barrier.
 */
#include "common/workers.h"

#define ROWS 512
#define COLUMNS 512

static struct options options = {.mode = SERIAL, .workers = 2, .work = 400};

static struct shared {
	pthread_barrier_t round;
	double plates[2][ROWS][COLUMNS]; /* of this round and of the next, in turns */
} * shared;

static void compute_row(double old[ROWS][COLUMNS], double new[ROWS][COLUMNS], int row)
{
	for (int column = 1; column < COLUMNS - 1; column++)
		new[row][column] = ((old[row - 1][column] + old[row + 1][column]) +
				    (old[row][column - 1] + old[row][column + 1])) /
				   4;
}

/* The rows of strip `number`; the plate's outermost rows stay as they are. */
static void compute_strip(int number)
{
	int from = 1 + (ROWS - 2) * number / options.workers;
	int to = 1 + (ROWS - 2) * (number + 1) / options.workers;

	for (long round = 0; round < options.work; round++) {
		for (int row = from; row < to; row++)
			compute_row(shared->plates[round % 2], shared->plates[(round + 1) % 2],
				    row);
		pthread_barrier_wait(&shared->round);
	}
}

static void prepare(void)
{
	pthread_barrierattr_t attributes;

	shared = shared_memory(sizeof(*shared));
	pthread_barrierattr_init(&attributes);
	pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	if (pthread_barrier_init(&shared->round, &attributes, (unsigned)options.workers) != 0)
		give_up("pthread_barrier_init");
	CONCTRACE_NAME(&shared->round, "round");
	for (int plate = 0; plate < 2; plate++)
		for (int column = 0; column < COLUMNS; column++)
			shared->plates[plate][0][column] = 100;
}

int main(int argc, char **argv)
{
	double sum = 0, wrong = 0;

	read_options(argc, argv, "mwn", &options);
	if (options.mode == SERIAL)
		options.workers = 1; /* one strip: a barrier of many would never open */
	prepare();
	run_workers(options.mode, options.workers, compute_strip);
	for (int row = 0; row < ROWS; row++)
		for (int column = 0; column < COLUMNS; column++) {
			double heat = shared->plates[options.work % 2][row][column];

			sum += heat;
			wrong +=
				heat < 0 || heat > 100 ||
				heat != shared->plates[options.work % 2][row][COLUMNS - 1 - column];
		}
	printf("mean heat %.6f after %ld rounds\n", sum / (ROWS * COLUMNS), options.work);
	return wrong == 0 ? 0 : 1;
}
