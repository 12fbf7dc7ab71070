#include "record/unwind_modules.h"

#include <dlfcn.h>
#include <stddef.h>

#ifdef DLFO_STRUCT_HAS_EH_DBASE

/* Not bound by the linker, so that the library still loads where libc is older. */
static int (*find_object)(void *address, struct dl_find_object *out);

bool ct_unwind_modules_init(void)
{
	void *symbol = dlsym(RTLD_DEFAULT, "_dl_find_object");

	__builtin_memcpy(&find_object, &symbol, sizeof(symbol));
	return symbol != NULL;
}

bool ct_unwind_module_find(uintptr_t address, struct ct_unwind_module *out_module)
{
	struct dl_find_object object;

	if (!find_object || find_object((void *)address, &object) != 0)
		return false;
	out_module->start = (uintptr_t)object.dlfo_map_start;
	out_module->end = (uintptr_t)object.dlfo_map_end;
	out_module->index = (uintptr_t)object.dlfo_eh_frame;
	return true;
}

#else

bool ct_unwind_modules_init(void)
{
	return false;
}

bool ct_unwind_module_find(uintptr_t address, struct ct_unwind_module *out_module)
{
	(void)address;
	(void)out_module;
	return false;
}

#endif
