#ifndef CT_TEST_SAID_H
#define CT_TEST_SAID_H
/*
 * For programs that print what their trace must have: one line for each call, in the order of the
 * calls of one thread.
 *
 *   EVENT argument          as "recv 5"
 *   failed EVENT errno      as "failed recv 11"
 *
 * What begins with '#' is the program's own.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* A call that returned `result`, and is to be recorded as `event` with `argument`. */
static inline void said(const char *event, long result, unsigned long argument)
{
	if (result < 0)
		printf("failed %s %d\n", event, errno);
	else
		printf("%s %lu\n", event, argument);
}

/* One whose argument is its result. */
static inline long say(const char *event, long result)
{
	said(event, result, (unsigned long)result);
	return result;
}

/* One that is recorded before it is made: a refusal comes on top. */
static inline void said_before(const char *event, long result, unsigned long argument)
{
	printf("%s %lu\n", event, argument);
	if (result < 0)
		said(event, result, 0);
}

static inline void need(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s: errno %d\n", what, errno);
	exit(2);
}

static inline unsigned long inode_of(int fd)
{
	struct stat info;

	return fstat(fd, &info) == 0 ? (unsigned long)info.st_ino : 0;
}

#endif
