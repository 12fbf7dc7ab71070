#ifndef CT_TIMING_COURSE_H
#define CT_TIMING_COURSE_H
/*
 * The course of the whole program: how many threads ran at once, and the critical path.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

struct ct_timing_lock;
/* How many threads ran at a time. "Ran" by their events; cores says how many processors did. */
struct ct_parallelism {
	double mean;  /* threads that ran, averaged over the time */
	double cores; /* CPU time of all over elapsed time; < 0 unknown, or of too few */
	uint32_t most;
	uint64_t *at_ns;     /* [k]: time in which k threads ran, k <= most; owned */
	double serial_share; /* Amdahl: of all work, what was done while just one thread ran; < 0:
				none */
	/* The curve: mean number of threads that ran in each of `bins` equal parts of the time. */
	double *curve; /* owned */
	size_t bins;
};

/* The critical path: from the end back, always through who was waited for. Source: Yang and Miller,
 * "Critical Path Analysis for the Execution of Parallel and Distributed Programs", 1988. */
struct ct_critical_segment {
	const struct ct_thread *thread;
	uint64_t from_ns, to_ns;
};
struct ct_critical {
	uint64_t length_ns; /* of the path: the elapsed time, but for what comes before the start */
	uint64_t *thread_ns; /* by thread id: time on the path; owned */
	uint64_t waits_ns; /* of it, spent in waits that nobody of the program ended: sleep, I/O */
	const struct ct_timing_lock *lock; /* held longest on the path, or NULL */
	struct ct_critical_segment
		*segments; /* from the start; neighbours of one thread are merged */
	size_t segment_count;
	bool shortened; /* there were more than are kept: the last are here */
};

#endif
