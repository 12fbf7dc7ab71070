/* Pi by throwing darts; the hits of both threads are added under a lock at the end. */
#include "kernel.h"

enum { DARTS = 12000000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long hits;

/* Not inlined: its state is in memory, as that of a library's generator. */
__attribute__((noinline)) static double draw(uint64_t *state)
{
	return (double)kernel_random(state) / 2147483648.0;
}

static void *throw_darts(void *number)
{
	uint64_t state = (uint64_t)kernel_number(number) + 1;
	long own = 0;

	for (int i = 0; i < DARTS; i++) {
		double x = draw(&state), y = draw(&state);

		own += x * x + y * y < 1;
	}
	pthread_mutex_lock(&lock);
	hits += own;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	kernel_run(throw_darts);
	return kernel_result(hits);
}
