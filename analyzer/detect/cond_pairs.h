#ifndef CT_DETECT_COND_PAIRS_H
#define CT_DETECT_COND_PAIRS_H
/*
 * Threads that wait on one condition variable at the same time with different mutexes. Private to
 * detect_cond.c.
 *
 * A thread that a signal may have reached, or whose limit may have passed, counts no longer: it may
 * be on its way out of the wait. So a pair is kept until its first thread returns, and stands if
 * that was for a signal which came after the second one had begun to wait.
 */
#include "detect/misuse.h"

struct ct_cond_use;

struct ct_cond_pairs {
	const struct ct_rule *rule;
	struct ct_map index; /* object id: place in `uses` */
	struct ct_cond_use *uses;
	size_t count, cap;
};

void ct_cond_pairs_init(struct ct_cond_pairs *pairs, const struct ct_rule *rule);
void ct_cond_pairs_fini(struct ct_cond_pairs *pairs);

/* To be called with every step, after ct_misuses_step. */
CT_MUST_CHECK enum ct_status ct_cond_pairs_step(struct ct_cond_pairs *pairs,
						struct ct_misuses *misuses,
						const struct ct_step *step);
/* Settles those of threads that wait still. */
CT_MUST_CHECK enum ct_status ct_cond_pairs_finish(struct ct_cond_pairs *pairs,
						  struct ct_misuses *misuses);

#endif
