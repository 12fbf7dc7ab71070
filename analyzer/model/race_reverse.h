#ifndef CT_MODEL_RACE_REVERSE_H
#define CT_MODEL_RACE_REVERSE_H
/*
 * Whether two accesses can meet when locks are taken in another order than in the run: each thread
 * goes as far as it must, one after the other, and takes a lock when it is free. What others write
 * meanwhile is not looked at, so a read may see something else there: a hint, not a proof.
 */
#include "model/race.h"

/* `budget`: steps that may be done, is lowered. */
CT_MUST_CHECK enum ct_status ct_race_reverse(const struct ct_reach *reach,
					     const struct ct_race_instance *instance,
					     uint64_t *budget, bool *out_possible);

#endif
