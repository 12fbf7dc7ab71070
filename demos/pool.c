/*
 * Teaches: a pool of workers; submit, map and as-completed, on threads and on processes.
 *
 * map() hands out all tasks and returns their values in the order of the tasks. as_completed()
 * hands out all tasks and takes what is done first: which that is, differs from run to run.
 *
 *   pool [--mode serial|threads|processes] [--kind cpu|io] [--workers N] [--work N]
 *        N: of `cpu` thousands of steps of a task, of `io` ms
 *
 * Tasks are regions of the name "task": `timing` tells their number and mean time, and its Gantt
 * picture has a bar for each worker. Errors: none.
 */
#include <time.h>

#include "common/pool.h"

#define TASKS 12

static struct options options = {.mode = THREADS, .workers = 4, .work = 0};

/* The task: its argument squared, after a while of waiting or computing. */
static long square_slowly(long argument)
{
	struct timespec time = {.tv_nsec = options.work % 1000 * 1000000};
	volatile uint64_t sum = 0; /* volatile: is computed though nobody reads it */

	if (options.io)
		nanosleep(&time, NULL);
	else
		for (long i = 0; i < options.work * 1000; i++)
			sum = sum + (uint64_t)i * (uint64_t)i;
	return argument * argument;
}

static void map(const long *arguments, long *values, int count)
{
	for (int i = 0; i < count; i++)
		pool_submit(i, arguments[i]);
	for (int i = 0; i < count; i++) {
		struct result result = pool_next();

		values[result.number] = result.value;
	}
}

/* The sum is the same in whatever order they are done. */
static long as_completed(const long *arguments, int count)
{
	long sum = 0;

	for (int i = 0; i < count; i++)
		pool_submit(i, arguments[i]);
	for (int i = 0; i < count; i++)
		sum += pool_next().value;
	return sum;
}

int main(int argc, char **argv)
{
	long arguments[TASKS], values[TASKS], sum;
	int wrong = 0;

	read_options(argc, argv, "mkwn", &options);
	if (options.work == 0)
		options.work = options.io ? 20 : 12000;
	for (int i = 0; i < TASKS; i++)
		arguments[i] = i + 1;
	pool_open(options.mode, options.workers, square_slowly);
	map(arguments, values, TASKS);
	sum = as_completed(arguments, TASKS);
	pool_close();
	printf("map:");
	for (int i = 0; i < TASKS; i++) {
		printf(" %ld", values[i]);
		wrong += values[i] != arguments[i] * arguments[i];
	}
	printf("\nas completed: sum %ld\n", sum);
	return wrong == 0 && sum == 650 ? 0 : 1;
}
