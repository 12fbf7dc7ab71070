/*
 * Blocks that end with a mutex in them that was not destroyed: the next one there is another.
 * Prints freed ADDRESS for each, and nothing for the blocks that lay in pages where no mutex ever
 * was.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LIVES 1000

static void lock(pthread_mutex_t *mutex)
{
	static const pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;

	memcpy(mutex, &fresh, sizeof(fresh));
	pthread_mutex_lock(mutex);
	pthread_mutex_unlock(mutex);
}

static void ends(const void *at)
{
	printf("freed %" PRIXPTR "\n", (uintptr_t)at);
}

static void lives(size_t size, size_t offset)
{
	for (int i = 0; i < LIVES; i++) {
		char *block = malloc(size);

		lock((pthread_mutex_t *)(block + offset));
		ends(block);
		free(block);
	}
}

/* A block that moves ends, one that shrinks in its place loses its end only. */
static void reallocated(void)
{
	char *block = malloc(30000), *moved;

	lock((pthread_mutex_t *)block);
	ends(block);
	moved = realloc(block, 100000);
	lock((pthread_mutex_t *)(moved + 90000));
	ends(moved + 80000);
	moved = realloc(moved, 80000);
	lock((pthread_mutex_t *)moved);
	ends(moved);
	free(moved);
}

static void mapped(void)
{
	char *memory =
		mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	lock((pthread_mutex_t *)(memory + 40000));
	ends(memory);
	munmap(memory, 65536);
	memory = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	lock((pthread_mutex_t *)(memory + 40000));
	ends(memory + 36864);
	mmap(memory + 36864, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

int main(void)
{
	static char buffer[4096];

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	for (int i = 0; i < 2000; i++)
		free(malloc((size_t)i * 10));
	free(NULL);
	lives(64, 8);
	lives(200000, 150000);
	reallocated();
	mapped();
	return 0;
}
