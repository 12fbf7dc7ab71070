/*
 * Libraries that come and go while the program runs. A new one is defined when a stack first runs
 * through it (record/defs.h); what must be said is that one is gone, since other code may come to
 * lie where it was, and that the calls of one cannot be seen. dlopen and dlmopen: dl.S.
 */
#include "hooks/dl.h"

#include "hooks/call.h"
#include "hooks/unseen.h"
#include "record/defs.h"
#include "record/process.h"
#include "record/traps.h"

/* Whether a library that is not loaded yet may come of it. */
static bool may_load(const char *file, int flags)
{
	return file && flags & (RTLD_LAZY | RTLD_NOW) && !(flags & RTLD_NOLOAD);
}

__typeof__(ct_real.dlopen) ct_dlopen_real(const char *file, int flags)
{
	if (flags & RTLD_DEEPBIND && may_load(file, flags))
		ct_unseen(CT_UNSEEN_DEEPBIND, file);
	return &CT_REAL(dlopen);
}

__typeof__(ct_real.dlmopen) ct_dlmopen_real(Lmid_t space, const char *file, int flags)
{
	if (space != LM_ID_BASE && may_load(file, flags))
		ct_unseen(CT_UNSEEN_NAMESPACE, file);
	else if (flags & RTLD_DEEPBIND && may_load(file, flags))
		ct_unseen(CT_UNSEEN_DEEPBIND, file);
	return &CT_REAL(dlmopen);
}

/* Sync objects that lay in a library end with it. Its memory may be another's by now: which
 * libraries close, the real call alone knows. */
static void end_modules(struct ct_process *process, uintptr_t pc, uintptr_t sp)
{
	uintptr_t start;
	size_t size;

	while (ct_defs_unload_gone(process, &start, &size)) {
		ct_stack_forget_code(process, start, size);
		if (ct_pages_hit(start, size))
			ct_call_event(CT_EV_MEMORY_FREED, 0, start, size, pc, sp);
	}
}

CT_EXPORT int dlclose(void *handle)
{
	struct ct_process *process;
	int saved = errno, error;

	ct_call_event(CT_EV_DLCLOSE, 0, (uintptr_t)handle, 0, CT_CALLER);
	process = ct_recorder_process();
	/* All that it may unload must be known by then. */
	if (process)
		ct_defs_all_modules(process);
	if (ct_traps)
		ct_traps->unloading(true);
	errno = saved;
	error = CT_REAL(dlclose)(handle);
	saved = errno;
	if (ct_traps)
		ct_traps->unloading(false);
	if (error)
		ct_call_failed(CT_EV_DLCLOSE, 0, (uintptr_t)handle, EINVAL, CT_CALLER);
	else if (process)
		end_modules(process, CT_CALLER);
	errno = saved;
	return error;
}
