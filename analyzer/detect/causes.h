#ifndef CT_DETECT_CAUSES_H
#define CT_DETECT_CAUSES_H
/*
 * What a finding of the detector `stuck` says of its cause. Private to detect_stuck.c and the
 * cause_*.c beside it. The threads of the steps wait for one object, and nobody is left who could
 * help them.
 */
#include "detect/hang.h"
#include "model/traffic.h"

struct ct_cause {
	const struct ct_model *model;
	struct ct_findings *findings;
	struct ct_finding *finding;
	const struct ct_thread *waiter; /* that of the first step */
};

/* Each fills waits, because and places; the finding's steps are there. */
typedef enum ct_status ct_cause_fn(const struct ct_cause *cause);

/* Misuses, which their own detectors tell of as well where nothing hangs. */
extern const struct ct_rule ct_destroy_busy, ct_not_process_shared;

ct_cause_fn ct_cause_destroy, ct_cause_shared, ct_cause_wakeup, ct_cause_post, ct_cause_barrier,
	ct_cause_pipe;

/* The signal that a thread on a condition missed: the last one, which came while nobody waited, or
 * woke one of several. NULL: there is none. */
const struct ct_deed *ct_cause_lost_signal(const struct ct_thread *thread);

/* Of a thread at a pipe: whether the other end is open in its own process only, so that it waits
 * for itself. */
bool ct_cause_pipe_is_own(const struct ct_model *model, const struct ct_thread *waiter);

/* The last unit of its semaphore that a thread took, if it has all that were taken and not given
 * back, and nobody has posted who had not taken one; else NULL. */
const struct ct_deed *ct_cause_own_unit(const struct ct_model *model,
					const struct ct_thread *waiter);

/* Sets `because`; CT_ENOMEM if `text` is NULL. */
CT_MUST_CHECK enum ct_status ct_cause_say(const struct ct_cause *cause, const char *waits,
					  const char *text);

#endif
