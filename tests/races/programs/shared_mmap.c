/* Parent and child count in anonymous shared memory. */
#include <sys/mman.h>

#include "race_shared.h"

static void hit(struct race_shared *shared)
{
	for (int i = 0; i < RACE_ROUNDS; i++)
		race_hit(shared);
}

int main(void)
{
	struct race_shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return 1;
	race_shared_init(shared);
	race_fork(hit, shared);
	race_use(shared->hits);
	munmap(shared, sizeof(*shared));
	return race_end();
}
