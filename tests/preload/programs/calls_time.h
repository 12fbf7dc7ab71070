#ifndef CT_TEST_CALLS_TIME_H
#define CT_TEST_CALLS_TIME_H
/* Time limits: over, invalid, and soon. */
#include <time.h>

static const struct timespec calls_past = {1, 0}, calls_invalid = {1, 1000000000},
			     calls_negative = {1, -1};

static inline struct timespec calls_in(clockid_t clock, int ms)
{
	struct timespec t;

	clock_gettime(clock, &t);
	t.tv_nsec += ms * 1000000L;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* Whether the limit is over on its clock: a call that says so must not have come back earlier. */
static inline int calls_over(clockid_t clock, const struct timespec *limit)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec > limit->tv_sec ||
	       (now.tv_sec == limit->tv_sec && now.tv_nsec >= limit->tv_nsec);
}

#endif
