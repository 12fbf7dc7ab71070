#ifndef CT_MODEL_SCHEDULE_H
#define CT_MODEL_SCHEDULE_H
/*
 * A closed set of events (closure.h) as a schedule that a person can follow: each thread runs as
 * far as it can before another one does, with all locks taken in the recorded order.
 */
#include "model/reach.h"

/* How far a thread goes: the events up to `position`. */
struct ct_schedule_run {
	const struct ct_thread *thread;
	uint32_t position;
};

/* Makes runs of the set: `goals` says how far each of its threads goes, those first that should run
 * first. *out_runs is the caller's, on the heap. CT_ENOTFOUND: more than `limit` events, or a set
 * that is not closed. */
CT_MUST_CHECK enum ct_status ct_schedule(const struct ct_reach *reach,
					 const struct ct_schedule_run *goals, size_t count,
					 size_t limit, struct ct_schedule_run **out_runs,
					 size_t *out_count);

#endif
