/*
 * Teaches: a pool of workers; submit, map and as-completed, on threads and on processes.
 *
 * As many tasks as workers, all submitted at once. As-completed takes what is done first: which
 * that is, differs from run to run. Map puts each value at its task's place.
 *
 *   pool [--mode serial|threads|processes] [--kind cpu|io] [--workers N] [--work N]
 *        N: of `cpu` thousands of steps of a task, of `io` ms
 *
 * Tasks are regions of the name "task": `timing` tells their number and mean time, and its Gantt
 * picture has a bar for each. Errors: none.
 */
#include <time.h>

#include "common/pool.h"

static struct options options = {.mode = THREADS, .workers = 4, .work = 0};

/* The task: its argument squared, after a while of waiting or computing. */
static long square_slowly(long argument)
{
	struct timespec time = {options.work / 1000, options.work % 1000 * 1000000};
	volatile uint64_t sum = 0; /* volatile: is computed though nobody reads it */

	if (options.io)
		nanosleep(&time, NULL);
	else
		for (long i = 0; i < options.work * 1000; i++)
			sum = sum + (uint64_t)i * (uint64_t)i;
	return argument * argument;
}

/* Returns the sum, which is the same in whatever order the tasks are done. */
static long as_completed(long *values, int count)
{
	long sum = 0;

	for (int i = 0; i < count; i++) {
		struct result result = pool_next();

		values[result.number] = result.value;
		sum += result.value;
	}
	return sum;
}

int main(int argc, char **argv)
{
	long values[MAX_WORKERS] = {0}, sum, expected = 0;
	int wrong = 0;

	read_options(argc, argv, "mkwn", &options);
	if (options.work == 0)
		options.work = options.io ? 20 : 20000;
	pool_open(options.mode, options.workers, square_slowly);
	for (int i = 0; i < options.workers; i++)
		pool_submit(i, i + 1);
	sum = as_completed(values, options.workers);
	pool_close();
	printf("map:");
	for (long i = 0; i < options.workers; i++) {
		printf(" %ld", values[i]);
		expected += (i + 1) * (i + 1);
		wrong += values[i] != (i + 1) * (i + 1);
	}
	printf("\nas completed: sum %ld\n", sum);
	return wrong == 0 && sum == expected ? 0 : 1;
}
