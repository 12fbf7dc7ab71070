/*
 * Teaches: task parallel work. Many tasks that know nothing of each other, of unequal length.
 *
 * The picture is the Mandelbrot set, a task is one of its rows. Rows through the middle take much
 * longer than those at the edge, so nobody is given a fixed share: whoever is free takes the next
 * row, from a counter that all share. (A renderer that follows rays of light is divided so, too.)
 *
 *   tasks [--mode serial|threads|processes] [--workers N] [--work N]    N: most steps of a point
 *
 * Errors: none. The parallelism that `timing` shows stays at the number of workers to the end.
 */
#include <stdatomic.h>

#include "common/workers.h"

#define ROWS 64
#define COLUMNS 128

static struct options options = {.mode = SERIAL, .workers = 2, .work = 15000};

static struct shared {
	atomic_int next_row;
	long steps[ROWS];
} * shared;

/* How many steps of z = z^2 + c stay near 0. */
static long steps_of_point(double re, double im)
{
	double x = 0, y = 0;
	long steps = 0;

	while (steps < options.work && x * x + y * y < 4) {
		double next = x * x - y * y + re;

		y = 2 * x * y + im;
		x = next;
		steps++;
	}
	return steps;
}

static void render_row(int row)
{
	long sum = 0;

	for (int column = 0; column < COLUMNS; column++)
		sum += steps_of_point(-2.0 + 3.0 * column / COLUMNS, -1.0 + 2.0 * row / ROWS);
	shared->steps[row] = sum;
}

static void take_rows(int number)
{
	int row;

	(void)number;
	while ((row = atomic_fetch_add(&shared->next_row, 1)) < ROWS)
		render_row(row);
}

int main(int argc, char **argv)
{
	long sum = 0, unequal = 0;

	read_options(argc, argv, "mwn", &options);
	shared = shared_memory(sizeof(*shared));
	run_workers(options.mode, options.workers, take_rows);
	for (int row = 0; row < ROWS; row++)
		sum += shared->steps[row];
	/* the set is the same above the axis and below it */
	for (int row = 1; row < ROWS; row++)
		unequal += shared->steps[row] != shared->steps[ROWS - row];
	printf("%d rows, %ld steps\n", ROWS, sum);
	return unequal == 0 && sum > 0 ? 0 : 1;
}
