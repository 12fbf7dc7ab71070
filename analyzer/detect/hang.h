#ifndef CT_DETECT_HANG_H
#define CT_DETECT_HANG_H
/* What the detectors of hangs have in common: findings made of threads that wait. */
#include "finding/finding.h"
#include "model/waitfor.h"

/* Who waits for whom, and who of them is stuck; to be freed with ct_waitfor_free. */
CT_MUST_CHECK enum ct_status ct_hang_waitfor(const struct ct_model *model,
					     struct ct_waitfor **out_waitfor);

struct ct_place ct_hang_place(const struct ct_thread *thread, uint32_t stack, uint64_t time);
/* A thread where it waits. */
struct ct_step_of_cycle ct_hang_step(const struct ct_thread *thread);

/* A new finding with room for so many steps, which it claims to have, or NULL. */
struct ct_finding *ct_hang_add(struct ct_findings *findings, const struct ct_rule *rule,
			       size_t steps);
/* One more place at its end. */
CT_MUST_CHECK enum ct_status ct_hang_add_place(struct ct_findings *findings,
					       struct ct_finding *finding, struct ct_place place);
/* The threads that wait for those of the steps, or for one that waits for them. */
CT_MUST_CHECK enum ct_status ct_hang_add_followers(const struct ct_waitfor *waitfor,
						   struct ct_findings *findings,
						   struct ct_finding *finding);

/* Whether the thread waits as long as no signal comes that is handled, and nobody knows whether it
 * did: it waited, and the program ended by itself. Nothing is said then. */
bool ct_hang_is_withdrawn(const struct ct_waitfor *waitfor, const struct ct_thread *thread);
/* The finding takes for granted that no such signal comes, and names them. Of a dead program that
 * nobody watched over it is potential. */
CT_MUST_CHECK enum ct_status ct_hang_unless_signal(const struct ct_waitfor *waitfor,
						   struct ct_findings *findings,
						   struct ct_finding *finding);

/* Why what the thread did may not be known, so that a finding about it is potential; or NULL. */
const char *ct_hang_doubt(const struct ct_model *model, const struct ct_thread *thread);
/* The same, of the locks that it holds now, and of its wait: the end of its records tells. */
const char *ct_hang_doubt_now(const struct ct_model *model, const struct ct_thread *thread);
void ct_hang_weaken(struct ct_finding *finding, const char *doubt);

#endif
