#ifndef CT_TIMING_LOST_H
#define CT_TIMING_LOST_H
/*
 * Threads that are known only from what others did: created or joined, but nothing of their own was
 * recorded. Private to timing/.
 */
#include "base/map.h"
#include "timing/usage.h"

/* All zeros is an empty one. */
struct ct_lost {
	struct ct_map created, joined; /* of strangers, by process number: how many */
};

void ct_lost_fini(struct ct_lost *lost);
CT_MUST_CHECK enum ct_status ct_lost_step(struct ct_lost *lost, const struct ct_step *step);
/* Of all processes; `threads` is by id. Those that a process has joined are taken for those that it
 * has created. */
size_t ct_lost_count(const struct ct_lost *lost, const struct ct_model *model,
		     const struct ct_timing_thread *threads);

#endif
