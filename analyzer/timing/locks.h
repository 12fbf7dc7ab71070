#ifndef CT_TIMING_LOCKS_H
#define CT_TIMING_LOCKS_H
/*
 * Locks in time: how often they were taken, how long they were waited for and held.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
/* A distribution of times, see histogram.h. */
struct ct_times {
	uint64_t count, total_ns, mean_ns, p99_ns, max_ns;
};

struct ct_lock_site {
	uint32_t process, stack; /* where it was taken */
	const char *place;	 /* "bank.c:31", or "" */
	uint64_t acquisitions, contended, wait_ns, hold_ns;
};

/* A lock, or another thing that is taken and given back by one thread (a semaphore used as a lock
 * is one of these as well). */
struct ct_timing_lock {
	const struct ct_object *object;
	uint64_t acquisitions, contended; /* contended: had to wait */
	struct ct_times wait, hold;	  /* wait: of the contended ones */
	uint64_t critical_ns;		  /* held on the critical path */
	struct ct_lock_site *sites;	  /* most wait first, at most CT_LOCK_SITES; owned */
	size_t site_count, sites_left_out;
	size_t threads; /* that took it */
	bool folded;	/* it is part of an interpreter lock */
};
#define CT_LOCK_SITES 64u

/* One lock that the threads of an interpreter take and give up around what blocks, see
 * interpreter.h. */
struct ct_interpreter {
	const struct ct_process *process;
	const char *name;			   /* "Python's interpreter lock (GIL)" */
	const struct ct_object *mutex, *condition; /* of which it is made */
	uint64_t acquisitions, waits, waited_ns, held_ns;
	uint64_t folded; /* events of it */
	size_t threads;
	double at_once;	 /* 1: while it was held, always just one thread ran the interpreter */
	bool serialized; /* it is the reason that CPU-bound threads did not run at once */
};

#endif
