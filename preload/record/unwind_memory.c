#include "record/unwind_memory.h"

#include <dlfcn.h>
#include <signal.h>
#include <stddef.h>

#include "record/unwind_modules.h"
#include "sys/kernel.h"

#define PAGE_SHIFT 12
#define WORD sizeof(uint64_t)
/* A deep walk without cached rows makes 4,000 reads. */
#define READS 200000u
/* Of a stack whose end nobody knows; all the stacks of coroutine libraries are smaller. */
#define UNKNOWN_STACK (256u << 10)
/* What unwinding takes of the stack it runs on, with the rest of the recorder: 3 KiB, doubled. */
#define ROOM 6144u

bool ct_unwind_memory_works(void)
{
	uint64_t here = 0;

	return ct_sys_readable((uintptr_t)&here) && !ct_sys_readable(WORD) &&
	       !ct_sys_readable(UINTPTR_MAX);
}

static bool page_readable(struct ct_unwind_memory *memory, uintptr_t address)
{
	uintptr_t page = address >> PAGE_SHIFT;
	uintptr_t *known = &memory->pages[page % CT_UNWIND_PAGES];

	if (*known == page)
		return true;
	if (!ct_sys_readable(address))
		return false;
	*known = page;
	return true;
}

bool ct_unwind_memory_init(struct ct_unwind_memory *memory, uintptr_t sp, uintptr_t stack_high)
{
	stack_t alternate = {.ss_flags = SS_DISABLE};
	uintptr_t low;

	*memory = (struct ct_unwind_memory){.stack_low = sp,
					    .stack_high = stack_high,
					    .stack_known = true,
					    .reads_left = READS};
	if (stack_high > sp)
		return true;
	CT_SYS(SYS_sigaltstack, 0, &alternate, 0, 0, 0, 0);
	low = (uintptr_t)alternate.ss_sp;
	if (!(alternate.ss_flags & SS_DISABLE) && sp >= low && sp - low < alternate.ss_size) {
		memory->stack_high = low + alternate.ss_size;
		return sp - low >= ROOM;
	}
	memory->stack_known = false;
	memory->stack_high = sp + UNKNOWN_STACK;
	return memory->stack_high > sp;
}

bool ct_unwind_memory_is_stack(const struct ct_unwind_memory *memory, uintptr_t address)
{
	return address >= memory->stack_low && address < memory->stack_high &&
	       memory->stack_high - address >= WORD;
}

static bool in_module(struct ct_unwind_memory *memory, uintptr_t address, uintptr_t size)
{
	struct ct_unwind_module module;

	if (address < memory->module_low || address >= memory->module_high) {
		if (!ct_unwind_module_find(address, &module))
			return false;
		memory->module_low = module.start;
		memory->module_high = module.end;
	}
	return memory->module_high - address >= size;
}

bool ct_unwind_memory_can_read(struct ct_unwind_memory *memory, uintptr_t address, uintptr_t size)
{
	if (size == 0 || !in_module(memory, address, size))
		return false;
	for (uintptr_t at = address; at - address < size; at = (at | ((1u << PAGE_SHIFT) - 1)) + 1)
		if (!page_readable(memory, at))
			return false;
	return true;
}

/* AddressSanitizer would call the gaps between variables an overflow. */
__attribute__((no_sanitize("address"))) static uint64_t load(uintptr_t address)
{
	return *(const volatile uint64_t *)address;
}

bool ct_unwind_memory_read(struct ct_unwind_memory *memory, uintptr_t address, uint64_t *out_word)
{
	if (address % WORD != 0 || memory->reads_left == 0)
		return false;
	memory->reads_left--;
	if (ct_unwind_memory_is_stack(memory, address)) {
		if (!memory->stack_known && !page_readable(memory, address))
			return false;
	} else if (!ct_unwind_memory_can_read(memory, address, WORD)) {
		return false;
	}
	*out_word = load(address);
	return true;
}
