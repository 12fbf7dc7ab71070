/* Every way to get memory and to give it back, and what is said of it: a line per block that begins
 * or ends, in the order of the program. */
#define _DEFAULT_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static void begins(const void *block, size_t size)
{
	printf("begins %p %zu\n", block, size);
}

static void ends(const void *block)
{
	printf("ends %p\n", block);
}

static void *aligned(size_t alignment, size_t size)
{
	void *block;

	return posix_memalign(&block, alignment, size) == 0 ? block : NULL;
}

int main(void)
{
	static char buffer[8192]; /* printf allocates nothing */
	void *block[7], *moved, *resized;

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	block[0] = malloc(100);
	block[1] = calloc(5, 20);
	block[2] = memalign(64, 101);
	block[3] = aligned_alloc(64, 128);
	block[4] = aligned(64, 102);
	block[5] = valloc(103);
	block[6] = pvalloc(104);
	begins(block[0], 100);
	begins(block[1], 100);
	begins(block[2], 101);
	begins(block[3], 128);
	begins(block[4], 102);
	begins(block[5], 103);
	begins(block[6], 104);
	moved = block[0];
	ends(moved);
	moved = realloc(moved, 100000);
	begins(moved, 100000);
	ends(moved);
	resized = reallocarray(moved, 10, 10);
	begins(resized, 100);
	ends(resized);
	free(resized);
	for (int i = 1; i < 7; i++) {
		ends(block[i]);
		free(block[i]);
	}
	moved = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ends(moved);
	munmap(moved, 4096);
	return 0;
}
