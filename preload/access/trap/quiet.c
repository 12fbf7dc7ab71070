#include "access/trap/quiet.h"

#include <link.h>
#include <stdint.h>

#include "record/guard.h"
#include "record/self.h"

#define RANGES 256u
#define RED_ZONE 128u
/* Of a stack whose bounds are not known, what lies just above the stack pointer is taken for it. */
#define NEAR_FRAMES 4096u
#define STRANGER_FRAMES 65536u
/* glibc keeps its own notes of a thread behind its thread pointer. */
#define THREAD_NOTES 4096u

struct range {
	uintptr_t start, end;
};

/* Segments of modules that cannot be written to. */
static struct range constants[RANGES];
static uint32_t known;
static size_t local_size; /* thread-local storage of all modules: lies below the thread pointer */

static int look(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + p->p_vaddr;

		if (p->p_type == PT_TLS)
			local_size += p->p_memsz + p->p_align;
		if (p->p_type == PT_GNU_RELRO || (p->p_type == PT_LOAD && !(p->p_flags & PF_W)))
			if (known < RANGES)
				constants[known++] = (struct range){start, start + p->p_memsz};
	}
	return 0;
}

void ct_quiet_init(void)
{
	known = 0;
	local_size = 0;
	dl_iterate_phdr(look, NULL); /* lint: allow-dl_iterate_phdr not while recording */
}

static bool is_constant(uintptr_t address)
{
	for (uint32_t i = 0; i < known; i++)
		if (address - constants[i].start < constants[i].end - constants[i].start)
			return true;
	return false;
}

static bool is_on_stack(uintptr_t address, uintptr_t sp)
{
	const struct ct_recorder *r = ct_guard_own(ct_self);
	bool bounded = r->live && r->stack_high && sp >= r->stack_low && sp < r->stack_high;

	if (bounded)
		return address >= r->stack_low && address < r->stack_high;
	/* on another one, or its bounds are not known */
	if (address - (sp - RED_ZONE) < RED_ZONE + (r->live ? NEAR_FRAMES : STRANGER_FRAMES))
		return true;
	return r->live && r->stack_high && address >= r->stack_low && address < r->stack_high;
}

bool ct_quiet(const struct ct_site_access *access, const ucontext_t *context)
{
	uintptr_t self = (uintptr_t)__builtin_thread_pointer(), address = access->address;

	return is_on_stack(address, ct_context_sp(context)) ||
	       address - (self - local_size) < local_size + THREAD_NOTES || is_constant(address);
}
