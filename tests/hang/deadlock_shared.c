/*
 * Two processes take two process-shared mutexes in opposite orders.
 *   mmap   memory that the child inherits
 *   shm    memory of shm_open, which the child maps anew
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/hang.h"

struct bank {
	pthread_mutex_t accounts, journal;
};

static char name[64];

static struct bank *map_shm(int flags)
{
	int fd = shm_open(name, O_RDWR | flags, 0600);
	void *memory = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(struct bank)) == 0)
		memory = mmap(NULL, sizeof(struct bank), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	return memory == MAP_FAILED ? NULL : memory;
}

static void set_up(struct bank *bank)
{
	pthread_mutexattr_t shared;

	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&bank->accounts, &shared);
	pthread_mutex_init(&bank->journal, &shared);
}

static void take(pthread_mutex_t *first, pthread_mutex_t *second, bool last)
{
	pthread_mutex_lock(first);
	hang_step(0);
	hang_await(0, 2);
	if (last)
		hang_last(1);
	else
		hang_sleep();
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

int main(int argc, char **argv)
{
	struct bank *bank;
	pid_t child;
	bool shm;

	hang_begin(argc, argv);
	shm = strcmp(hang_variant, "shm") == 0;
	snprintf(name, sizeof(name), "/ct-hang-%d", (int)getpid());
	bank = shm ? map_shm(O_CREAT | O_EXCL) : hang_shared(sizeof(*bank));
	if (!bank)
		return 1;
	set_up(bank);
	child = fork();
	if (child == 0) {
		if (shm && !(bank = map_shm(0)))
			_exit(1);
		shm_unlink(name);
		if (hang_fixed)
			take(&bank->accounts, &bank->journal, false);
		else
			take(&bank->journal, &bank->accounts, false);
		_exit(0);
	}
	take(&bank->accounts, &bank->journal, true);
	return hang_reap(child);
}
