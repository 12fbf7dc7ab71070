#ifndef CT_MODEL_CAUSALITY_H
#define CT_MODEL_CAUSALITY_H
/*
 * What the program's own waiting orders in this run, the order of locks aside: two events that are
 * not ordered so could come the other way round by nothing but another way to share the locks out.
 *
 * An observer of the run. Whatever gives through a thing (posts, signals, writes, releases, stores
 * atomically) is taken to come before all that takes from it later, also where the one did not need
 * the other. So more is called ordered than has to be, which is the safe side for whoever says that
 * something could have come in between. What goes through the kernel without a thing of its own
 * (poll, signals, futexes ...) goes through one thing for all.
 */
#include "base/map.h"
#include "model/model.h"
#include "model/vclock.h"

struct ct_causality {
	struct ct_vclock *threads; /* owned, by id */
	bool *begun;		   /* owned, by thread id: it was made, or had an event */
	struct ct_vclock *things;  /* owned: joint clocks, by the numbers in the maps */
	size_t thread_count, thing_count, thing_cap;
	struct ct_map objects;	 /* object id: number */
	struct ct_map locations; /* of atomic variables: number */
};

CT_MUST_CHECK enum ct_status ct_causality_init(struct ct_causality *causality,
					       const struct ct_model *model);
void ct_causality_fini(struct ct_causality *causality);

/* To be called with every step of the run. */
CT_MUST_CHECK enum ct_status ct_causality_step(struct ct_causality *causality,
					       const struct ct_step *step);

/* Where the thread stands; ct_vclock_copy makes a stamp of it. */
const struct ct_vclock *ct_causality_clock(const struct ct_causality *causality,
					   const struct ct_thread *thread);

/* Whether the event waits for what another thread does, as far as that matters here: who has done
 * so may have been given something. Locks and time are not waited for so. */
bool ct_causality_takes(const struct ct_step *step);

#endif
