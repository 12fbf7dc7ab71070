/*
 * Locks on files, between two processes.
 *   flock   two files locked in opposite orders
 *   ofd     likewise, by open file description locks
 *   fcntl   the parent waits for the child, which waits for the record that the parent has locked
 *           (a circle of fcntl locks alone would get EDEADLK from the kernel)
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "support/hang.h"

static char paths[2][32] = {"/tmp/ct-hang-a.XXXXXX", "/tmp/ct-hang-b.XXXXXX"};
static bool ofd;

static int reopen(int i)
{
	return open(paths[i], O_RDWR | O_CLOEXEC);
}

static void lock(int fd, short type)
{
	struct flock whole = {.l_type = type};

	if (ofd)
		fcntl(fd, F_OFD_SETLKW, &whole);
	else
		flock(fd, type == F_UNLCK ? LOCK_UN : LOCK_EX);
}

static void take(int first, int second, bool last)
{
	int one = reopen(first), two = reopen(second);

	lock(one, F_WRLCK);
	hang_step(0);
	hang_await(0, 2);
	if (last)
		hang_last(1);
	else
		hang_sleep();
	lock(two, F_WRLCK);
	lock(two, F_UNLCK);
	lock(one, F_UNLCK);
}

static int cross(void)
{
	bool crossed = !hang_fixed;
	pid_t child = fork();

	if (child == 0) {
		take(crossed, !crossed, false);
		_exit(0);
	}
	take(0, 1, true);
	return hang_reap(child);
}

static int wait_for_child(void)
{
	struct flock record = {.l_type = F_WRLCK, .l_len = 100};
	int fd = reopen(0), status;
	pid_t child;

	fcntl(fd, F_SETLKW, &record);
	child = fork();
	if (child == 0) {
		hang_sleep();
		_exit(fcntl(fd, F_SETLKW, &record) != 0);
	}
	record.l_type = F_UNLCK;
	if (hang_fixed)
		fcntl(fd, F_SETLK, &record);
	hang_last(1);
	status = hang_reap(child);
	fcntl(fd, F_SETLK, &record);
	return status;
}

int main(int argc, char **argv)
{
	int status;

	hang_begin(argc, argv);
	ofd = strcmp(hang_variant, "ofd") == 0;
	for (int i = 0; i < 2; i++) {
		int fd = mkstemp(paths[i]);

		if (fd < 0)
			return 1;
		close(fd);
		hang_litter(paths[i], 0);
	}
	status = strcmp(hang_variant, "fcntl") == 0 ? wait_for_child() : cross();
	for (int i = 0; i < 2; i++)
		unlink(paths[i]);
	return status;
}
