#include "record/stack.h"

#include <errno.h>

#include "record/defs.h"
#include "record/process.h"
#include "record/unwind.h"
#include "sys/kernel.h"

/* Bytes of stack: what the longest way takes (to unwind a new stack in a new module), and more. */
#define NEEDED 6144u

uint32_t ct_stack_depth, ct_stack_unloads;
__thread struct ct_stack_area ct_stack_disarmed __attribute__((tls_model("initial-exec")));

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

static bool runs_through(const struct ct_stack_entry *e, uintptr_t start, size_t size)
{
	if (e->pc - start < size)
		return true;
	for (uint32_t i = 0; i < e->slots && i < CT_STACK_DEPTH_MAX - 1; i++)
		if (e->slot[i].value - start < size)
			return true;
	return false;
}

/* Its thread may be using the cache: an entry whose pc is 0 is one that it has never filled. None
 * that is concerned is being filled, since nobody runs code that is unloaded. */
static void forget_code(struct ct_stacks *stacks, uintptr_t start, size_t size)
{
	for (uint32_t i = 0; i < CT_CALLER_WAYS; i++)
		if (stacks->callers[i].pc - start < size)
			__atomic_store_n(&stacks->callers[i].pc, 0, __ATOMIC_RELAXED);
	for (uint32_t i = 0; i < CT_STACK_WAYS; i++)
		if (stacks->entries[i].pc && runs_through(&stacks->entries[i], start, size))
			__atomic_store_n(&stacks->entries[i].pc, 0, __ATOMIC_RELAXED);
}

void ct_stack_forget_code(struct ct_process *process, uintptr_t start, size_t size)
{
	__atomic_add_fetch(&ct_stack_unloads, 1, __ATOMIC_RELAXED);
	ct_unwind_forget_modules();
	for (uint32_t i = 0; i < process->lanes && i < process->lane_cap; i++) {
		struct ct_lane *lane = &process->lane[i];

		if (__atomic_load_n(&lane->live, __ATOMIC_ACQUIRE))
			forget_code((struct ct_stacks *)(lane->recorder + 1), start, size);
	}
}

static uint32_t define(struct ct_recorder *r, const uint64_t *frames, uint32_t depth)
{
	uint32_t id = __atomic_add_fetch(&r->process->slot->stacks, 1, __ATOMIC_RELAXED);

	ct_defs_stack(r->process, id, frames, depth);
	return id;
}

size_t ct_stack_alternate_below(uintptr_t address)
{
	size_t below = address - ct_stack_disarmed.low;

	return below < ct_stack_disarmed.size ? below : ct_sys_alternate_stack_below(address);
}

bool ct_stack_is_short(const struct ct_recorder *r, uintptr_t frame)
{
	if (frame >= r->stack_low && frame < r->stack_high)
		return frame - r->stack_low < NEEDED;
	return ct_stack_alternate_below(frame) < NEEDED;
}

uint32_t ct_stack_define(struct ct_recorder *r, const uint64_t *frames, uint32_t depth)
{
	int error = errno;
	uint32_t id;

	if (ct_stack_is_short(r, (uintptr_t)__builtin_frame_address(0)))
		return 0;
	ct_recorder_hold_signals(r);
	id = define(r, frames, depth);
	errno = error;
	return id;
}

uint32_t ct_stack_caller_miss(struct ct_recorder *r, uintptr_t pc)
{
	struct ct_caller_entry *e = &r->stacks->callers[(pc ^ pc >> 7) & (CT_CALLER_WAYS - 1)];
	uint64_t frame = pc;
	uint32_t id = ct_stack_depth == 0 ? 0 : ct_stack_define(r, &frame, 1);

	if (id) {
		e->id = id;
		e->pc = pc;
	}
	return id;
}

/* Not part of ct_stack_miss(), for the room that it takes of the stack. */
static __attribute__((noinline)) uint32_t unwind(struct ct_recorder *r, uintptr_t pc, uintptr_t sp)
{
	struct ct_stack_entry *e = &r->stacks->entries[ct_stack_hash(pc, sp)];
	struct ct_unwind_frame frames[CT_STACK_DEPTH_MAX];
	uint64_t pcs[CT_STACK_DEPTH_MAX];
	unsigned depth, slots = 0;
	int error = errno;

	ct_recorder_hold_signals(r);
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

uint32_t ct_stack_miss(struct ct_recorder *r, uintptr_t pc, uintptr_t sp)
{
	/* A stack of the program's own making: nothing says where it ends. */
	if (sp < r->stack_low || sp >= r->stack_high || ct_stack_is_short(r, sp))
		return ct_stack_caller(r, pc);
	return unwind(r, pc, sp);
}
