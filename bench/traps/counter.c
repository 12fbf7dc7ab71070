/* Two threads count in an array that each has for itself, and in one number that they share: a loop
 * of nothing but memory accesses, and a race. */
#include "../races/kernel.h"

enum { ROUNDS = 250000000, CELLS = 64 };

static long cells[2][CELLS * 2];
static volatile long shared;

static void *count(void *number)
{
	volatile long *own = cells[kernel_number(number)];

	for (int i = 0; i < ROUNDS; i++) {
		own[i % CELLS]++;
		if (i % 1024 == 0)
			shared++;
	}
	return NULL;
}

int main(void)
{
	kernel_run(count);
	return kernel_result(cells[0][1] + cells[1][1]);
}
