/* Parent and child count in a System V segment. */
#include <sys/ipc.h>
#include <sys/shm.h>

#include "race_shared.h"

static void hit(struct race_shared *shared)
{
	race_hit(shared);
}

int main(void)
{
	int id = shmget(IPC_PRIVATE, sizeof(struct race_shared), IPC_CREAT | 0600);
	struct race_shared *shared = shmat(id, NULL, 0);

	shmctl(id, IPC_RMID, NULL);
	if (shared == (void *)-1)
		return 1;
	race_shared_init(shared);
	race_fork(hit, shared);
	race_use(shared->hits);
	shmdt(shared);
	return race_end();
}
