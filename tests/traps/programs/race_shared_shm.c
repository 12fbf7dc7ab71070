/* Two processes map one POSIX shared memory object, each at its own address, and count there.
 * kind: hot
 * tsan: no
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "shared.h"

struct score {
	long games, points;
};

static char name[64];

static void *map(void)
{
	int fd = shm_open(name, O_RDWR, 0600);
	void *shared =
		fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (shared == MAP_FAILED)
		abort();
	close(fd);
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
	int fd;

	snprintf(name, sizeof(name), "/ct-trial-%ld", (long)getpid());
	fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
	if (fd < 0 || ftruncate(fd, 4096))
		abort();
	close(fd);
	shared_run(count, map(), map);
	shm_unlink(name);
	return trial_end();
}
