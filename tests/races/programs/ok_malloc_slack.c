/* Blocks whose last bytes nobody asked for, but that malloc_usable_size gives: who gets the memory
 * next, asking for a little less, may use them as well. */
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "race.h"

enum { KINDS = 5, ASKED = 2000, AGAIN = 1990, ALIGNMENT = 64 };

atomic_int freed, ended;

static void *allocate(int kind, size_t size)
{
	void *block = NULL;

	switch (kind) {
	case 0:
		return malloc(size);
	case 1:
		return calloc(1, size);
	case 2:
		return realloc(malloc(AGAIN / 2), size);
	case 3:
		return memalign(ALIGNMENT, size);
	default:
		return posix_memalign(&block, ALIGNMENT, size) ? NULL : block;
	}
}

static void fill(char *block)
{
	if (!block)
		abort();
	memset(block, 1, malloc_usable_size(block));
}

/* No order: it frees, and lives on until the other has got its memory. */
static void *give(void *block)
{
	fill(block);
	free(block);
	atomic_store_explicit(&freed, 1, memory_order_relaxed);
	while (!atomic_load_explicit(&ended, memory_order_relaxed))
		usleep(100);
	return NULL;
}

int main(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		char *block = allocate(kind, ASKED);
		void *next = malloc(1); /* keeps it from the rest of the heap */
		pthread_t thread;

		atomic_store(&freed, 0);
		atomic_store(&ended, 0);
		pthread_create(&thread, NULL, give, block);
		while (!atomic_load_explicit(&freed, memory_order_relaxed))
			usleep(100);
		block = allocate(kind, AGAIN);
		fill(block);
		atomic_store_explicit(&ended, 1, memory_order_relaxed);
		pthread_join(thread, NULL);
		free(block);
		free(next);
	}
	return race_end();
}
