#ifndef CT_TEST_CALLS_H
#define CT_TEST_CALLS_H
/*
 * Calls whose results and events are known beforehand. Each call stands in the program with the
 * result that it must have and the records that it must leave; the result is checked at once, with
 * the recorder and without, the records by calls.sh, from the file $CALLS_EVENTS.
 *
 *   CALL(object, arg, function, (arguments), result, "records")
 *
 * object and arg are those of the event, arg 0 if it has none; of a call that returns -1, result is
 * the errno value. Records are the flags of each, joined by commas, "-" for no flags, and "!" after
 * them if it is a `failed`, with the error that the call returns: "request,timed blocked,timed!".
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>

#include "asleep.h"

#define CALL(object, arg, function, arguments, result, records)                                    \
	calls_check(#function, (uintptr_t)(object), (uintptr_t)(arg),                              \
		    (errno = CALLS_ERRNO, (int)(function arguments)), result, records, __LINE__)
enum { CALLS_ERRNO = 4000, CALLS_ERRORS = 134 }; /* errno before a call: not one that libc sets */

/* The caller's numbers in the trace: 1 for main and the root process, then in order of creation. */
static __thread int calls_self = 1;
static int calls_process = 1;

static int calls_made, calls_wrong;
static int calls_errno[CALLS_ERRORS]; /* how often calls left errno at each value */

/* The errno value that a `failed` has for a result. */
static inline int calls_error_of(const char *function, int result)
{
	static const int of_thrd[] = {[thrd_success] = 0,
				      [thrd_busy] = EBUSY,
				      [thrd_error] = EINVAL,
				      [thrd_nomem] = ENOMEM,
				      [thrd_timedout] = ETIMEDOUT};

	if (!strncmp(function, "thrd_", 5) || !strncmp(function, "mtx_", 4) ||
	    !strncmp(function, "cnd_", 4))
		return of_thrd[result];
	return result;
}

/* The records of a call that does not return: say so before it. */
static inline void calls_expect(const char *function, uintptr_t object, uintptr_t arg, int error,
				const char *records)
{
	const char *path = getenv("CALLS_EVENTS");
	char text[1024], list[256], *rest = list, *flags;
	int fd, cancel, saved = errno, length = 0;

	if (!path || !*records)
		return;
	function += strspn(function, "_"); /* another name of the same */
	snprintf(list, sizeof(list), "%s", records);
	while ((flags = strsep(&rest, " "))) {
		size_t end = strcspn(flags, "!");
		int failed = flags[end] == '!';

		length += snprintf(text + length, sizeof(text) - (size_t)length,
				   "p%d:T%d %s 0x%jx 0x%jx %.*s %d\n", calls_process, calls_self,
				   function, (uintmax_t)object, failed ? 0 : (uintmax_t)arg,
				   (int)end, flags, failed ? error : 0);
	}
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, (size_t)length) != length)
		abort();
	close(fd);
	pthread_setcancelstate(cancel, NULL);
	errno = saved;
}

static inline void calls_say_wrong(const char *what, long found, long wanted, int line)
{
	__atomic_add_fetch(&calls_wrong, 1, __ATOMIC_RELAXED);
	fprintf(stderr, "line %d: %s: %ld instead of %ld\n", line, what, found, wanted);
}

static inline void calls_check(const char *function, uintptr_t object, uintptr_t arg, int result,
			       int wanted, const char *records, int line)
{
	int left = errno;

	if (!strncmp(function, "sem_", 4) && result == -1) {
		result = left;
		left = CALLS_ERRNO;
	}
	__atomic_add_fetch(&calls_made, 1, __ATOMIC_RELAXED);
	if (left >= 0 && left < CALLS_ERRORS)
		__atomic_add_fetch(&calls_errno[left], 1, __ATOMIC_RELAXED);
	if (result != wanted)
		calls_say_wrong(function, result, wanted, line);
	calls_expect(function, object, arg, calls_error_of(function, result), records);
}

/* Anything else that must be so. */
#define CALLS_IS(found, wanted)                                                                    \
	((long)(found) == (long)(wanted)                                                           \
		 ? (void)0                                                                         \
		 : calls_say_wrong(#found, (long)(found), (long)(wanted), __LINE__))

/* What the process prints at its end, and its status. */
static inline int calls_end(void)
{
	printf("%d calls, %d wrong\n", calls_made, calls_wrong);
	for (int i = 0; i < CALLS_ERRORS; i++)
		if (calls_errno[i])
			printf("errno %d left by %d\n", i, calls_errno[i]);
	return calls_wrong ? 1 : 0;
}

#endif
