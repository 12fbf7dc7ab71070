#ifndef CT_LIVE_SCAN_H
#define CT_LIVE_SCAN_H
/*
 * What every recorded thread does at one moment, as its live page says: told without stopping or
 * asking the program, and without its trace. Two scans one after the other tell who did not move.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "format/ct_format.h"

struct ct_scan_thread {
	uint32_t pid, tid, process, thread; /* the last two: numbers in the trace */
	uint32_t epoch;			    /* odd: inside a call that may wait */
	uint16_t event, flags;		    /* of that call, as all that follows */
	uint64_t object, arg, since;
	uint64_t pthread;
	uint64_t start; /* of its process, as /proc has it; 0: its pid may be another's here */
	size_t held;	/* the first of its locks in ct_scan.held */
	uint32_t
		held_count; /* what it had before it began to wait, which it keeps until then ... */
	uint32_t held_later; /* ... and after those: what it took meanwhile */
	bool holds_more;     /* locks that the page does not list */
	bool steady;	     /* not a step since the scan before */
	uint64_t seen_ms;    /* that it has not moved; 0: it has */
};

struct ct_scan {
	struct ct_scan_thread *threads; /* by process, then thread */
	size_t count, cap;
	struct ct_held *held;
	size_t held_count, held_cap;
	uint64_t pid_space; /* that our pids are from */
};

/* Replaces what was in `scan` (zeroed at first). `before` is the scan to compare with, or NULL.
 * Threads that have ended are left out where their page says so: those of a process that was
 * killed are still there, ct_scan_state() tells. A folder that is no trace has no threads. */
CT_MUST_CHECK enum ct_status ct_scan_read(struct ct_scan *scan, const char *trace,
					  const struct ct_scan *before);
void ct_scan_fini(struct ct_scan *scan);

/* NULL: it is not in the scan. */
const struct ct_scan_thread *ct_scan_find(const struct ct_scan *scan, uint32_t process,
					  uint32_t thread);

static inline bool ct_scan_waits(const struct ct_scan_thread *thread)
{
	return thread->epoch & 1;
}

static inline size_t ct_scan_held_all(const struct ct_scan_thread *thread)
{
	return (size_t)thread->held_count + thread->held_later;
}

/* The kernel's state of the thread: 'R', 'S', 'T' ...; 0: it is gone; '?': its number means another
 * process here, as that of one in a namespace of its own does, so that nothing is known of it. */
char ct_scan_state(const struct ct_scan_thread *thread);

/* Whether a thread in that kernel state is in its call: whoever waits for a spin lock, or one of
 * the program's own, may run. Who is stopped, or dead, is no witness. */
static inline bool ct_scan_agrees(const struct ct_scan_thread *thread, char state)
{
	bool may_run = thread->event == CT_EV_SPIN_LOCK || thread->event == CT_EV_USER_LOCK ||
		       thread->event == CT_EV_USER_RDLOCK;

	return state == 'S' || (may_run && state == 'R');
}

/* Whether the call ends by itself. */
bool ct_scan_has_limit(const struct ct_scan_thread *thread);

/* Of what says that a thread is in that very call. */
uint64_t ct_scan_fingerprint(const struct ct_scan_thread *thread);

#endif
