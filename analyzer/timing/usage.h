#ifndef CT_TIMING_USAGE_H
#define CT_TIMING_USAGE_H
/*
 * Threads and processes in time: lives, waits, resources. Times are ns, points in time since the
 * trace began.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "timing/span.h"

#define CT_TIME_UNKNOWN UINT64_MAX /* was not recorded */

/* Time that a thread waited for one thing. */
struct ct_blocked {
	enum ct_activity activity;
	const struct ct_object *object;	  /* or NULL */
	const struct ct_thread *joined;	  /* or NULL */
	const struct ct_process *child;	  /* or NULL */
	uint64_t count, total_ns, max_ns; /* waits */
	bool unended;			  /* one goes on where the record ends: it was longer */
};

/* Resources, as the kernel counted them: getrusage(2), /proc/PID/schedstat. All may be
 * CT_TIME_UNKNOWN: of who was killed. */
struct ct_usage {
	uint64_t user_ns, system_ns, cpu_ns;
	uint64_t ready_ns; /* waited for a processor */
	uint64_t voluntary, involuntary, minor_faults, major_faults;
	uint64_t max_rss_kb; /* of a process */
};

struct ct_timing_thread {
	const struct ct_thread *thread;
	uint64_t begin_ns, end_ns;	     /* first event, end */
	uint64_t creation_ns;		     /* call to first instruction; UNKNOWN of the first */
	uint64_t by_activity[CT_ACTIVITIES]; /* sums to end - begin; CT_RUNS among them */
	struct ct_blocked *blocked;	     /* longest first; owned */
	size_t blocked_count, blocked_cap;
	struct ct_usage usage;
	/* Runs by its events, but neither computed nor was ready: calls that are not recorded. */
	uint64_t unseen_ns;
	/* Waits for children that the trace does not have. */
	uint64_t strangers_ns;
	uint64_t alone_ns; /* ran before it started its first other thread or process */
	/* Of what it ran, in vfork and the like: it stood still, as the child had its memory. */
	uint64_t lent_ns;
	enum ct_bound bound;
	bool worker;  /* does the work: not one that only starts others and waits for them */
	bool present; /* it had an event */
	bool ended;   /* its end was recorded, its own or its process's */
};

struct ct_timing_process {
	const struct ct_process *process;
	uint64_t begin_ns, end_ns;
	uint64_t creation_ns; /* fork's request to the child's first event; UNKNOWN of the first */
	struct ct_usage usage;
	uint64_t bytes_read, bytes_written;		  /* through pipes and FIFOs */
	uint64_t socket_bytes_read, socket_bytes_written; /* and sockets */
	uint64_t shared_bytes; /* of memory shared with other processes, most at one time */
	size_t threads;	       /* with events */
	bool worker, present, ended;
	bool counted; /* `usage` is that of all its threads */
};

#endif
