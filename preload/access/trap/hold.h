#ifndef CT_ACCESS_TRAP_HOLD_H
#define CT_ACCESS_TRAP_HOLD_H
/*
 * What is done at a trap: is another thread held that is about to access the same memory? Then both
 * are caught. Else this one may be held itself for a moment, so that another can come.
 *
 * Held accesses stand in the session, so that processes that share memory meet, too. While one is
 * held, up to three watchpoints of the processor look for accesses by code that has no traps
 * (watch.h). How long threads are held in all is bounded (budget.h).
 */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#include "access/trap/site.h"

struct ct_hold_stats {
	uint64_t held, held_ns, allowed_ns, caught;
};

/* Where memory lies that other processes share: the same in all of them. */
struct ct_hold_memory {
	uint64_t device, inode, offset;
};

/* Once, before traps are planted; `percent` of the run time may go into holding threads (and taking
 * traps), 0: none are held. */
void ct_hold_init(uint32_t percent);
/* Before that: system calls that a filter may punish are not made. No watchpoints, then. */
void ct_hold_restrict(void);
/* Tells what is shared at an address; false: nothing. Without it, processes do not meet. */
void ct_hold_set_shared(bool (*find)(uintptr_t address, struct ct_hold_memory *out));
/* The calling thread is about to create another one. Opens the watchpoints, unless they are open:
 * they see it, and those that are created from here on. */
void ct_hold_create(void);
/* In a forked child: closes the watchpoints, which are its parent's. Async-signal-safe. */
void ct_hold_forked(void);
/* Closes the watchpoints. Async-signal-safe. */
void ct_hold_end(void);

/* All below is async-signal-safe. */

/* The calling thread is about to do this access; `context` is as the trap found it, with the
 * instruction pointer behind the trap. May keep it for some milliseconds. True: other threads come
 * to that memory, too, and not all of them with one lock. */
bool ct_hold_pass(const struct ct_site_access *access, ucontext_t *context);
/* Whether it would be of any use to hold a thread now: the budget allows it. */
bool ct_hold_allowed(void);
/* A trap was taken, or code was changed so many times: that costs, too. */
void ct_hold_trapped(void);
void ct_hold_wrote(unsigned times);
/* A SIGTRAP of perf's: a watchpoint or the clock (see ct_hold_set_tick). False: it is none of ours.
 */
bool ct_hold_perf(const siginfo_t *info, ucontext_t *context, const struct ct_sites *sites);
/* Called every millisecond or so of a thread's processor time, in its signal handler. */
void ct_hold_set_tick(void (*tick)(void));
/* Whether a descriptor in this range is one of the engine's. */
bool ct_hold_owns_any(unsigned first, unsigned last);
void ct_hold_stats(struct ct_hold_stats *out);

#endif
