/*
 * Eventfds, timerfds and signalfds in one thread: every call, also where it is refused. Prints what
 * the trace must have (said.h).
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "said.h"

static void *volatile bad = (void *)8;

static int new_eventfd(unsigned value, int flags)
{
	int fd = eventfd(value, flags);

	said("eventfd", fd, value | (flags & EFD_SEMAPHORE ? UINT64_C(1) << 32 : 0));
	return fd;
}

static void take(int fd)
{
	uint64_t value = 0;
	long n = read(fd, &value, sizeof(value));

	said("eventfd_read", n, value);
}

static void add(int fd, uint64_t value)
{
	long n = write(fd, &value, sizeof(value));

	said("eventfd_write", n, value);
}

static void counter(void)
{
	int fd = new_eventfd(3, EFD_NONBLOCK), copy;
	uint64_t value = 0, two[2] = {5, 6};
	struct iovec parts[2] = {{(char *)&value, 3}, {(char *)&value + 3, 5}};
	struct iovec each[2] = {{&two[0], 8}, {&two[1], 8}};
	long n;

	take(fd);
	take(fd); /* EAGAIN */
	add(fd, 4);
	add(fd, 5);
	n = readv(fd, parts, 2);
	said("eventfd_read", n, value);
	n = writev(fd, each, 2);
	said("eventfd_write", n, 11);
	take(fd);
	add(fd, UINT64_C(0xfffffffffffffffe));
	add(fd, 1);	     /* EAGAIN */
	add(fd, UINT64_MAX); /* EINVAL */
	take(fd);
	say("eventfd_write", write(fd, "abc", 3));
	say("eventfd_read", read(fd, &value, 3));
	say("eventfd_read", read(fd, bad, 8));
	say("eventfd_write", write(fd, bad, 8));
	n = eventfd_write(fd, 9);
	said("eventfd_write", n, 9);
	n = eventfd_read(fd, &value);
	said("eventfd_read", n, value);
	n = eventfd_read(fd, &value);
	said("eventfd_read", n, value);
	copy = dup(fd);
	add(copy, 8);
	close(copy);
	take(fd);
	close(fd);
}

static void semaphore(void)
{
	int fd = new_eventfd(1, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);

	add(fd, 2);
	for (int i = 0; i < 4; i++)
		take(fd);
	printf("# %d\n", fcntl(fd, F_GETFD));
	close(fd);
	printf("# %d %d", eventfd(0, 0x12345), errno);
	printf(" %d %d\n", eventfd_write(-1, 1), errno);
}

/* How long a timer is set for depends on when: what is printed is what it is for sure. */
static void timer(void)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	struct itimerspec soon = {.it_value = {0, 1}}, off = {{0, 0}, {0, 0}};
	struct itimerspec past = {.it_value = {1, 0}}, wrong = {.it_value = {0, -1}};
	uint64_t value;

	say("read", read(fd, &value, sizeof(value))); /* EAGAIN */
	need(timerfd_settime(fd, 0, &soon, NULL) == 0, "settime");
	fcntl(fd, F_SETFL, 0);
	say("read", read(fd, &value, sizeof(value)));
	need(timerfd_settime(fd, TFD_TIMER_ABSTIME, &past, NULL) == 0, "settime");
	say("read", read(fd, &value, sizeof(value)));
	need(timerfd_settime(fd, 0, &off, NULL) == 0, "settime");
	printf("# %d %d\n", timerfd_settime(fd, 0, &wrong, NULL), errno);
	printf("# %d %d\n", timerfd_settime(fd, 0, bad, NULL), errno);
	printf("# %d %d\n", timerfd_settime(-1, 0, &soon, NULL), errno);
	printf("# %d %d\n", timerfd_create(12345, 0), errno);
	close(fd);
}

static void signals(void)
{
	struct signalfd_siginfo info[3];
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK);
	said("signalfd", fd, 1 << (SIGUSR1 - 1));
	say("read", read(fd, info, sizeof(info))); /* EAGAIN */
	raise(SIGUSR1);
	say("read", read(fd, info, sizeof(info)));
	printf("# %u\n", info[0].ssi_signo);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	said("signalfd", signalfd(fd, &set, 0), 1 << (SIGUSR1 - 1) | 1 << (SIGUSR2 - 1));
	raise(SIGUSR1);
	raise(SIGUSR2);
	say("read", read(fd, info, sizeof(info)));
	printf("# %d %d", signalfd(-1, bad, 0), errno);
	printf(" %d %d\n", signalfd(0, &set, 0), errno);
	close(fd);
}

int main(void)
{
	counter();
	semaphore();
	timer();
	signals();
	return 0;
}
