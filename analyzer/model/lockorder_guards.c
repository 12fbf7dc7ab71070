#include "model/lockorder_private.h"

#include <stdlib.h>

/*
 * Guards across threads: where a thread holds a lock from before it creates another one until after
 * it joined it, all that the other does is done under that lock (critical sections that span
 * threads, Sulzmann, arXiv 2512.23552). Such a guard excludes whoever else holds the lock, but not
 * its holder and not the other threads that it guards: they are in one critical section.
 */

enum ct_status ct_lock_guards_created(struct ct_lockorder *order, const struct ct_step *step)
{
	struct ct_lock_thread *created;
	size_t count = step->thread->held_count;

	if (step->request || !step->other)
		return CT_OK;
	created = &order->private_data->threads[step->other->id];
	created->at_creation_count = 0;
	if (!count)
		return CT_OK;
	free(created->at_creation);
	created->at_creation = calloc(count, sizeof(*created->at_creation));
	if (!created->at_creation)
		return CT_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct ct_held_lock *held = &step->thread->held[i];

		created->at_creation[i] =
			(struct ct_lock_guard){held->object, held->mode, step->thread, held->since};
	}
	created->at_creation_count = count;
	return CT_OK;
}

static bool still_held(const struct ct_thread *thread, const struct ct_lock_guard *guard)
{
	for (size_t i = 0; i < thread->held_count; i++)
		if (thread->held[i].object == guard->object &&
		    thread->held[i].since == guard->since)
			return true;
	return false;
}

enum ct_status ct_lock_guards_joined(struct ct_lockorder *order, const struct ct_step *step)
{
	struct ct_lock_thread *joined;

	if (step->request || !step->other || step->other->creator != step->thread)
		return CT_OK;
	joined = &order->private_data->threads[step->other->id];
	joined->joined_by_creator = true;
	joined->guards = ct_arena_calloc(&order->private_data->arena, joined->at_creation_count,
					 sizeof(*joined->guards));
	if (!joined->guards)
		return CT_ENOMEM;
	joined->guard_count = 0;
	for (size_t i = 0; i < joined->at_creation_count; i++)
		if (still_held(step->thread, &joined->at_creation[i]))
			joined->guards[joined->guard_count++] = joined->at_creation[i];
	return CT_OK;
}

/* A thread whose guards are this one's too: its creator if that outlives it, or the first thread of
 * a process that was waited for. */
static const struct ct_thread *guarded_with(const struct ct_lockorder *order,
					    const struct ct_thread *thread)
{
	const struct ct_lock_thread *threads = order->private_data->threads;
	const struct ct_thread *first = thread->process->threads[0];

	if (threads[thread->id].joined_by_creator)
		return thread->creator;
	return first != thread && threads[first->id].joined_by_creator ? first : NULL;
}

static const struct ct_object *against_held(const struct ct_lock_guard *guard,
					    const struct ct_lock_dependency *other)
{
	for (size_t i = 0; guard->holder != other->thread && i < other->held_count; i++)
		if (other->held[i].object == guard->object &&
		    ct_lock_excludes(other->held[i].mode, guard->mode))
			return guard->object;
	return NULL;
}

/* Whether something that guards `other` as a whole excludes `guard`. */
static const struct ct_object *against_guards(const struct ct_lockorder *order,
					      const struct ct_lock_guard *guard,
					      const struct ct_lock_dependency *other)
{
	const struct ct_thread *thread = other->thread;

	for (size_t n = 0; thread && n < order->model->thread_count; n++) {
		const struct ct_lock_thread *state = &order->private_data->threads[thread->id];

		for (size_t i = 0; i < state->guard_count; i++)
			if (state->guards[i].object == guard->object &&
			    state->guards[i].holder != guard->holder &&
			    ct_lock_excludes(state->guards[i].mode, guard->mode))
				return guard->object;
		thread = guarded_with(order, thread);
	}
	return NULL;
}

static const struct ct_object *guards_against(const struct ct_lockorder *order,
					      const struct ct_lock_dependency *guarded,
					      const struct ct_lock_dependency *other)
{
	const struct ct_thread *thread = guarded->thread;

	for (size_t n = 0; thread && n < order->model->thread_count; n++) {
		const struct ct_lock_thread *state = &order->private_data->threads[thread->id];

		for (size_t i = 0; i < state->guard_count; i++) {
			const struct ct_object *guard = against_held(&state->guards[i], other);

			if (!guard)
				guard = against_guards(order, &state->guards[i], other);
			if (guard)
				return guard;
		}
		thread = guarded_with(order, thread);
	}
	return NULL;
}

const struct ct_object *ct_lock_guard_of(const struct ct_lockorder *order,
					 const struct ct_lock_dependency *a,
					 const struct ct_lock_dependency *b)
{
	const struct ct_object *guard;

	for (size_t i = 0, k = 0; i < a->held_count && k < b->held_count;) {
		const struct ct_lock_hold *left = &a->held[i], *right = &b->held[k];

		if (left->object == right->object && ct_lock_excludes(left->mode, right->mode))
			return left->object;
		if (left->object->id <= right->object->id)
			i++;
		else
			k++;
	}
	guard = guards_against(order, a, b);
	return guard ? guard : guards_against(order, b, a);
}
