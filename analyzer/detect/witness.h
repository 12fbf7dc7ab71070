#ifndef CT_DETECT_WITNESS_H
#define CT_DETECT_WITNESS_H
/*
 * The schedule that leads to a predicted deadlock, as data of the finding.
 */
#include "finding/finding.h"
#include "model/lockorder.h"

/* Of a cycle that is reachable; fills finding->witness, and the steps' ordinals. `budget` is what
 * is left of the work that all witnesses of a report may be. */
CT_MUST_CHECK enum ct_status ct_witness_add(struct ct_findings *findings,
					    struct ct_finding *finding,
					    const struct ct_lockorder *order,
					    const struct ct_lock_cycle *cycle, size_t *budget);

#endif
