#ifndef CT_HOOKS_HELD_H
#define CT_HOOKS_HELD_H
/* Which locks a thread holds, as its live page lists them. */
#include <stdbool.h>
#include <stdint.h>

#include "record/recorder.h"

/* Remove: false, it is not held, as far as is known. */
void ct_held_add_slow(struct ct_live *live, uint64_t object, uint64_t time, uint32_t stack,
		      uint16_t event);
bool ct_held_remove(struct ct_live *live, uint64_t object);
/* A lock is about to be given back that the list does not have, which may be a mistake: adds to the
 * flags of its record (CT_F_TAKEN) and returns its whole stack. */
uint32_t ct_held_not_listed(struct ct_recorder *r, uint16_t event, uintptr_t object, uintptr_t pc,
			    uintptr_t sp, uint16_t *flags);

static inline void ct_held_add(struct ct_live *live, uint64_t object, uint64_t time, uint32_t stack,
			       uint16_t event)
{
	if (CT_UNLIKELY(live->held_count)) {
		ct_held_add_slow(live, object, time, stack, event);
		return;
	}
	live->held[0] = (struct ct_held){object, time, stack, event, 1};
	CT_BARRIER();
	live->held_count = 1;
}

#endif
