/*
 * Calls in odd corners, each of which a hook once got wrong. What they do is printed; it is the
 * same with the recorder and without.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* The kernel takes 32 bits of the count: here none are left. */
static void huge_poll(void)
{
	struct pollfd on_stack = {.fd = -1};
	volatile nfds_t count = (1UL << 61) + (1UL << 32);
	int result = poll(&on_stack, count, 0);

	printf("poll: %d\n", result);
}

/* A program that starts a file must not lose its own locks on it by our looking at the file. */
static void lock_and_spawn(const char *self)
{
	struct flock lock = {.l_type = F_RDLCK}, other = {.l_type = F_WRLCK};
	char name[] = "child", *argv[] = {name, NULL};
	int fd = open(self, O_RDONLY), status;
	pid_t child;

	printf("lock: %d\n", fcntl(fd, F_SETLK, &lock));
	if (posix_spawn(&child, "/bin/true", NULL, NULL, argv, environ) == 0)
		waitpid(child, &status, 0);
	if (posix_spawn(&child, self, NULL, NULL, argv, environ) == 0)
		waitpid(child, &status, 0);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		fcntl(fd, F_GETLK, &other);
		_exit(other.l_type == F_UNLCK ? 0 : other.l_pid == getppid() ? 1 : 2);
	}
	waitpid(child, &status, 0);
	printf("still locked: %d\n", WEXITSTATUS(status));
	close(fd);
}

/* Old and new value in one place. */
static void rearm(void)
{
	struct itimerspec time = {.it_value = {.tv_sec = 1000}};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);

	timerfd_settime(fd, 0, &time, &time);
	printf("old: %ld\n", (long)time.it_value.tv_sec);
	timerfd_gettime(fd, &time);
	printf("armed: %d\n", time.it_value.tv_sec >= 900);
	close(fd);
}

/* A process may be forbidden to read the time stamp counter. */
static void without_counter(void)
{
	const struct timespec past = {.tv_sec = 1};
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
		_exit(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &past, NULL));
	}
	waitpid(child, &status, 0);
	printf("without the counter: %d\n", status);
}

/* A name that ends where its page ends, without a terminator. */
static void name_at_end(void)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *at = pages + 4096 - 15, name[16] = "";

	munmap(pages + 4096, 4096);
	memset(at, 'n', 15);
	printf("name: %d", prctl(PR_SET_NAME, at));
	prctl(PR_GET_NAME, name);
	printf(" %s\n", name);
}

int main(int argc, char **argv)
{
	if (argc == 1 && strcmp(argv[0], "child") == 0)
		return 0;
	huge_poll();
	lock_and_spawn("/proc/self/exe");
	rearm();
	without_counter();
	name_at_end();
	return 0;
}
