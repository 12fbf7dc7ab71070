/*
 * Every call that polls or sleeps, interrupted by a handler with and without SA_RESTART, cancelled
 * while it waits and before, and with a signal that only its own mask lets in.
 *   poll_waits            all of these
 *   poll_waits CALL       waits in the call for ever; prints the inode of what it waits for
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"

enum { LONG_S = 1000 };

static int ends[2], epoll;
static pid_t waiter;
static int handled;
static const sigset_t *mask; /* of the calls that have one */

static int by_poll(void)
{
	struct pollfd fd = {ends[0], POLLIN, 0};

	return poll(&fd, 1, -1);
}

static int by_poll_elsewhere(void)
{
	static struct pollfd fd;

	fd = (struct pollfd){ends[0], POLLIN, 0};
	return poll(&fd, 1, LONG_S * 1000);
}

static int by_poll_none(void)
{
	return poll(NULL, 0, -1);
}

static int by_ppoll(void)
{
	struct pollfd fd = {ends[0], POLLIN, 0};

	return ppoll(&fd, 1, NULL, mask);
}

static int by_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	return select(ends[0] + 1, &set, NULL, NULL, NULL);
}

static int by_select_none(void)
{
	struct timeval time = {LONG_S, 0};

	return select(0, NULL, NULL, NULL, &time);
}

static int by_pselect(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	return pselect(ends[0] + 1, &set, NULL, NULL, NULL, mask);
}

static int by_epoll_wait(void)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, -1);
}

static int by_epoll_pwait(void)
{
	struct epoll_event event;

	return epoll_pwait(epoll, &event, 1, LONG_S * 1000, mask);
}

static int by_epoll_pwait2(void)
{
	struct epoll_event event;
	struct timespec time = {LONG_S, 0};

	return epoll_pwait2(epoll, &event, 1, &time, mask);
}

static int by_nanosleep(void)
{
	struct timespec time = {LONG_S, 0}, left = {0, 0};
	int result = nanosleep(&time, &left);

	printf("left %d ", left.tv_sec >= LONG_S - 100 && left.tv_sec <= LONG_S);
	return result;
}

static int by_clock_nanosleep(void)
{
	struct timespec time = {LONG_S, 0}, left = {0, 0};
	int result = clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &left);

	printf("left %d ", left.tv_sec >= LONG_S - 100 && left.tv_sec <= LONG_S);
	return result;
}

static int by_clock_nanosleep_until(void)
{
	struct timespec time, left = {77, 77};
	int result;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_sec += LONG_S;
	result = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, &left);
	printf("left %d ", (int)left.tv_sec);
	return result;
}

static int by_sleep(void)
{
	unsigned left = sleep(LONG_S);

	return left >= LONG_S - 100 && left <= LONG_S;
}

static int by_usleep(void)
{
	return usleep(LONG_S * 1000000);
}

static int by_thrd_sleep(void)
{
	struct timespec time = {LONG_S, 0}, left = {0, 0};
	int result = thrd_sleep(&time, &left);

	printf("left %d ", left.tv_sec >= LONG_S - 100 && left.tv_sec <= LONG_S);
	return result;
}

static const struct call {
	const char *name;
	int (*make)(void);
	bool has_mask;
} calls[] = {
	{"poll", by_poll, false},
	{"poll_elsewhere", by_poll_elsewhere, false},
	{"poll_none", by_poll_none, false},
	{"ppoll", by_ppoll, true},
	{"select", by_select, false},
	{"select_none", by_select_none, false},
	{"pselect", by_pselect, true},
	{"epoll_wait", by_epoll_wait, false},
	{"epoll_pwait", by_epoll_pwait, true},
	{"epoll_pwait2", by_epoll_pwait2, true},
	{"nanosleep", by_nanosleep, false},
	{"clock_nanosleep", by_clock_nanosleep, false},
	{"clock_nanosleep_until", by_clock_nanosleep_until, false},
	{"sleep", by_sleep, false},
	{"usleep", by_usleep, false},
	{"thrd_sleep", by_thrd_sleep, false},
};

static void handler(int number)
{
	(void)number;
	__atomic_add_fetch(&handled, 1, __ATOMIC_RELAXED);
}

static void make(const struct call *call, const char *how)
{
	int result;

	errno = 0;
	result = call->make();
	printf("%s %s: %d %s, handled %d\n", call->name, how, result, strerrorname_np(errno),
	       __atomic_exchange_n(&handled, 0, __ATOMIC_RELAXED));
}

static void *waits(void *call)
{
	__atomic_store_n(&waiter, gettid(), __ATOMIC_RELEASE);
	make(call, "interrupted");
	return NULL;
}

static void *cancelled_early(void *call)
{
	pthread_cancel(pthread_self());
	make(call, "too late");
	return NULL;
}

static void interrupted(const struct call *call, int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	pthread_t thread;

	sigaction(SIGUSR1, &action, NULL);
	waiter = 0;
	pthread_create(&thread, NULL, waits, (void *)call);
	asleep_wait_for(&waiter);
	pthread_kill(thread, SIGUSR1);
	pthread_join(thread, NULL);
}

static void cancelled(const struct call *call, bool early)
{
	pthread_t thread;
	void *value;

	waiter = 0;
	pthread_create(&thread, NULL, early ? cancelled_early : waits, (void *)call);
	if (!early) {
		asleep_wait_for(&waiter);
		pthread_cancel(thread);
	}
	pthread_join(thread, &value);
	printf("%s cancelled%s: %d\n", call->name, early ? " before" : "",
	       value == PTHREAD_CANCELED);
}

/* A signal that waits until the call's mask lets it in: at once, or never if there is input. */
static void masked(const struct call *call)
{
	sigset_t blocked, none;
	char c;

	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &blocked, NULL);
	mask = &none;
	raise(SIGUSR1);
	make(call, "with a mask");
	raise(SIGUSR1);
	if (write(ends[1], "x", 1) != 1)
		abort();
	make(call, "with a mask and input");
	mask = NULL;
	make(call, "with input");
	pthread_sigmask(SIG_UNBLOCK, &blocked, NULL);
	printf("handled later: %d\n", __atomic_exchange_n(&handled, 0, __ATOMIC_RELAXED));
	if (read(ends[0], &c, 1) != 1)
		abort();
}

static void wait_in(const char *name)
{
	struct stat info;

	if (fstat(ends[0], &info))
		exit(2);
	printf("%lu\n", (unsigned long)info.st_ino);
	fflush(stdout);
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(calls[i].name, name))
			calls[i].make();
	exit(1);
}

int main(int argc, char **argv)
{
	struct epoll_event event = {.events = EPOLLIN};

	epoll = epoll_create1(0);
	if (pipe(ends) || epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event))
		return 2;
	if (argc > 1)
		wait_in(argv[1]);
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		interrupted(&calls[i], 0);
		interrupted(&calls[i], SA_RESTART);
		cancelled(&calls[i], false);
		cancelled(&calls[i], true);
		if (calls[i].has_mask)
			masked(&calls[i]);
	}
	return 0;
}
