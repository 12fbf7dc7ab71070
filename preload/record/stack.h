#ifndef CT_RECORD_STACK_H
#define CT_RECORD_STACK_H
/*
 * Call stacks as ids. A stack that was seen before is recognised without unwinding: the cache
 * remembers where on the stack the return addresses lay, and a hit is that all of them still stand
 * there. Exact for frames of fixed size, since the same caller at the same stack pointer with the
 * same return addresses in the same places has the same callers; frames that alloca resizes move
 * the stack pointer and so miss. On a miss the stack is unwound (unwind.h) and defined (defs.h).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/ct_live.h"
#include "record/recorder.h"
#include "record/settings.h"

#define CT_STACK_WAYS 128u /* entries of a thread's cache, a power of two */
#define CT_CALLER_WAYS 128u

struct ct_stack_slot {
	uintptr_t *at;
	uintptr_t value;
};

struct ct_stack_entry {
	uintptr_t pc, sp;
	uint32_t id;
	uint32_t slots;
	struct ct_stack_slot slot[CT_STACK_DEPTH_MAX - 1];
};

struct ct_caller_entry {
	uintptr_t pc;
	uint64_t id;
};

struct ct_stacks {
	uintptr_t high; /* of the stack that the entries are about */
	struct ct_caller_entry callers[CT_CALLER_WAYS];
	struct ct_stack_entry entries[CT_STACK_WAYS];
};

struct ct_stack_area {
	uintptr_t low;
	size_t size;
};

/* The alternate stack that the kernel does not know of while a signal handler runs (SS_AUTODISARM);
 * the one of the latest such handler, if that has jumped out. */
extern __thread struct ct_stack_area ct_stack_disarmed __attribute__((tls_model("initial-exec")));

/* How much of the alternate stack lies below an address; SIZE_MAX if that is not on it. */
size_t ct_stack_alternate_below(uintptr_t address);

size_t ct_stacks_size(void);
void ct_stack_init(void);
/* Forgets what was cached for a thread whose stack ended elsewhere: its slots may not be memory. */
void ct_stack_new_thread(struct ct_recorder *r);
/* In a forked child. */
void ct_stack_after_fork(void);
/* Code in this range is no more: forgets all stacks that it is in, of all threads. What comes to
 * lie there would be taken for it. */
void ct_stack_forget_code(struct ct_process *process, uintptr_t start, size_t size);
/* Whether too little of its stack is left below `frame` for all that is rare in the recorder: an
 * alternate signal stack may be small, and a recursion may have come near to the end. */
bool ct_stack_is_short(const struct ct_recorder *r, uintptr_t frame);
/* Defines a stack that is known to be new: return addresses, innermost first. 0: not now. */
uint32_t ct_stack_define(struct ct_recorder *r, const uint64_t *frames, uint32_t depth);
/* Counts how often code was unloaded: addresses of code that were remembered before mean nothing.
 */
extern uint32_t ct_stack_unloads;
uint32_t ct_stack_miss(struct ct_recorder *r, uintptr_t pc, uintptr_t sp);
uint32_t ct_stack_caller_miss(struct ct_recorder *r, uintptr_t pc);
/* Frames kept of a stack, from the session. */
extern uint32_t ct_stack_depth;

static inline size_t ct_stack_hash(uintptr_t pc, uintptr_t sp)
{
	return (pc ^ pc >> 7 ^ sp >> 4 ^ sp >> 11) & (CT_STACK_WAYS - 1);
}

/* Id of the stack with only the caller in it. */
static inline uint32_t ct_stack_caller(struct ct_recorder *r, uintptr_t pc)
{
	const struct ct_caller_entry *e =
		&r->stacks->callers[(pc ^ pc >> 7) & (CT_CALLER_WAYS - 1)];

	return CT_LIKELY(e->pc == pc) ? (uint32_t)e->id : ct_stack_caller_miss(r, pc);
}

/* Id of the stack of a hook that was called from `pc` with the stack pointer `sp` before the call.
 * The recorder must have been entered. */
static inline uint32_t ct_stack_id(struct ct_recorder *r, uintptr_t pc, uintptr_t sp)
{
	const struct ct_stack_entry *e = &r->stacks->entries[ct_stack_hash(pc, sp)];

	if (ct_stack_depth <= 1)
		return ct_stack_caller(r, pc);
	if (CT_UNLIKELY(e->pc != pc || e->sp != sp))
		return ct_stack_miss(r, pc, sp);
	for (uint32_t i = 0; i < e->slots; i++)
		if (CT_UNLIKELY(*e->slot[i].at != e->slot[i].value))
			return ct_stack_miss(r, pc, sp);
	return e->id;
}

#endif
