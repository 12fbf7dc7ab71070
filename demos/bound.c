/*
 * Teaches: whether threads help depends on what the workers do, compute or wait.
 *
 * Twelve workers. Of the kind `io` each waits 40 ms for a slow device; twelve can wait at once,
 * however few processors there are. Of the kind `cpu` each computes, and there is no gain from more
 * workers than processors.
 *
 *   bound [--kind cpu|io] [--mode serial|threads|processes] [--workers N] [--work N]
 *         N: of `cpu` thousands of steps of each worker, of `io` ms
 *
 * conctrace: `timing` calls each worker I/O-bound or CPU-bound, from its processor time and from
 * what it waited for.
 */
#include <time.h>

#include "common/workers.h"

static struct options options = {.mode = THREADS, .workers = 12, .work = 0};
static long *results; /* [worker], shared */

static long wait_for_device(long ms)
{
	struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	return nanosleep(&time, NULL) == 0;
}

static long compute(long thousands)
{
	uint64_t sum = 0;

	for (long i = 0; i < thousands * 1000; i++)
		sum += (uint64_t)i * (uint64_t)i % 7;
	return sum > 0;
}

static void work(int number)
{
	results[number] = options.io ? wait_for_device(options.work) : compute(options.work);
}

int main(int argc, char **argv)
{
	long done = 0;

	read_options(argc, argv, "kmwn", &options);
	if (options.work == 0)
		options.work = options.io ? 40 : 15000;
	results = shared_memory(MAX_WORKERS * sizeof(*results));
	run_workers(options.mode, options.workers, work);
	for (int i = 0; i < options.workers; i++)
		done += results[i];
	printf("%ld workers have %s\n", done, options.io ? "waited" : "computed");
	return done == options.workers ? 0 : 1;
}
