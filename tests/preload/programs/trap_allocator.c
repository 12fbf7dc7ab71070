/*
 * A program with an allocator of its own. libc calls it with all signals blocked as it frees the
 * stacks of detached threads: nothing in it may trap then.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAP = 64 << 20, HEADER = 16, THREADS = 64, STACK = 32 << 20 };

static _Alignas(HEADER) char heap[HEAP]; /* nothing in it is used twice */
static size_t used;
static struct counters {
	long freed;
} counters, *counting;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int ended;

void *malloc(size_t size)
{
	size_t whole = (size + HEADER + HEADER - 1) / HEADER * HEADER;
	char *block = NULL;

	pthread_mutex_lock(&mutex);
	if (whole >= size && whole <= HEAP - used) {
		block = heap + used;
		used += whole;
		memcpy(block, &size, sizeof(size));
		block += HEADER;
	}
	pthread_mutex_unlock(&mutex);
	return block;
}

void free(void *block)
{
	if (!block)
		return;
	pthread_mutex_lock(&mutex);
	counting = &counters;
	counting->freed++;
	pthread_mutex_unlock(&mutex);
}

void *calloc(size_t count, size_t size)
{
	return malloc(count * size);
}

void *realloc(void *block, size_t size)
{
	char *now = malloc(size);
	size_t old;

	if (!block || !now)
		return now;
	memcpy(&old, (char *)block - HEADER, sizeof(old));
	return memcpy(now, block, old < size ? old : size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	uintptr_t block = (uintptr_t)malloc(size + alignment);

	return block ? (void *)((block + alignment - 1) & ~(alignment - 1)) : NULL;
}

void *memalign(size_t alignment, size_t size);
void *memalign(size_t alignment, size_t size)
{
	return aligned_alloc(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	*out = aligned_alloc(alignment, size);
	return *out ? 0 : -1;
}

static void *run(void *unused)
{
	atomic_fetch_add(&ended, 1);
	return unused;
}

/* More of their stacks than libc keeps for other threads. */
int main(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int created = 0;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK);
	while (created < THREADS && pthread_create(&thread, &attributes, run, NULL) == 0) {
		created++;
		while (created % 4 == 0 && atomic_load(&ended) < created)
			continue;
	}
	printf("created %d\n", created);
	return 0;
}
