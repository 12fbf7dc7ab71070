/* Two processes attach one System V segment, each at its own address, and count there.
 * kind: hot
 * tsan: no
 */
#include <sys/ipc.h>
#include <sys/shm.h>

#include "shared.h"

struct score {
	long games, points;
};

static int segment;

static void *attach(void)
{
	void *shared = shmat(segment, NULL, 0);

	if (shared == (void *)-1)
		abort();
	return shared;
}

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
	void *shared;

	segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	if (segment < 0)
		abort();
	shared = attach();
	shared_run(count, shared, attach);
	shmctl(segment, IPC_RMID, NULL);
	return trial_end();
}
