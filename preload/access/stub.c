/*
 * The stub: what a module compiled with -fsanitize=thread has of us in itself. Without
 * libconctrace.so every call ends here, and the program runs as it always does.
 */
#include "access/fast.h"
#include "format/ct_access.h"

static struct ct_access_thread nothing; /* of zeros; never written */

__thread struct ct_access_thread *ct_access_self = &nothing;

static void no_module(const void *within)
{
	(void)within;
}

static void no_miss(struct ct_access_thread **self, uintptr_t address, uintptr_t pc, unsigned what)
{
	(void)self, (void)address, (void)pc, (void)what;
}

static void no_range(struct ct_access_thread **self, uintptr_t address, size_t size, unsigned kind,
		     uintptr_t pc)
{
	(void)self, (void)address, (void)size, (void)kind, (void)pc;
}

static void no_enter(struct ct_access_thread **self, uintptr_t pc, uintptr_t code, uintptr_t sp)
{
	(void)self, (void)pc, (void)code, (void)sp;
}

static const struct ct_access_library no_library = {
	.version = CT_ACCESS_VERSION,
	.size = sizeof(no_library),
	.module_begins = no_module,
	.module_ends = no_module,
	.miss = no_miss,
	.range = no_range,
	.enter = no_enter,
};

const struct ct_access_library *ct_access_library = &no_library;

/* The library may be of another version when the program runs. */
__attribute__((used)) static const struct ct_access_tag tag = {CT_ACCESS_TAG, CT_ACCESS_VERSION};

void ct_access_enter_function(uintptr_t pc, uintptr_t code, uintptr_t sp)
{
	ct_access_library->enter(&ct_access_self, pc, code, sp);
}

/* Weak and undefined: 0 unless the library was preloaded. conctrace.h says why it is read thus. */
static const struct ct_access_library *find_library(void)
{
	const struct ct_access_library *(*find)(uint32_t version);

	__asm__(".weak conctrace_access_library\n\t"
		"movq conctrace_access_library@GOTPCREL(%%rip), %0"
		: "=r"(find));
	return find ? find(CT_ACCESS_VERSION) : NULL;
}

void ct_access_module_begins(uintptr_t pc)
{
	const struct ct_access_library *found;

	(void)pc;
	if (ct_access_library != &no_library)
		return;
	found = find_library();
	if (!found)
		return;
	ct_access_library = found;
	found->module_begins(&nothing);
}

static __attribute__((destructor)) void module_ends(void)
{
	ct_access_library->module_ends(&nothing);
}
