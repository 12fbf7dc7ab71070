/*
 * Who can never go on: by greatest fixpoint, from all that wait down to those whom nobody frees.
 * Source: Holt, "Some Deadlock Properties of Computer Systems", 1972; as waitfor.h for last states.
 */
#include <string.h>

#include "model/replay_run.h"

bool ct_replay_owns(const struct ct_replay_run *run, uint32_t next, uint32_t thread)
{
	const struct ct_replay_op *op = ct_replay_next(run, thread);

	if (op->deed == CT_REPLAY_JOIN)
		return op->other == next;
	return next != thread &&
	       ct_replay_held_by(run, next, ct_replay_wanted(run, op)) != CT_REPLAY_NONE;
}

static bool helps(const struct ct_replay_op *op, const struct ct_replay_op *waiting)
{
	if (op->resource != waiting->resource)
		return false;
	switch (waiting->deed) {
	case CT_REPLAY_WAKE:
		return op->deed == CT_REPLAY_SIGNAL || op->deed == CT_REPLAY_BROADCAST;
	case CT_REPLAY_TAKE:
		return op->deed == CT_REPLAY_POST;
	case CT_REPLAY_LEAVE:
		return op->deed == CT_REPLAY_ARRIVE;
	case CT_REPLAY_GET:
		return op->deed == CT_REPLAY_PUT;
	case CT_REPLAY_PUT:
		return op->deed == CT_REPLAY_GET;
	default:
		return false;
	}
}

bool ct_replay_would_help(const struct ct_replay_run *run, uint32_t thread,
			  const struct ct_replay_op *op)
{
	const struct ct_replay_thread *of = &run->replay->threads[thread];

	for (size_t i = run->stands[thread].next; i < of->count; i++)
		if (helps(&run->replay->ops[run->replay->order[of->first + i]], op))
			return true;
	return false;
}

/* Whether one of those that own what the thread waits for is stuck. */
static bool is_owned(const struct ct_replay_run *run, uint32_t thread)
{
	for (uint32_t i = 0; i < run->replay->model->thread_count; i++)
		if (run->stuck[i] && ct_replay_owns(run, i, thread))
			return true;
	return false;
}

/* Drops who may go on: `free` says that somebody is left who may do anything. */
static size_t drop(struct ct_replay_run *run, bool owned_only, bool free)
{
	size_t threads = run->replay->model->thread_count, left = 0;
	bool changed = true;

	while (changed) {
		changed = false;
		left = 0;
		for (uint32_t i = 0; i < threads; i++) {
			bool owned = run->stuck[i] && ct_replay_look(run, i) == CT_LOOK_OWNED;

			if (!run->stuck[i])
				continue;
			if (owned ? is_owned(run, i) : !owned_only && !free) {
				left++;
				continue;
			}
			run->stuck[i] = false;
			changed = free = true;
		}
	}
	return left;
}

static bool mark_waiting(struct ct_replay_run *run)
{
	bool free = false;

	for (uint32_t i = 0; i < run->replay->model->thread_count; i++) {
		enum ct_replay_look look = ct_replay_look(run, i);

		run->stuck[i] = look == CT_LOOK_OWNED || look == CT_LOOK_HELP;
		free |= look == CT_LOOK_OFF || look == CT_LOOK_GO;
	}
	return free;
}

bool ct_replay_knot(struct ct_replay_run *run, bool *out_owned)
{
	bool free = mark_waiting(run);

	run->work += run->replay->model->thread_count;
	*out_owned = drop(run, true, free) > 0;
	if (*out_owned)
		return true;
	(void)mark_waiting(run);
	return drop(run, false, free) > 0;
}
