#ifndef CT_TEST_IPC_H
#define CT_TEST_IPC_H
/*
 * What the sysv_*, mq_* and filelock_* programs share. They print what each call returned, the same
 * in every run. What they make in the kernel they enter into the file $IPC_MADE, as arguments of
 * ipcrm(1) or as "mq NAME", so that the test script can remove what is left of a program that was
 * killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define IPC_PAGE 4096u
#define NS_MS 1000000L

static inline void ipc_made(const char *format, ...)
{
	const char *path = getenv("IPC_MADE");
	FILE *file = path ? fopen(path, "a") : NULL;
	va_list list;

	if (!file)
		return;
	va_start(list, format);
	vfprintf(file, format, list);
	va_end(list);
	fclose(file);
}

/* Prints what a call returned. errno is 0 afterwards, and whatever a call that succeeds leaves in
 * it is printed too. */
static inline long ipc_say(const char *what, long result)
{
	if (result == -1)
		printf("%s: %s\n", what, strerrorname_np(errno));
	else if (errno)
		printf("%s: %ld, errno %s\n", what, result, strerrorname_np(errno));
	else
		printf("%s: %ld\n", what, result);
	fflush(stdout);
	errno = 0;
	return result;
}

/* The call, and its text, which must not name what differs from run to run. */
#define SAY(call) ipc_say(#call, (long)(call))

static inline void ipc_need(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "%s: errno %d\n", what, errno);
	_exit(99);
}

/* The last bytes of a page, after which nothing can be read. */
static inline char *ipc_edge(void)
{
	char *memory = mmap(NULL, 2 * IPC_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	ipc_need(memory != MAP_FAILED && munmap(memory + IPC_PAGE, IPC_PAGE) == 0, "edge");
	return memory + IPC_PAGE;
}

static inline void ipc_handler(int number)
{
	(void)number;
}

/* A handler of SIGUSR1; SA_RESTART makes no difference to the calls that are tested with it. */
static inline void ipc_catch(int flags)
{
	struct sigaction action = {.sa_handler = ipc_handler, .sa_flags = flags};

	sigaction(SIGUSR1, &action, NULL);
}

static inline struct timespec ipc_in(clockid_t clock, long ms)
{
	struct timespec t;

	clock_gettime(clock, &t);
	t.tv_nsec += ms * NS_MS;
	t.tv_sec += t.tv_nsec / (1000 * NS_MS);
	t.tv_nsec %= 1000 * NS_MS;
	return t;
}

#endif
