#ifndef CT_LIVE_ARRIVALS_H
#define CT_LIVE_ARRIVALS_H
/*
 * How often a thread came to a place, counted as the recorder counts where it steers a run: each
 * call once, whether it had to wait or not, and none in a signal handler.
 */
#include <stdint.h>

#include "base/status.h"
#include "finding/finding.h"
#include "format/ct_plan.h"

struct ct_repeat;

struct ct_arrival_places {
	uint64_t time, since;			   /* of the stop, of the outermost lock */
	struct ct_plan_place stop, outermost, own; /* as in struct ct_pattern_thread */
};

/* Where the step asks for what it wants, and where its thread took what it held then. CT_EUSAGE:
 * there is no such record. */
CT_MUST_CHECK enum ct_status ct_arrivals_find(const struct ct_model *model,
					      const struct ct_repeat *repeat,
					      const struct ct_step_of_cycle *step,
					      struct ct_arrival_places *out);

#endif
