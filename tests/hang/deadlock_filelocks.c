/*
 * Locks on files, between two processes.
 *   flock   two files locked in opposite orders
 *   ofd     likewise, by open file description locks
 *   fcntl   the parent waits for the child, which waits for the record that the parent has locked
 *           (a circle of fcntl locks alone would get EDEADLK from the kernel)
 *   mutex   a file and a mutex in shared memory, locked in opposite orders
 *   inherited  the parent closes the file that it locked, but the child has it as well; the parent
 *           wants it again, and the child what the parent has
 *   partial as flock, by two children, while the parent goes on for some seconds
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <time.h>
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

static pthread_mutex_t *new_mutex(void)
{
	pthread_mutex_t *mutex = hang_shared(sizeof(*mutex));
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(mutex, &attributes);
	return mutex;
}

static void take_mutex_first(pthread_mutex_t *mutex)
{
	int file = reopen(0);

	pthread_mutex_lock(mutex);
	hang_step(0);
	hang_await(0, 2);
	hang_last(1);
	lock(file, F_WRLCK);
	lock(file, F_UNLCK);
	pthread_mutex_unlock(mutex);
}

static void take_file_first(pthread_mutex_t *mutex)
{
	int file = reopen(0);

	lock(file, F_WRLCK);
	hang_step(0);
	hang_await(0, 2);
	hang_sleep();
	pthread_mutex_lock(mutex);
	pthread_mutex_unlock(mutex);
	lock(file, F_UNLCK);
}

static int cross_mutex(void)
{
	pthread_mutex_t *mutex = new_mutex();
	pid_t child = fork();

	if (child == 0) {
		if (hang_fixed)
			take_mutex_first(mutex);
		else
			take_file_first(mutex);
		_exit(0);
	}
	take_mutex_first(mutex);
	return hang_reap(child);
}

static int close_inherited(void)
{
	int one = reopen(0), two = reopen(1);
	pid_t child;

	lock(one, F_WRLCK);
	lock(two, F_WRLCK);
	child = fork();
	if (child == 0) {
		close(two); /* the parent's */
		two = reopen(1);
		hang_sleep();
		lock(two, F_WRLCK);
		_exit(0);
	}
	if (hang_fixed) {
		lock(one, F_UNLCK);
		lock(two, F_UNLCK);
	}
	close(one);
	one = reopen(0);
	hang_last(1);
	lock(one, F_WRLCK);
	return hang_reap(child);
}

static int go_on(void)
{
	bool crossed = !hang_fixed;

	for (int i = 0; i < 2; i++) {
		if (fork() != 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		take(i && crossed, !(i && crossed), i);
		_exit(0);
	}
	for (int i = 0; i < 60; i++)
		nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} variants[] = {
		{"flock", cross},
		{"ofd", cross},
		{"fcntl", wait_for_child},
		{"mutex", cross_mutex},
		{"inherited", close_inherited},
		{"partial", go_on},
	};
	int status = 1;

	hang_begin(argc, argv);
	ofd = strcmp(hang_variant, "ofd") == 0;
	for (int i = 0; i < 2; i++) {
		int fd = mkstemp(paths[i]);

		if (fd < 0)
			return 1;
		close(fd);
		hang_litter(paths[i], 0);
	}
	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++)
		if (strcmp(hang_variant, variants[i].name) == 0)
			status = variants[i].run();
	for (int i = 0; i < 2; i++)
		unlink(paths[i]);
	return status;
}
