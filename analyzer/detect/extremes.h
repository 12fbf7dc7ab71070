#ifndef CT_DETECT_EXTREMES_H
#define CT_DETECT_EXTREMES_H
/*
 * What a run that ends with stuck threads is told as. Private to detect_extremes.c and the
 * extremes_*.c beside it.
 */
#include "finding/finding.h"
#include "model/replay_run.h"

struct ct_extremes_teller {
	struct ct_findings *findings;
	size_t first; /* of the findings: those before are other detectors' */
};

/* Adds a finding, unless it was told before. ct_extremes_found of model/extremes.h. */
CT_MUST_CHECK enum ct_status ct_extremes_tell(void *teller, const struct ct_replay_run *run,
					      bool owned);
/* The order of the run that leads there, as data of the finding. */
CT_MUST_CHECK enum ct_status ct_extremes_witness(struct ct_findings *findings,
						 struct ct_finding *finding,
						 const struct ct_replay_run *run);

/* The op by which the stuck thread asked for what it waits for: of a condition wait, and at a
 * barrier, the one before. */
const struct ct_replay_op *ct_extremes_request(const struct ct_replay_run *run, uint32_t thread);
struct ct_place ct_extremes_place(const struct ct_replay_run *run, const struct ct_replay_op *op);
/* "locks", "posts" ...: what the op does to its object. */
const char *ct_extremes_verb(const struct ct_replay_run *run, const struct ct_replay_op *op);
/* The rule of that id of the detectors of hangs. */
const struct ct_rule *ct_extremes_rule(const char *id);

/*
 * Traces without accesses: whether a waiter tests something first is not known, so that each wait
 * may look like one whose wake-up gets lost. Only where the signal is sent without the waiter's
 * mutex, it is worth a line among the patterns that were looked at.
 */
struct ct_bare_signals;
CT_MUST_CHECK enum ct_status ct_bare_signals_new(struct ct_bare_signals **out_signals);
void ct_bare_signals_free(struct ct_bare_signals *signals);
CT_MUST_CHECK enum ct_status ct_bare_signals_step(struct ct_bare_signals *signals,
						  const struct ct_step *step);
CT_MUST_CHECK enum ct_status ct_bare_signals_tell(const struct ct_bare_signals *signals,
						  struct ct_findings *findings);

#endif
