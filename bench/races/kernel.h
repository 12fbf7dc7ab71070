#ifndef CT_BENCH_KERNEL_H
#define CT_BENCH_KERNEL_H
/* For the kernels of bench/races.sh: two threads, correct code, about 0.1 s natively. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Runs work(0) and work(1) in a thread each. */
static inline void kernel_run(void *(*work)(void *))
{
	static int numbers[2] = {0, 1};
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, work, &numbers[i]))
			abort();
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static inline int kernel_number(const void *argument)
{
	return *(const int *)argument;
}

/* Zeros, or the end of the program. */
static inline void *kernel_alloc(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		abort();
	return memory;
}

/* Source of the factors: Knuth, "The Art of Computer Programming", volume 2, 1997 (MMIX). */
static inline uint64_t kernel_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

/* Every build of a kernel has to print the same. */
static inline int kernel_result(long result)
{
	return printf("%ld\n", result) > 0 ? 0 : 1;
}

#endif
