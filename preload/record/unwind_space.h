#ifndef CT_RECORD_UNWIND_SPACE_H
#define CT_RECORD_UNWIND_SPACE_H
/*
 * libunwind's remote interface over our own address space, so that libunwind touches no memory by
 * itself, opens nothing and asks the loader nothing. There is one walk at a time (unwind_gate.h).
 *
 * libunwind is loaded, not linked: see docs/stack-capture.md.
 */
#include <stdbool.h>
#include <stdint.h>

struct ct_unwind_frame;

/* The registers that survive a call, by their DWARF numbers; the rest is unused. */
struct ct_unwind_registers {
	uint64_t value[17];
};

/* 0: ready. */
int ct_unwind_space_init(void);
/* Drops what was remembered of modules. */
void ct_unwind_space_flush(void);
/* Begins a walk at the frame whose registers these are. */
bool ct_unwind_space_begin(const struct ct_unwind_registers *registers, uintptr_t stack_high);
/* One frame outwards; false at the end, or where it can't be found out. */
bool ct_unwind_space_step(struct ct_unwind_frame *out_frame);

#endif
