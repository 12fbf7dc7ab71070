#ifndef CT_TEST_ASLEEP_H
#define CT_TEST_ASLEEP_H
/* Waits until a thread sleeps in the kernel, so that tests can order threads without guessing. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { ASLEEP_LOOPS = 200000 }; /* of 100 us or more */

static inline void asleep_pause(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

static inline char asleep_state(pid_t tid)
{
	char path[64], text[512], *end;
	ssize_t length = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)tid, (int)tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	text[length > 0 ? length : 0] = '\0';
	end = strrchr(text, ')'); /* the name before it may have any character */
	return end && end[1] ? end[2] : '?';
}

/* Held at a trap (docs/trapped-races.md), where no signal comes through: it sleeps, but not in a
 * call of its own. */
static inline int asleep_held(const char *status)
{
	const char *options = getenv("CONCTRACE_OPTIONS"), *blocked = strstr(status, "SigBlk:");

	return options && strstr(options, "races=traps") && blocked &&
	       strtoull(blocked + sizeof("SigBlk:"), NULL, 16) >> (SIGTRAP - 1) & 1;
}

static inline int asleep_now(pid_t tid)
{
	char path[64], text[4096];
	ssize_t length = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)tid, (int)tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	text[length > 0 ? length : 0] = '\0';
	return strstr(text, "State:\tS") && !asleep_held(text);
}

/* Returns when the thread, of this or another process, sleeps (state S). */
static inline void asleep_wait(pid_t tid)
{
	for (int i = 0; i < ASLEEP_LOOPS; i++) {
		if (asleep_now(tid))
			return;
		asleep_pause();
	}
	fprintf(stderr, "thread %d never slept\n", (int)tid);
	_exit(98);
}

/* Returns when there is no such thread any more. */
static inline void asleep_gone(pid_t tid)
{
	for (int i = 0; i < ASLEEP_LOOPS && asleep_state(tid) != '?'; i++)
		asleep_pause();
}

/* As asleep_wait, of a thread that stores its gettid() just before the call that is to wait. */
static inline void asleep_wait_for(const pid_t *tid)
{
	for (int i = 0; i < ASLEEP_LOOPS && !__atomic_load_n(tid, __ATOMIC_ACQUIRE); i++)
		asleep_pause();
	asleep_wait(__atomic_load_n(tid, __ATOMIC_ACQUIRE));
}

#endif
