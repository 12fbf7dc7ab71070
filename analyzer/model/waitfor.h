#ifndef CT_MODEL_WAITFOR_H
#define CT_MODEL_WAITFOR_H
/*
 * Who waits for whom, in the model's last state.
 *
 * Built after ct_model_run(). Each thread that waits has edges to those who could end its wait, or
 * one edge to nobody. The knot of threads that nobody can free is the final-state rule D0: exact
 * where all threads that live are in the trace. Borrows the model.
 * Source of the AND/OR reduction: Holt, "Some Deadlock Properties of Computer Systems", 1972.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "model/model.h"
#include "model/orphans.h"

enum ct_waitfor_why {
	CT_WAITFOR_HOLDS,  /* `to`, or `process`, holds the lock `object`: see `held` */
	CT_WAITFOR_AHEAD,  /* `to` waits to write-lock `object`, which lets it go first */
	CT_WAITFOR_ORPHAN, /* `to` held it and is gone: see ct_orphan_of() */
	CT_WAITFOR_JOINED, /* `to` has to end */
	CT_WAITFOR_CHILD,  /* `process` has to end */
	CT_WAITFOR_HELPER, /* `to` is one of those that could end the wait (signal, post, write ...)
			    */
	CT_WAITFOR_NOBODY, /* nobody that the trace knows of */
	CT_WAITFOR_OUTSIDE, /* what is not in the trace: time, a signal, another program */
};

/* Whether it is an owner that is waited for, who lives: nobody else could end the wait. */
static inline bool ct_waitfor_is_owner(enum ct_waitfor_why why)
{
	return why == CT_WAITFOR_HOLDS || why == CT_WAITFOR_AHEAD || why == CT_WAITFOR_JOINED ||
	       why == CT_WAITFOR_CHILD;
}

struct ct_waitfor_edge {
	const struct ct_thread *from; /* waits: from->wait says for what, and where */
	const struct ct_thread *to;   /* NULL: process or nobody */
	const struct ct_process *process;
	const struct ct_object *object; /* the lock; what a HELPER could help with; or NULL */
	enum ct_waitfor_why why;
	const struct ct_held_lock *held; /* of `to`, with the stack where it was taken, or NULL */
	uint32_t file_lock; /* one of those that keep a file lock from it: 1 and up; else 0 */
	bool in_knot;	    /* both ends can never go on */
	bool in_cycle;	    /* part of one of `cycles` */
};

/* Edges in order: each `to` (or a thread of its `process`) is the next one's `from`. The thread
 * that began to wait first comes first. */
struct ct_waitfor_cycle {
	const struct ct_waitfor_edge **edges;
	size_t length;
};

struct ct_waitfor {
	const struct ct_model *model;
	struct ct_waitfor_edge *edges; /* by waiting thread's id */
	size_t edge_count, edge_cap;
	/* Threads that nobody can free, by id; empty: no knot stands. */
	const struct ct_thread **stuck;
	size_t stuck_count;
	/* All of this as long as no signal comes that is handled and that nobody is known to send,
	 * and no handler of a timer leaves the wait for a lock, a thread or a child. By thread id:
	 * it takes that for granted. */
	bool *unless_signal;
	bool others_live;     /* not all who live are stuck ... */
	bool others_may_live; /* ... or would be if such a signal came */
	uint32_t *group;      /* by thread id: those with one number are stuck together */
	/* Ownership cycles (locks, joins, children) that stand, no thread in two of them; those are
	 * the headlines. None may stand though threads are stuck. */
	struct ct_waitfor_cycle *cycles;
	size_t cycle_count;
	struct ct_arena arena;
};

CT_MUST_CHECK enum ct_status ct_waitfor_new(const struct ct_model *model,
					    struct ct_waitfor **out_waitfor);
/* Fills stuck, group, cycles and the marks of the edges. Every thread that lives is taken to be in
 * the model: callers decide whether that holds. */
CT_MUST_CHECK enum ct_status ct_waitfor_stuck(struct ct_waitfor *waitfor);
/* The part of it that fills group. */
CT_MUST_CHECK enum ct_status ct_waitfor_group(struct ct_waitfor *waitfor);
void ct_waitfor_free(struct ct_waitfor *waitfor);

/* Why the thread's wait may end, whatever all others do: "which sleeps"; NULL: nothing is known
 * that could end it but the others. Static. */
const char *ct_waitfor_reason(const struct ct_model *model, const struct ct_thread *thread);

/* The edges of one waiting thread; NULL and 0 if it does not wait. */
const struct ct_waitfor_edge *ct_waitfor_of(const struct ct_waitfor *waitfor,
					    const struct ct_thread *thread, size_t *out_count);

#endif
