/* A parent and its child count in memory that they share since before the fork.
 * kind: hot
 * tsan: no
 */
#include <sys/mman.h>

#include "shared.h"

struct score {
	long games, points;
};

static void count(void *shared)
{
	struct score *score = shared;

	for (int i = 0; i < 100000; i++) {
		score->points++; /* RACE */
		trial_use(trial_mix((unsigned)i));
	}
}

int main(void)
{
	void *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		abort();
	shared_run(count, shared, NULL);
	return trial_end();
}
