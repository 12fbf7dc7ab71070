#ifndef CT_HOOKS_SYNC_H
#define CT_HOOKS_SYNC_H
/*
 * Sync points: just before a call that can change who gets what, in what order. Whoever controls
 * the schedule (preload/steer) is told there, and may keep the thread for a while.
 *
 * ct_call_request() passes one, and so do the shapes of hooks.def that give something away or try
 * before they request. A hook of another kind passes its own. Each call passes one, whether it then
 * has to wait or not: so the n-th sync point of a thread is the same in every run that takes the
 * same way through the program.
 */
#include <stdint.h>

#include "record/recorder.h"

/* NULL: nobody. Set before the program's first thread is created. Keeps errno; is no cancellation
 * point. pc and sp: the caller of the hook, as for ct_stack_id(). */
extern void (*ct_sync_passed)(uint16_t event, uint64_t object, uintptr_t pc, uintptr_t sp);

static inline void ct_sync(uint16_t event, uint64_t object, uintptr_t pc, uintptr_t sp)
{
	if (CT_UNLIKELY(ct_sync_passed))
		ct_sync_passed(event, object, pc, sp);
}

#endif
