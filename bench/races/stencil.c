/* A one-dimensional stencil: two arrays, by turns source and target, and a barrier a step. */
#include "kernel.h"

enum { CELLS = 4 << 20, STEPS = 12 };

static double *arrays[2];
static pthread_barrier_t barrier;

static void *smooth(void *number)
{
	long first = kernel_number(number) * (CELLS / 2L), end = first + CELLS / 2;

	if (first == 0)
		first = 1;
	if (end == CELLS)
		end--;
	for (int step = 0; step < STEPS; step++) {
		const double *from = arrays[step % 2];
		double *to = arrays[1 - step % 2];

		for (long i = first; i < end; i++)
			to[i] = 0.25 * from[i - 1] + 0.5 * from[i] + 0.25 * from[i + 1];
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

int main(void)
{
	for (int i = 0; i < 2; i++)
		arrays[i] = kernel_alloc(CELLS, sizeof(double));
	for (long i = 0; i < CELLS; i++)
		arrays[0][i] = (double)(i % 1000);
	pthread_barrier_init(&barrier, NULL, 2);
	kernel_run(smooth);
	pthread_barrier_destroy(&barrier);
	return kernel_result((long)(arrays[0][CELLS / 2] * 1000));
}
