/* A child fills shared memory; its parent waits for its end and reads it. */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "race.h"

enum { SIZE = 16 };

int own[SIZE]; /* each process has its own */

int main(void)
{
	int *shared = mmap(NULL, SIZE * sizeof(*shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	if (shared == MAP_FAILED)
		return 1;
	for (int i = 0; i < SIZE; i++)
		shared[i] = i;
	child = fork();
	for (int i = 0; i < SIZE; i++)
		own[i] = i;
	if (child == 0) {
		for (int i = 0; i < SIZE; i++)
			shared[i] += own[i];
		_exit(0);
	}
	waitpid(child, NULL, 0);
	for (int i = 0; i < SIZE; i++)
		race_use(shared[i] + own[i]);
	munmap(shared, SIZE * sizeof(*shared));
	return race_end();
}
