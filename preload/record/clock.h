#ifndef CT_RECORD_CLOCK_H
#define CT_RECORD_CLOCK_H
/*
 * The trace's clock: the TSC where the kernel trusts it, else CLOCK_MONOTONIC in ns. Measured once,
 * by the process that makes the trace; the others take what the session says.
 */
#include <stdint.h>

#include "format/ct_live.h"

struct ct_clock_sample {
	uint64_t tsc, monotonic_ns;
};

/* First half of the measurement, as early as possible. */
void ct_clock_sample(struct ct_clock_sample *out);
/* Second half: waits until a millisecond has passed since `first`, then fills clock and frequency.
 */
void ct_clock_measure(const struct ct_clock_sample *first, struct ct_session *session);
void ct_clock_use(enum ct_clock clock);
/* The TSC is about to be forbidden to this thread (prctl's PR_SET_TSC): from now on the process
 * asks the kernel for the time, since libc reads the TSC as well, and reckons the ticks. */
void ct_clock_leave_tsc(void);
/* Nanoseconds since 1970 now. */
uint64_t ct_clock_realtime_ns(void);

#endif
