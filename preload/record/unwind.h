#ifndef CT_RECORD_UNWIND_H
#define CT_RECORD_UNWIND_H
/*
 * The program's call stack from its unwind tables. Slow (microseconds): for a stack that the cache
 * of stack.h does not know. docs/stack-capture.md says why it is done this way.
 *
 * ct_unwind_stack() reads only memory that it knows to be readable, never waits for longer than a
 * bounded number of yields, and neither allocates, opens descriptors nor takes the loader's lock.
 * One thread at a time is inside (unwind_gate.h); the others get their caller only, if it takes too
 * long. Every function but ct_unwind_init() keeps errno and is async-signal-safe.
 */
#include <stdint.h>

struct ct_unwind_frame {
	uintptr_t pc;	/* return address; after a signal frame, the interrupted instruction */
	uintptr_t slot; /* where on the stack it lies; 0: unknown, only in frame 0 */
};

/* Once, while the process has one thread: from the constructor. Not 0: there is no way to unwind
 * here, and ct_unwind_stack() gives the caller only. */
int ct_unwind_init(void);

/*
 * Frames from the one that the call returns to at `from_pc` outwards, at most `max` (at least 1).
 * Frames of our own that stand before it are left out. Gives frame 0 always. It alone, with slot
 * 0, means that nothing was found out this time; whoever remembers stacks should not remember that.
 *
 * `stack_high` is the end of the stack that the caller runs on: all slots lie between the stack
 * pointer and it. 0 means that it is not known (makecontext, coroutines): then slots are readable
 * now and perhaps not later.
 */
unsigned ct_unwind_stack(uintptr_t from_pc, uintptr_t stack_high, unsigned max,
			 struct ct_unwind_frame *out);

/* A module was unloaded: others may come to lie where it was. */
void ct_unwind_forget_modules(void);

/* Around a fork, so that no other thread is inside when memory is copied. The first and last are
 * optional; without them, or if the wait was in vain, a child may have its caller only, for good.
 */
void ct_unwind_before_fork(void);
void ct_unwind_after_fork(void); /* in the child */
void ct_unwind_after_fork_parent(void);

#endif
