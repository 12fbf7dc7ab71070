#ifndef CT_ACCESS_TRAP_PATIENCE_H
#define CT_ACCESS_TRAP_PATIENCE_H
/*
 * For how long a thread is held: long where an instruction is executed for the first time, since
 * another thread may execute it once only, and soon; short where it comes again and again. Longer
 * before it writes, since a write races with all that others do, and a read with writes only.
 * Always random: two threads that do the same would else pass each other for ever.
 * Async-signal-safe.
 */
#include <stdbool.h>
#include <stdint.h>

struct ct_patience {
	uintptr_t pc;
	bool writes;
	bool has_locks;	  /* others may wait for them */
	bool creates;	  /* it creates threads just now: nobody comes before it has */
	uint64_t left_ns; /* of the budget */
};

/* 0: not at all. */
uint64_t ct_patience_ns(const struct ct_patience *with);

#endif
