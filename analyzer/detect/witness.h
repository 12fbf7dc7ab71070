#ifndef CT_DETECT_WITNESS_H
#define CT_DETECT_WITNESS_H
/*
 * The schedule that leads to what is predicted, as data of the finding.
 */
#include "finding/finding.h"
#include "model/lockorder.h"
#include "model/schedule.h"

/* How far each thread runs, and which of them stand where it matters then. */
struct ct_witness_goals {
	const struct ct_model *model;
	const struct ct_reach *reach;
	const struct ct_schedule_run *runs;
	size_t count;
	const struct ct_thread *const *standing;
	size_t standing_count;
};

/* Fills finding->witness. `budget` is what is left of the work that all witnesses of a report may
 * be. */
CT_MUST_CHECK enum ct_status ct_witness_make(struct ct_findings *findings,
					     struct ct_finding *finding,
					     const struct ct_witness_goals *goals, size_t *budget);

/* The same of a cycle that is reachable; fills the steps' ordinals, too. */
CT_MUST_CHECK enum ct_status ct_witness_add(struct ct_findings *findings,
					    struct ct_finding *finding,
					    const struct ct_lockorder *order,
					    const struct ct_lock_cycle *cycle, size_t *budget);

#endif
