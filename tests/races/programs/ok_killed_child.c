/* A child that is killed ends without a word: its pipe has its end then. */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "race.h"

int main(void)
{
	int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int ends[2];
	char byte;

	if (shared == MAP_FAILED || pipe(ends))
		return 1;
	if (fork() == 0) {
		close(ends[0]);
		*shared = 1;
		raise(SIGKILL);
	}
	close(ends[1]);
	if (read(ends[0], &byte, 1))
		return 1;
	*shared = 2;
	wait(NULL);
	return race_end();
}
