/*
 * Locks on files: every way in which flock, lockf and those of fcntl come out. Argument: a folder
 * for the files.
 */
#include <sys/file.h>

#include "ipc_wait.h"

static int first, second; /* two open files of the same file */

static void stage(const char *name)
{
	printf("-- %s\n", name);
	fflush(stdout);
}

static int set(int fd, int command, short type, short whence, off_t start, off_t length)
{
	struct flock lock = {.l_type = type, .l_whence = whence, .l_start = start, .l_len = length};

	return fcntl(fd, command, &lock);
}

static int whole(int fd, int command, short type)
{
	return set(fd, command, type, SEEK_SET, 0, 0);
}

static long flock_second(void)
{
	return flock(second, LOCK_EX);
}

static long flock_shared(void)
{
	return flock(second, LOCK_SH);
}

static long lockf_first(void)
{
	return lockf(first, F_LOCK, 0);
}

static long fcntl_first(void)
{
	return whole(first, F_SETLKW, F_WRLCK);
}

static long open_file_second(void)
{
	return whole(second, F_OFD_SETLKW, F_RDLCK);
}

static void waits(long (*call)(void), int cancellable)
{
	struct ipc_thread thread;

	ipc_start_waiting(&thread, call);
	pthread_kill(thread.thread, SIGUSR1);
	ipc_join(&thread, "signal");
	if (!cancellable)
		return;
	ipc_start_waiting(&thread, call);
	pthread_cancel(thread.thread);
	ipc_join(&thread, "cancel");
}

static void flocks(void)
{
	struct ipc_thread thread;

	stage("flock");
	SAY(flock(-1, LOCK_EX));
	SAY(flock(first, 0));
	SAY(flock(first, LOCK_EX | LOCK_SH));
	SAY(flock(first, 16 | LOCK_UN));
	SAY(flock(first, LOCK_UN));
	SAY(flock(first, LOCK_EX));
	SAY(flock(first, LOCK_EX));
	SAY(flock(second, LOCK_EX | LOCK_NB));
	SAY(flock(second, LOCK_SH | LOCK_NB));
	waits(flock_second, 0);
	ipc_start_waiting(&thread, flock_shared);
	SAY(flock(first, LOCK_SH)); /* converted */
	ipc_join(&thread, "shared");
	SAY(flock(first, LOCK_EX | LOCK_NB)); /* refused, and lost what it had */
	SAY(flock(second, LOCK_EX | LOCK_NB));
	SAY(flock(second, LOCK_UN));
	ipc_cancelled(flock_second, "flock");
	SAY(flock(second, LOCK_UN));
}

static void inherited(void)
{
	pid_t child;

	stage("flock and fork");
	SAY(flock(first, LOCK_EX));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		int own = flock(first, LOCK_EX | LOCK_NB); /* the same open file */
		int other = flock(second, LOCK_EX | LOCK_NB);

		_exit(own == 0 && other == -1 && flock(first, LOCK_UN) == 0 ? 0 : 1);
	}
	ipc_reap(child, "inherited");
	SAY(flock(second, LOCK_EX | LOCK_NB)); /* the child gave it back for us both */
	SAY(flock(second, LOCK_UN));
}

/* A child that locks, and ends when the other end of this pipe is closed. */
static pid_t holder(int (*lock)(void), int end[2])
{
	int ready[2];
	pid_t child;
	char c;

	ipc_need(pipe(ready) == 0 && pipe(end) == 0, "pipe");
	fflush(stdout);
	child = fork();
	if (child == 0) {
		close(end[1]);
		ipc_need(lock() == 0 && write(ready[1], "r", 1) == 1, "lock");
		_exit(read(end[0], &c, 1) == 0 ? 0 : 1);
	}
	close(end[0]);
	close(ready[1]);
	ipc_need(read(ready[0], &c, 1) == 1, "holder");
	close(ready[0]);
	return child;
}

static int hold_part(void)
{
	return set(first, F_SETLK, F_WRLCK, SEEK_SET, 100, 10);
}

static void release(pid_t child, int end[2], const char *what)
{
	close(end[1]);
	ipc_reap(child, what);
}

static void lockfs(void)
{
	struct ipc_thread thread;
	pid_t child;
	int end[2];

	stage("lockf");
	SAY(lockf(-1, F_LOCK, 0));
	SAY(lockf(first, 77, 0));
	SAY(lseek(first, 100, SEEK_SET));
	SAY(lockf(first, F_LOCK, 10));
	SAY(lockf(first, F_TLOCK, -10));
	SAY(lockf(first, F_ULOCK, 0));
	SAY(lockf(first, F_LOCK, -200));
	SAY(lseek(first, 0, SEEK_SET));
	SAY(lockf(first, F_ULOCK, 0));
	child = holder(hold_part, end);
	SAY(lockf(first, F_TEST, 0));
	SAY(lockf(first, F_TLOCK, 0));
	SAY(lockf64(first, F_TLOCK, 100));
	waits(lockf_first, 1);
	ipc_start_waiting(&thread, lockf_first);
	release(child, end, "holder");
	ipc_join(&thread, "locked");
	SAY(lockf64(first, F_ULOCK, 0));
	ipc_cancelled(lockf_first, "lockf");
}

static void ranges(void)
{
	stage("fcntl");
	SAY(fcntl(first, F_SETLK, NULL));
	SAY(fcntl(first, F_SETLKW, (struct flock *)8));
	SAY(fcntl(first, F_OFD_SETLKW, ipc_edge() - 8));
	SAY(whole(-1, F_SETLKW, F_WRLCK));
	SAY(whole(first, F_SETLKW, 55));
	SAY(set(first, F_SETLK, F_WRLCK, 9, 0, 0));
	SAY(set(first, F_SETLK, F_WRLCK, SEEK_SET, -1, 1));
	SAY(lseek(first, 50, SEEK_SET));
	SAY(set(first, F_SETLK, F_WRLCK, SEEK_SET, 10, 5));
	SAY(set(first, F_SETLKW, F_RDLCK, SEEK_CUR, -5, 5));
	SAY(set(first, F_SETLKW, F_WRLCK, SEEK_END, 0, -1000));
	SAY(set(first, F_SETLKW, F_UNLCK, SEEK_END, -1000, 0));
	SAY(lseek(first, 0, SEEK_CUR));
	SAY(whole(second, F_SETLK, F_WRLCK)); /* ours, by whatever descriptor */
	SAY(whole(second, F_SETLK, F_UNLCK));
}

static void refusals(void)
{
	struct ipc_thread thread;
	pid_t child;
	int end[2];

	child = holder(hold_part, end);
	SAY(whole(first, F_SETLK, F_WRLCK));
	SAY(set(first, F_SETLK, F_WRLCK, SEEK_SET, 110, 0));
	waits(fcntl_first, 1);
	ipc_start_waiting(&thread, fcntl_first);
	release(child, end, "holder");
	ipc_join(&thread, "locked");
	SAY(whole(first, F_SETLK, F_UNLCK));
	ipc_cancelled(fcntl_first, "F_SETLKW");
	SAY(whole(first, F_SETLK, F_UNLCK));
}

/* The child holds byte 1 and waits for byte 0, which we hold; for us to wait for byte 1 would be a
 * deadlock, and the kernel says so. */
static long wait_crosswise(void)
{
	if (set(first, F_SETLK, F_WRLCK, SEEK_SET, 1, 1))
		return -1;
	return set(first, F_SETLKW, F_WRLCK, SEEK_SET, 0, 1);
}

static void deadlock(void)
{
	pid_t child;

	stage("deadlock");
	SAY(set(first, F_SETLK, F_WRLCK, SEEK_SET, 0, 1));
	child = ipc_fork_waiting(wait_crosswise);
	SAY(set(first, F_SETLKW, F_WRLCK, SEEK_SET, 1, 1));
	SAY(whole(first, F_SETLK, F_UNLCK));
	ipc_reap(child, "crosswise");
}

static void open_files(void)
{
	struct ipc_thread thread;
	struct flock wrong = {.l_type = F_WRLCK, .l_pid = 1};

	stage("open file locks");
	SAY(fcntl(first, F_OFD_SETLK, &wrong));
	SAY(whole(first, F_OFD_SETLKW, F_WRLCK));
	SAY(whole(second, F_OFD_SETLK, F_WRLCK));
	SAY(whole(first, F_SETLK, F_WRLCK));
	waits(open_file_second, 1);
	ipc_start_waiting(&thread, open_file_second);
	SAY(whole(first, F_OFD_SETLK, F_UNLCK));
	ipc_join(&thread, "read lock");
	SAY(whole(first, F_OFD_SETLK, F_RDLCK));
	SAY(whole(second, F_OFD_SETLK, F_UNLCK));
	SAY(whole(first, F_OFD_SETLK, F_UNLCK));
}

int main(int argc, char **argv)
{
	char path[256];

	errno = 0;
	snprintf(path, sizeof(path), "%s/locked", argc > 1 ? argv[1] : ".");
	first = open(path, O_RDWR | O_CREAT, 0600);
	second = open(path, O_RDWR);
	ipc_need(first >= 0 && second >= 0 && ftruncate(first, 1000) == 0, path);
	ipc_catch(0);
	flocks();
	inherited();
	lockfs();
	ranges();
	refusals();
	deadlock();
	open_files();
	SAY(unlink(path));
	return 0;
}
