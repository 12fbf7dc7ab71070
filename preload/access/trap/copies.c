#include "access/trap/copies.h"

#include <sys/mman.h>

#include "sys/kernel.h"

#define PAGE ((uintptr_t)4096)

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/* An old kernel takes the address for a hint, and may choose another. */
static bool map_at(uintptr_t address, size_t size)
{
	long memory = CT_SYS(SYS_mmap, address, size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (memory < 0 && memory > -(long)PAGE)
		return false;
	if ((uintptr_t)memory == address)
		return true;
	ct_sys_unmap((void *)memory, size);
	return false;
}

/* Before the module, from near to far; else behind it, from far to near, since there the heap
 * grows. 0: no room. */
static uintptr_t map_near(const struct ct_range *module, size_t size)
{
	uintptr_t reach = ct_copy_reach(), extent = module->end - module->start;
	uintptr_t low = module->start & ~(PAGE - 1);
	uintptr_t most = 0;

	if (extent + size + PAGE < reach)
		most = (reach - extent - size - PAGE) & ~(PAGE - 1);
	for (uintptr_t gap = 16 * PAGE; gap <= most; gap += gap / 2 & ~(PAGE - 1)) {
		if (low > gap + size && map_at(low - gap - size, size))
			return low - gap - size;
	}
	for (uintptr_t gap = most; gap >= 16 * PAGE; gap -= gap / 8 & ~(PAGE - 1)) {
		uintptr_t address = (module->end + PAGE - 1 + gap) & ~(PAGE - 1);

		if (map_at(address, size))
			return address;
	}
	return 0;
}

bool ct_copies_make(const struct ct_module *module, struct ct_site *sites, struct ct_code *code,
		    enum ct_trap_aside *why)
{
	size_t size = (code->count * CT_COPY_SIZE + PAGE - 1) & ~(PAGE - 1);
	uintptr_t copies = map_near(&module->whole, size);

	*why = CT_TRAP_NO_MEMORY;
	if (!copies)
		return false;
	code->copies = copies;
	code->copies_size = size;
	for (size_t i = 0; i < code->count; i++) {
		struct ct_site *site = &sites[i];

		site->copy = copies + i * CT_COPY_SIZE;
		if (!ct_copy_write(site, (uint8_t *)site->copy))
			return false;
	}
	if (CT_SYS(SYS_mprotect, copies, size, PROT_READ | PROT_EXEC, 0, 0, 0) != 0) {
		*why = CT_TRAP_REFUSED;
		return false;
	}
	return true;
}

void ct_copies_free(struct ct_code *code)
{
	if (code->copies)
		ct_sys_unmap((void *)code->copies, code->copies_size);
	code->copies = 0;
	code->copies_size = 0;
}
