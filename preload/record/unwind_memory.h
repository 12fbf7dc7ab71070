#ifndef CT_RECORD_UNWIND_MEMORY_H
#define CT_RECORD_UNWIND_MEMORY_H
/*
 * What an unwinder inside the program may read: this thread's stack from the stack pointer up, and
 * the loaded modules (unwind tables). Both may be wrong about an address when the stack is damaged,
 * so nothing is read that could fault: a stack of known end is memory, and of anything else the
 * kernel is asked, page by page.
 */
#include <stdbool.h>
#include <stdint.h>

#define CT_UNWIND_PAGES 16u /* remembered as readable, a power of two */

struct ct_unwind_memory {
	uintptr_t stack_low, stack_high;
	bool stack_known;		   /* all of it is memory */
	uint32_t reads_left;		   /* ends loops in damaged tables */
	uintptr_t module_low, module_high; /* of the module read last */
	uintptr_t pages[CT_UNWIND_PAGES];  /* page numbers, 0: none */
};

/* Whether this kernel answers as expected; ct_unwind_memory_read() must not be used otherwise. */
bool ct_unwind_memory_works(void);
/* `stack_high` 0: not known. False: too little is left of the stack to unwind on it. */
bool ct_unwind_memory_init(struct ct_unwind_memory *memory, uintptr_t sp, uintptr_t stack_high);
bool ct_unwind_memory_is_stack(const struct ct_unwind_memory *memory, uintptr_t address);
/* Reads an aligned word. */
bool ct_unwind_memory_read(struct ct_unwind_memory *memory, uintptr_t address, uint64_t *out_word);
/* Whether all of `size` bytes of a module can be read directly. */
bool ct_unwind_memory_can_read(struct ct_unwind_memory *memory, uintptr_t address, uintptr_t size);

#endif
