#ifndef CT_ACCESS_TRAP_WATCH_H
#define CT_ACCESS_TRAP_WATCH_H
/*
 * The processor's watchpoints, by perf: while a thread is held, they tell of accesses by code that
 * has no traps, or no longer. One event serves all threads, since those that are created later
 * inherit it. Without perf (or without permission) there are none. Async-signal-safe.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "access/trap/rendezvous.h"

#define CT_WATCHES 3u /* of the processor's four; the last is left to debuggers */

/* What a held thread wants to be told of. */
struct ct_watched {
	struct ct_held_access what;
	struct ct_held_place place;
	uintptr_t address;
	uint64_t before; /* its value as the watch began */
	bool writes_only;
};

/* Opens them, and the clock, unless that was done; they see the calling thread and those that it
 * and its descendants create from here on. */
void ct_watch_open(void);
/* Before: they are never opened. */
void ct_watch_restrict(void);
void ct_watch_close(void);
/* In a forked child: closes its parent's, and no thread has one taken. */
void ct_watch_forked(void);
bool ct_watch_owns_any(unsigned first, unsigned last);

/* The number of a watchpoint, for ct_watch_end(); negative: none is free. */
int ct_watch_begin(const struct ct_watched *watched);
void ct_watch_end(int number);

enum ct_watch_signal {
	CT_WATCH_FOREIGN, /* not ours */
	CT_WATCH_NOTHING, /* ours, but nothing follows from it */
	CT_WATCH_TICK,
	CT_WATCH_HIT, /* *out tells of what, *out_number of which watchpoint */
};
enum ct_watch_signal ct_watch_signalled(const siginfo_t *info, struct ct_watched *out,
					int *out_number);
/* What a watchpoint told was of no use: after some of them it tells nothing more. */
void ct_watch_useless(int number);

#endif
