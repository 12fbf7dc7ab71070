#ifndef CT_ACCESS_TRAP_PATIENCE_H
#define CT_ACCESS_TRAP_PATIENCE_H
/*
 * For how long a thread is held: long where an instruction is executed for the first time, since
 * another thread may execute it once only, and soon; short where it comes again and again. Longer
 * before it writes, since a write races with all that others do, and a read with writes only.
 * Seldom where nobody else is known to come, or only with a lock in common (history.h).
 * Always random: two threads that do the same would else pass each other for ever.
 * Async-signal-safe.
 */
#include <stdbool.h>
#include <stdint.h>

#include "access/trap/history.h"

struct ct_patience {
	uintptr_t pc;
	enum ct_history history;
	bool writes;
	bool has_locks;	  /* others may wait for them */
	bool creates;	  /* it creates threads just now: nobody comes before it has */
	bool begins;	  /* some thread was created just now: it may come for the first time */
	uint64_t left_ns; /* of the budget */
};

/* 0: not at all. */
uint64_t ct_patience_ns(const struct ct_patience *with);
/* Somebody who was held went on so much later than was meant. Where processors are busy, those who
 * are waited for are late as well, and it takes more patience. */
void ct_patience_late(uint64_t late_ns);

#endif
