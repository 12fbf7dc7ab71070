#ifndef CT_DETECT_RACE_SIDE_H
#define CT_DETECT_RACE_SIDE_H
/* One side of a race as a finding has it. */
#include "finding/finding.h"
#include "model/lockset.h"

struct ct_place ct_race_place(const struct ct_thread *thread, uint32_t stack, uint64_t time);

/* Sets the locks that it held, and where each was taken. */
CT_MUST_CHECK enum ct_status ct_race_side_hold(struct ct_race_side *side, struct ct_arena *arena,
					       const struct ct_lockset *held);

#endif
