#include "record/stack.h"

#include <errno.h>

#include "record/defs.h"
#include "record/process.h"
#include "record/unwind.h"

uint32_t ct_stack_depth;

size_t ct_stacks_size(void)
{
	return sizeof(struct ct_stacks);
}

void ct_stack_init(void)
{
	ct_stack_depth = ct_state.session->stack_depth;
	if (ct_stack_depth > 1 && ct_unwind_init() != 0)
		ct_stack_depth = 1;
}

void ct_stack_new_thread(struct ct_recorder *r)
{
	if (r->stacks->high == r->stack_high)
		return;
	for (uint32_t i = 0; i < CT_STACK_WAYS; i++)
		r->stacks->entries[i].pc = 0;
	r->stacks->high = r->stack_high;
}

void ct_stack_after_fork(void)
{
	ct_unwind_after_fork();
}

static uint32_t define(struct ct_recorder *r, const uint64_t *frames, uint32_t depth)
{
	uint32_t id = __atomic_add_fetch(&r->process->slot->stacks, 1, __ATOMIC_RELAXED);

	ct_defs_stack(r->process, id, frames, depth);
	return id;
}

uint32_t ct_stack_caller_miss(struct ct_recorder *r, uintptr_t pc)
{
	struct ct_caller_entry *e = &r->stacks->callers[(pc ^ pc >> 7) & (CT_CALLER_WAYS - 1)];
	uint64_t frame = pc;
	int error = errno;

	if (ct_stack_depth == 0)
		return 0;
	e->id = define(r, &frame, 1);
	e->pc = pc;
	errno = error;
	return (uint32_t)e->id;
}

uint32_t ct_stack_miss(struct ct_recorder *r, uintptr_t pc, uintptr_t sp)
{
	struct ct_stack_entry *e = &r->stacks->entries[ct_stack_hash(pc, sp)];
	struct ct_unwind_frame frames[CT_STACK_DEPTH_MAX];
	uint64_t pcs[CT_STACK_DEPTH_MAX];
	unsigned depth, slots = 0;
	int error = errno;

	/* A stack of the program's own making: nothing says where it ends. */
	if (sp < r->stack_low || sp >= r->stack_high)
		return ct_stack_caller(r, pc);
	depth = ct_unwind_stack(pc, r->stack_high, ct_stack_depth, frames);
	if (depth == 1 && !frames[0].slot) { /* nothing was found out, this time */
		errno = error;
		return ct_stack_caller(r, pc);
	}
	e->pc = 0;
	for (unsigned i = 0; i < depth; i++) {
		pcs[i] = frames[i].pc;
		if (i == 0)
			continue;
		e->slot[slots].at = (uintptr_t *)frames[i].slot;
		e->slot[slots++].value = frames[i].pc;
	}
	e->slots = slots;
	e->sp = sp;
	e->id = define(r, pcs, depth);
	e->pc = pc;
	errno = error;
	return e->id;
}
