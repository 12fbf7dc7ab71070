#ifndef CT_MODEL_REACH_H
#define CT_MODEL_REACH_H
/*
 * What must come before what, in every order of the recorded events that could have been.
 *
 * An observer of the run. It counts each thread's events from 1 (positions) and keeps, per thread,
 * what others must have done before it can be there (only where that changes: such a past is shared
 * until the next edge comes in), and the critical sections of every lock. closure.h asks: which
 * events must have happened for these threads to be here?
 *
 * Edges are those of feasibility: create, join, fork, wait for a child, signal and wake-up,
 * semaphore units, barrier rounds, a failed try after the holder's acquisition, the last write
 * before a read (reach_access.c), and what goes through the kernel (reach_kernel.c). Locks have
 * none: what they ask of an order is the closure's rule, which needs the sections. Where it is not
 * known what brought what, all that was given before counts: less can be shown then, but nothing
 * false.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "model/model.h"
#include "model/vclock.h"

struct ct_reach;
struct ct_access;
struct ct_shadow_entry;

/* The one that belongs to the model's run: whoever asks gets the same, and gives it back by
 * ct_reach_free. To be asked for before the run. */
CT_MUST_CHECK enum ct_status ct_reach_share(const struct ct_model *model,
					    struct ct_reach **out_reach);
void ct_reach_free(struct ct_reach *reach);

/* Two threads' accesses to the same bytes. */
struct ct_reach_meeting {
	const struct ct_step *step;	/* of the later one */
	const struct ct_access *access; /* the later one */
	const struct ct_shadow_entry *earlier, *later;
	uint64_t location; /* of the cell; shadow.h */
};
/* `watch` is called with each of them while the run goes on: before what the later one learns from
 * the earlier one counts. One at a time can watch. */
typedef enum ct_status ct_reach_watch_fn(void *context, const struct ct_reach_meeting *meeting);
void ct_reach_watch(struct ct_reach *reach, ct_reach_watch_fn *watch, void *context);

/* To be called with every step of the run, by every user: the first call of a step counts. */
CT_MUST_CHECK enum ct_status ct_reach_step(struct ct_reach *reach, const struct ct_step *step);
/* Semaphores and files that are used as locks have sections like locks. What the newest step does
 * to one, and which there are. */
struct ct_unit_op;
struct ct_units;
const struct ct_unit_op *ct_reach_unit(const struct ct_reach *reach);
const struct ct_units *ct_reach_units(const struct ct_reach *reach);
/* After the run, before any question; by every user. */
CT_MUST_CHECK enum ct_status ct_reach_finish(struct ct_reach *reach);

/* The position of the thread's newest event; of a condition wait that returns, that of taking its
 * mutex again: being woken is an event of its own, just before. */
uint32_t ct_reach_position(const struct ct_reach *reach, const struct ct_thread *thread);

/* An event as it is told to people; accesses to memory are not kept. */
struct ct_reach_event {
	uint32_t position; /* in its thread */
	uint32_t order;	   /* in the run */
	uint32_t stack;	   /* id in the thread's process */
	uint32_t object; /* id + 1, 0: none; of a join, create or fork: that of the other thread */
	uint16_t event, flags;
};
/* Whether the thread's event at `position` took a lock that it still has after `until`. */
bool ct_reach_is_held(const struct ct_reach *reach, const struct ct_thread *thread,
		      uint32_t position, uint32_t until);
/* By which of its events (enum ct_event_id) a thread came after the other's event at `position`,
 * before it came to its own at `until`; its creation, if it was begun so; 0: it did not. */
uint16_t ct_reach_ordered_by(const struct ct_reach *reach, const struct ct_thread *other,
			     uint32_t position, const struct ct_thread *thread, uint32_t until);
/* A thread's events in order. */
const struct ct_reach_event *ct_reach_events(const struct ct_reach *reach,
					     const struct ct_thread *thread, size_t *out_count);

#endif
