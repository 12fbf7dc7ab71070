/*
 * How pthread_cancel, pthread_exit and C++ exceptions pass through our frames (CT_CALL_SCOPE). The
 * compiler wants two functions of libgcc for that, which must be those of the copy that unwinds:
 * a copy linked in statically knows nothing of its contexts and aborts, and to need libgcc_s.so
 * would put it into every program. So both are found when they are called, in whatever module is
 * unwinding. libc does it the same way.
 */
#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <unwind.h>

#include "hooks/real.h"
#include "record/self.h"

/* Under names of our own: <unwind.h> would have them exported. */
_Unwind_Reason_Code ct_personality(int version, _Unwind_Action actions,
				   _Unwind_Exception_Class class,
				   struct _Unwind_Exception *exception,
				   struct _Unwind_Context *context) __asm__("__gcc_personality_v0");
void ct_unwind_resume(struct _Unwind_Exception *exception) __asm__("_Unwind_Resume");

static void (*resume)(struct _Unwind_Exception *exception);

/* What dlsym looks in. A library that was only loaded because others need it has no list of where
 * to look, and dlsym falls over that, until somebody opens it. It then stays open. */
static void *handle_of(struct link_map *module)
{
	static struct link_map *opened;

	if (__atomic_load_n(&opened, __ATOMIC_ACQUIRE) != module) {
		if (!CT_REAL(dlopen)(module->l_name, RTLD_LAZY | RTLD_NOLOAD))
			return NULL;
		__atomic_store_n(&opened, module, __ATOMIC_RELEASE);
	}
	return module;
}

static void *find_in(void *address, const char *name)
{
	struct dl_find_object found;
	void *handle;

	if (_dl_find_object(address, &found))
		return NULL;
	handle = handle_of(found.dlfo_link_map);
	return handle ? dlsym(handle, name) : NULL;
}

_Unwind_Reason_Code ct_personality(int version, _Unwind_Action actions,
				   _Unwind_Exception_Class class,
				   struct _Unwind_Exception *exception,
				   struct _Unwind_Context *context)
{
	void *unwinder = __builtin_return_address(0);
	void *personality = find_in(unwinder, "__gcc_personality_v0");
	void *resuming = find_in(unwinder, "_Unwind_Resume");
	__typeof__(&ct_personality) real;

	/* An unwinder that lacks them cannot run our clean-up; a call stays without its end. */
	if (!personality || !resuming)
		return _URC_CONTINUE_UNWIND;
	__builtin_memcpy(&real, &personality, sizeof(real));
	__builtin_memcpy(&resume, &resuming, sizeof(resume));
	return real(version, actions, class, exception, context);
}

void ct_unwind_resume(struct _Unwind_Exception *exception)
{
	resume(exception);
	__builtin_trap();
}
