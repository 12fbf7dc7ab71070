#ifndef CT_RECORD_UNWIND_GATE_H
#define CT_RECORD_UNWIND_GATE_H
/*
 * Lets one thread at a time into libunwind, and no signal handler of the program's.
 *
 * libunwind has locks of its own. Since nobody else is inside, nobody ever waits for them, and a
 * forked child can tell from the gate whether one of them was copied in the locked state. Signals
 * are held back because a handler may leave by siglongjmp and would leave the gate shut.
 */
#include <stdbool.h>
#include <stdint.h>

/* False: another thread is inside, and still was after a bounded wait; or this one is. */
bool ct_unwind_gate_enter(uint64_t *out_signals);
void ct_unwind_gate_leave(uint64_t signals);
/* Whether this thread is the one inside. */
bool ct_unwind_gate_inside(void);
/* Shuts the gate until ct_unwind_gate_free(), if that can be had. */
void ct_unwind_gate_hold(void);
/* Opens it if this thread shut it. False: another thread did. */
bool ct_unwind_gate_free(void);

#endif
