/*
 * Teaches: a worker costs something before it does anything; little work is done sooner alone.
 *
 * Counting odd numbers, the hard way, is divided among the workers. Each thread or process costs a
 * fixed time to create and to wait for; the work costs time in proportion to its size, and less the
 * more processors share it. `timing --sweep` measures both and says from what size on it pays:
 *
 *   conctrace timing --sweep 'overhead --mode {mode} --work {n}' --over 10,100,1000,10000
 *   conctrace timing --sweep 'overhead --mode threads --work 40000 --workers {n}' \
 *                    --workers --over 1,2,4,8
 *
 *   overhead [--mode serial|threads|processes] [--workers N] [--work N]      N: thousands of steps
 */
#include "common/workers.h"

static struct options options = {.mode = SERIAL, .workers = 2, .work = 200000};
static uint64_t *counts; /* [worker], shared */

/* All from 0 to work * 1000; a worker has the part after that of the worker before it. */
static void count_part(int number)
{
	uint64_t steps = (uint64_t)options.work * 1000, workers = (uint64_t)options.workers;
	uint64_t from = steps * (uint64_t)number / workers;
	uint64_t to = steps * (uint64_t)(number + 1) / workers, sum = 0;

	for (uint64_t i = from; i < to; i++)
		sum += i & 1;
	counts[number] = sum;
}

int main(int argc, char **argv)
{
	uint64_t sum = 0, expected;

	read_options(argc, argv, "mwn", &options);
	counts = shared_memory(MAX_WORKERS * sizeof(*counts));
	run_workers(options.mode, options.workers, count_part);
	for (int i = 0; i < options.workers; i++)
		sum += counts[i];
	expected = (uint64_t)options.work * 1000 / 2;
	printf("%llu odd numbers\n", (unsigned long long)sum);
	return sum == expected ? 0 : 1;
}
