/* A block freed by one thread is given to another by malloc: it is another block. */
#include <stdlib.h>
#include <string.h>

#include "race.h"

enum { BLOCK = 2000 }; /* beyond what malloc keeps for one thread alone, in number */

static void work(void)
{
	for (int i = 0; i < 20; i++) {
		char *blocks[30];

		for (int b = 0; b < 30; b++) {
			blocks[b] = malloc(BLOCK);
			if (!blocks[b])
				abort();
			blocks[b][b] = (char)i;
			memset(blocks[b] + 100, i, BLOCK - 100);
		}
		for (int b = 0; b < 30; b++) {
			race_use(blocks[b][b] + blocks[b][500]);
			free(blocks[b]);
		}
	}
}

int main(void)
{
	for (int i = 0; i < 5; i++)
		race_run(work, work);
	return race_end();
}
