/* A stream's own lock, where the program takes it: what it keeps others from is in order. Of
 * interest only for races. */
#include "hooks/call.h"
#include "hooks/real.h"
#include "record/accesses.h"

static inline void note(uint16_t event, const FILE *file, uintptr_t pc, uintptr_t sp)
{
	if (CT_UNLIKELY(ct_accesses != NULL))
		ct_call_event(event, 0, (uintptr_t)file, 0, pc, sp);
}

CT_EXPORT void flockfile(FILE *file)
{
	CT_REAL(flockfile)(file);
	note(CT_EV_HAPPENS_AFTER, file, CT_CALLER);
}

CT_EXPORT int ftrylockfile(FILE *file)
{
	int result = CT_REAL(ftrylockfile)(file);

	if (!result)
		note(CT_EV_HAPPENS_AFTER, file, CT_CALLER);
	return result;
}

CT_EXPORT void funlockfile(FILE *file)
{
	note(CT_EV_HAPPENS_BEFORE, file, CT_CALLER);
	CT_REAL(funlockfile)(file);
}
