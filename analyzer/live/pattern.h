#ifndef CT_LIVE_PATTERN_H
#define CT_LIVE_PATTERN_H
/*
 * A deadlock that was predicted, in terms of any run of the program: which threads, where each of
 * them stands last and what it took first. Makes the plans by which runs are steered to it, and
 * recognises it in a run in which it stands.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "finding/finding.h"
#include "format/ct_plan.h"

struct ct_repeat;

struct ct_pattern_thread {
	uint64_t path;
	struct ct_plan_place stop;
	struct ct_plan_place outermost; /* before the first lock of those it holds at the stop */
	struct ct_plan_place own;	/* before what the others want of it */
};

struct ct_pattern {
	uint32_t count;
	uint32_t span_ms; /* between the first lock that one takes and the last stop of any */
	struct ct_pattern_thread threads[CT_PLAN_THREADS_MAX]; /* as the finding's steps */
};

enum ct_pattern_gates { CT_GATES_OUTERMOST, CT_GATES_OWN, CT_GATES_NONE };

/* One way to try. */
struct ct_pattern_way {
	enum ct_plan_mode mode;
	enum ct_pattern_gates gates;
	bool any_thread; /* whoever comes there, however it was created */
	const char *name;
};

/* CT_EUSAGE: nothing can be planned for it, `error` says why. Reads the streams of its threads. */
CT_MUST_CHECK enum ct_status ct_pattern_of(const struct ct_model *model,
					   const struct ct_repeat *repeat,
					   const struct ct_finding *finding, struct ct_error *error,
					   struct ct_pattern *out);

void ct_pattern_plan(const struct ct_pattern *pattern, const struct ct_pattern_way *way,
		     uint64_t seed, struct ct_plan *out);

/* The same for patterns that end in the same places, in whatever order, and likely for no others.
 */
uint64_t ct_pattern_stops(const struct ct_pattern *pattern);

/* Whether the finding, of another run, is a circle of waits at all of the pattern's stops. */
bool ct_pattern_stands(const struct ct_pattern *pattern, const struct ct_repeat *repeat,
		       const struct ct_finding *finding);

/* Whether at one of the stops the kernel refused a file lock, as it closed a circle (EDEADLK). */
CT_MUST_CHECK enum ct_status ct_pattern_refused(const struct ct_pattern *pattern,
						const struct ct_repeat *repeat,
						const struct ct_model *model, bool *out);

#endif
