/*
 * Teaches: work that shares nothing gets faster with threads and with processes alike.
 *
 * Pi from random points: the share of those that fall into the quarter circle is pi / 4. The points
 * are in 48 lots, each with its own seed, so that the result is the same however many workers there
 * are. Workers share nothing but the array of the sums, in which each writes places of its own.
 *
 *   pi [--mode serial|threads|processes] [--workers N] [--work N]     N: thousands of points
 *
 * conctrace has nothing to say of errors; `timing` shows two workers on two processors.
 */
#include "common/workers.h"

#define LOTS 48

static struct options options = {.mode = SERIAL, .workers = 2, .work = 48000};
static long *inside; /* [lot], shared */

/* xorshift: the next of a series of numbers that look random. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static long count_inside(uint64_t seed, long points)
{
	uint64_t state = (seed + 1) * 0x9e3779b97f4a7c15;
	long count = 0;

	for (long i = 0; i < points; i++) {
		uint64_t both = next_random(&state);
		double x = (double)(both >> 32) / 4294967296.0;
		double y = (double)(both & 0xffffffff) / 4294967296.0;

		count += x * x + y * y < 1.0;
	}
	return count;
}

static void count_lots(int number)
{
	for (int lot = number; lot < LOTS; lot += options.workers)
		inside[lot] = count_inside((uint64_t)lot, options.work * 1000 / LOTS);
}

int main(int argc, char **argv)
{
	long points, sum = 0;
	double pi;

	read_options(argc, argv, "mwn", &options);
	inside = shared_memory(LOTS * sizeof(*inside));
	run_workers(options.mode, options.workers, count_lots);
	points = options.work * 1000 / LOTS * LOTS;
	for (int lot = 0; lot < LOTS; lot++)
		sum += inside[lot];
	pi = 4.0 * (double)sum / (double)points;
	printf("pi is about %.4f, of %ld points\n", pi, points);
	return pi > 3.0 && pi < 3.3 ? 0 : 1;
}
