/*
 * libconctrace.so as a module like those with a stub: for plug-ins that were linked without one,
 * and whose calls come to the functions that it exports. And what a stub finds of it.
 */
#include <dlfcn.h>

#include "access/state.h"
#include "format/ct_access.h"
#include "record/process.h"

__thread struct ct_access_thread *ct_access_self = &ct_access_nothing;
const struct ct_access_library *ct_access_library = &ct_access_calls;

__attribute__((used)) static const struct ct_access_tag tag = {CT_ACCESS_TAG, CT_ACCESS_VERSION};

/* NULL: the two do not understand one another, or nothing is recorded. */
CT_ENTRY const struct ct_access_library *conctrace_access_library(uint32_t version);

const struct ct_access_library *conctrace_access_library(uint32_t version)
{
	bool off = ct_state.phase == CT_PHASE_READY && (!ct_state.session || ct_access_off());

	return version == CT_ACCESS_VERSION && !off ? &ct_access_calls : NULL;
}

void ct_access_enter_function(uintptr_t pc, uintptr_t code, uintptr_t sp)
{
	ct_access_entered(&ct_access_self, pc, code, sp);
}

void ct_access_module_begins(uintptr_t pc)
{
	struct dl_find_object found;

	if (_dl_find_object((void *)pc, &found) == 0)
		ct_access_calls.module_begins(found.dlfo_map_start);
}
