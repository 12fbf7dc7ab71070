#ifndef CT_LIVE_STEERED_H
#define CT_LIVE_STEERED_H
/*
 * What came of a run that was steered, as the run itself left it (format/ct_steer.h).
 */
#include <stdbool.h>

#include "format/ct_steer.h"

/* The plan of a run, in its trace folder. */
#define CT_PLAN_FILE "/.plan"

/* errno tells why not. */
bool ct_steered_write_plan(const char *trace, const struct ct_plan *plan);

/* False: the run left nothing, or what it left is not of this plan: it was not steered. */
bool ct_steered_read(const char *trace, const struct ct_plan *plan, struct ct_steer *out);

/* How far it came, from not at all to all: to compare attempts with. */
enum ct_steered_progress {
	CT_STEERED_NOT,	      /* the recorder could not follow the plan */
	CT_STEERED_AWAY,      /* some never came to their stops */
	CT_STEERED_APART,     /* all came, but never at the same time */
	CT_STEERED_TIMED_OUT, /* likewise, and one waited for the others until its time was over */
	CT_STEERED_FORCED,    /* likewise, as the others could not go on while one was held */
	CT_STEERED_MET,	      /* all stood at their stops at once */
};
enum ct_steered_progress ct_steered_progress(const struct ct_steer *steer);

/* The first thread of the plan that never came to its stop; `count` if all did. */
uint32_t ct_steered_missing(const struct ct_steer *steer);

#endif
