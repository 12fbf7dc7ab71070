#ifndef CT_TESTS_TIMED_RUN_H
#define CT_TESTS_TIMED_RUN_H
/* A fake trace and its timing. */
#include "fake_trace.h"
#include "model/names.h"
#include "timing/timing.h"

struct timed_run {
	struct fake_trace *fake;
	struct ct_naming naming; /* the timing borrows it: the struct stays where it is */
	struct ct_timing *timing;
};

/* Takes the trace, whose tick is a nanosecond. */
void timed_run_begin(struct timed_run *run, struct fake_trace *fake);
void timed_run_end(struct timed_run *run);

#endif
