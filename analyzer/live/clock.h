#ifndef CT_LIVE_CLOCK_H
#define CT_LIVE_CLOCK_H
/*
 * Time that goes on evenly, for limits and pauses.
 */
#include <stdint.h>
#include <time.h>

static inline uint64_t ct_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* What the calling thread has run so far. */
static inline uint64_t ct_clock_cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

#endif
