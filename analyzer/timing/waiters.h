#ifndef CT_TIMING_WAITERS_H
#define CT_TIMING_WAITERS_H
/*
 * Whether somebody waits that an event could wake: most events meet nobody, and then the paths of
 * critical.c need not be kept. Private to timing/.
 *
 * Of objects in memory it is known who waits for which; of the kernel's only whether anybody waits
 * for one, since what is done to one end of a connection wakes who waits at the other.
 */
#include "model/model.h"

struct ct_waiters;
CT_MUST_CHECK enum ct_status ct_waiters_new(const struct ct_model *model,
					    struct ct_waiters **out_waiters);
void ct_waiters_free(struct ct_waiters *waiters);
/* To be called once with every step. */
CT_MUST_CHECK enum ct_status ct_waiters_step(struct ct_waiters *waiters,
					     const struct ct_step *step);
/* Of the step that was told last. True may be wrong. */
bool ct_waiters_may_wake(const struct ct_waiters *waiters, const struct ct_step *step);

#endif
