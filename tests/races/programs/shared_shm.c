/* Two processes count in one shm_open object, which each maps at an address of its own. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#include "race_shared.h"

static struct race_shared *map(int descriptor)
{
	struct race_shared *shared =
		mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);

	if (shared == MAP_FAILED)
		abort();
	return shared;
}

static int make_object(void)
{
	char name[64];
	int descriptor;

	snprintf(name, sizeof(name), "/conctrace-race-%d", (int)getpid());
	descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (descriptor < 0)
		abort();
	shm_unlink(name);
	if (ftruncate(descriptor, sizeof(struct race_shared)))
		abort();
	return descriptor;
}

static void hit(struct race_shared *shared)
{
	for (int i = 0; i < RACE_ROUNDS; i++)
		race_hit(shared);
}

int main(void)
{
	int descriptor = make_object();
	struct race_shared *shared = map(descriptor);
	pid_t child;

	race_shared_init(shared);
	child = fork();
	if (child == 0) {
		/* The old mapping stands where it was, so the new one lies elsewhere. */
		hit(map(descriptor));
		_exit(0);
	}
	hit(shared);
	waitpid(child, NULL, 0);
	race_use(shared->hits);
	return race_end();
}
