/*
 * Teaches: a pool of processes; values come back through a pipe, and in order.
 *
 * map() returns the values in the order of the arguments, whoever was done first. apply_async()
 * does not wait: it returns a ticket, and get() waits for the value of that ticket. Values of other
 * tickets that come in between are kept.
 *
 *   procpool [--workers N] [--work N]        N: thousands of steps of a task
 *
 * Errors: none. `timing` shows the bytes through the pipes and who waited for a task.
 */
#include "common/pool.h"

#define NUMBERS 16
#define TICKETS 64

static struct options options = {.mode = PROCESSES, .workers = 3, .work = 15000};
static long values[TICKETS];
static bool known[TICKETS];
static long tickets;

/* The pid of a worker is none of the caller's business; its value is. */
static long cube_slowly(long argument)
{
	volatile uint64_t sum = 0; /* volatile: is computed though nobody reads it */

	/* tasks of different length, so that they are not done in their order */
	for (long i = 0; i < options.work * 1000 / (argument + 1) * 2; i++)
		sum = sum + (uint64_t)i;
	return argument * argument * argument;
}

static long apply_async(long argument)
{
	pool_submit(tickets, argument);
	return tickets++;
}

static long get(long ticket)
{
	while (!known[ticket]) {
		struct result result = pool_next();

		values[result.number] = result.value;
		known[result.number] = true;
	}
	return values[ticket];
}

static void map(const long *arguments, long *out, int count)
{
	long first = tickets;

	for (int i = 0; i < count; i++)
		apply_async(arguments[i]);
	for (int i = 0; i < count; i++)
		out[i] = get(first + i);
}

int main(int argc, char **argv)
{
	long arguments[NUMBERS], cubes[NUMBERS], one, other;
	int wrong = 0;

	read_options(argc, argv, "wn", &options);
	for (int i = 0; i < NUMBERS; i++)
		arguments[i] = i;
	pool_open(PROCESSES, options.workers, cube_slowly);
	map(arguments, cubes, NUMBERS);
	one = apply_async(10);
	other = apply_async(100);
	printf("apply: %ld %ld\nmap:", get(other), get(one));
	pool_close();
	for (int i = 0; i < NUMBERS; i++) {
		printf(" %ld", cubes[i]);
		wrong += cubes[i] != arguments[i] * arguments[i] * arguments[i];
	}
	printf("\n");
	return wrong == 0 && get(one) == 1000 && get(other) == 1000000 ? 0 : 1;
}
