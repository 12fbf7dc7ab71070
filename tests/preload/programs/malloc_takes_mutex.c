/*
 * A program with an allocator of its own that takes a mutex for every call, as many real ones do,
 * and threads that allocate. The recorder must not allocate where it records, or it would wait for
 * itself.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA (64u << 20)
#define THREADS 4

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Alignas(16) char arena[ARENA];
static size_t used;

void *malloc(size_t size)
{
	char *block = NULL;

	pthread_mutex_lock(&lock);
	size = (size + 31) & ~(size_t)15;
	if (used + size <= ARENA) {
		block = arena + used;
		*(size_t *)block = size - 16;
		block += 16;
		used += size;
	}
	pthread_mutex_unlock(&lock);
	return block;
}

void free(void *block)
{
	pthread_mutex_lock(&lock);
	(void)block;
	pthread_mutex_unlock(&lock);
}

void *calloc(size_t count, size_t size)
{
	return malloc(count * size); /* the arena is zero and nothing is used twice */
}

void *realloc(void *block, size_t size)
{
	void *fresh = malloc(size);

	if (block && fresh) {
		size_t old = *(size_t *)((char *)block - 16);

		memcpy(fresh, block, old < size ? old : size);
	}
	return fresh;
}

static void *work(void *unused)
{
	uintptr_t sum = 0;

	(void)unused;
	for (int i = 0; i < 5000; i++) {
		char *block = malloc(24);

		block[0] = (char)i;
		sum += (uintptr_t)(unsigned char)block[0];
		free(block);
	}
	return (void *)sum;
}

int main(void)
{
	pthread_t threads[THREADS];
	uintptr_t total = 0;

	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < THREADS; i++) {
		void *sum;

		pthread_join(threads[i], &sum);
		total += (uintptr_t)sum;
	}
	printf("%lu\n", (unsigned long)total);
	return 0;
}
