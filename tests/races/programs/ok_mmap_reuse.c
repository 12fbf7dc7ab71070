/* Memory that one thread unmaps is mapped again by another. */
#include <stdlib.h>
#include <sys/mman.h>

#include "race.h"

static void work(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		int *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				  -1, 0);

		if (pages == MAP_FAILED)
			abort();
		pages[100] = i;
		race_use(pages[100]);
		munmap(pages, 8192);
	}
}

int main(void)
{
	race_run(work, work);
	return race_end();
}
