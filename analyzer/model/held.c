#include "model/held.h"

#include <string.h>

#include "model/orphans.h"

struct ct_held_lock *ct_held_find(const struct ct_thread *thread, const struct ct_object *object)
{
	/* the newest first: releases mostly come in reverse order */
	for (size_t i = thread->held_count; i-- > 0;)
		if (thread->held[i].object == object)
			return &thread->held[i];
	return NULL;
}

static enum ct_status add_holder(struct ct_object_state *object, uint32_t thread)
{
	enum ct_status status = ct_vec_grow(&object->holders, &object->holder_cap,
					    object->holder_count + 1, sizeof(*object->holders));

	if (status == CT_OK)
		object->holders[object->holder_count++] = thread;
	return status;
}

static void remove_holder(struct ct_object_state *object, uint32_t thread)
{
	for (size_t i = 0; i < object->holder_count; i++) {
		if (object->holders[i] != thread)
			continue;
		object->holders[i] = object->holders[--object->holder_count];
		return;
	}
}

enum ct_status ct_held_acquire(struct ct_thread *thread, const struct ct_held_lock *lock)
{
	struct ct_held_lock *entry = ct_held_find(thread, lock->object);
	enum ct_status status;

	ct_orphan_found(lock->object);
	if (entry) {
		entry->depth += lock->depth;
		if (lock->mode == CT_MODE_EXCLUSIVE)
			entry->mode = CT_MODE_EXCLUSIVE;
		return CT_OK;
	}
	status = ct_vec_grow(&thread->held, &thread->held_cap, thread->held_count + 1,
			     sizeof(*thread->held));
	if (status == CT_OK)
		status = add_holder(ct_object_state(lock->object), thread->id);
	if (status == CT_OK)
		thread->held[thread->held_count++] = *lock;
	return status;
}

uint32_t ct_held_drop(struct ct_thread *thread, struct ct_object_state *object)
{
	struct ct_held_lock *entry = ct_held_find(thread, &object->object);
	uint32_t depth;

	if (!entry)
		return 0;
	depth = entry->depth;
	memmove(entry, entry + 1,
		(size_t)(thread->held + thread->held_count - (entry + 1)) * sizeof(*entry));
	thread->held_count--;
	remove_holder(object, thread->id);
	return depth;
}

/* Only an exclusive holder is known to be meant by another thread's release. */
static void hand_over(const struct ct_model *model, struct ct_thread_state *by,
		      struct ct_object_state *object)
{
	struct ct_held_lock *entry;
	struct ct_thread *holder;

	if (object->holder_count != 1)
		return;
	holder = model->threads[object->holders[0]];
	entry = ct_held_find(holder, &object->object);
	if (!entry || entry->mode != CT_MODE_EXCLUSIVE)
		return;
	object->handed_on = true;
	by->handed_by = holder;
	by->handed = *entry;
	ct_held_drop(holder, object);
}

void ct_held_release(const struct ct_model *model, struct ct_thread *thread,
		     struct ct_object_state *object)
{
	struct ct_held_lock *entry = ct_held_find(thread, &object->object);

	ct_thread_state(thread)->handed_by = NULL;
	ct_orphan_found(&object->object);
	if (entry && entry->depth > 1)
		entry->depth--;
	else if (entry)
		ct_held_drop(thread, object);
	else
		hand_over(model, ct_thread_state(thread), object);
}

enum ct_status ct_held_take_back(const struct ct_model *model, struct ct_thread *thread,
				 const struct ct_object *object)
{
	struct ct_thread_state *state = ct_thread_state(thread);
	struct ct_thread *holder = state->handed_by;

	state->handed_by = NULL;
	if (!holder || !object || state->handed.object != object ||
	    ct_held_by_other(model, holder, ct_object_state(object), CT_MODE_EXCLUSIVE))
		return CT_OK;
	return ct_held_acquire(holder, &state->handed);
}

static bool excludes(const struct ct_thread *holder, const struct ct_object_state *object,
		     enum ct_mode mode)
{
	const struct ct_held_lock *entry = ct_held_find(holder, &object->object);

	return entry && (mode == CT_MODE_EXCLUSIVE || entry->mode == CT_MODE_EXCLUSIVE);
}

const struct ct_thread *ct_held_by_other(const struct ct_model *model,
					 const struct ct_thread *thread,
					 const struct ct_object_state *object, enum ct_mode mode)
{
	for (size_t i = 0; i < object->holder_count; i++) {
		const struct ct_thread *holder = model->threads[object->holders[i]];

		if (holder != thread && excludes(holder, object, mode))
			return holder;
	}
	return NULL;
}

void ct_held_expel(const struct ct_model *model, const struct ct_thread *thread,
		   struct ct_object_state *object, enum ct_mode mode)
{
	for (size_t i = object->holder_count; i-- > 0;) {
		struct ct_thread *holder = model->threads[object->holders[i]];

		if (holder != thread && excludes(holder, object, mode))
			ct_held_drop(holder, object);
	}
}

static bool same_set(const struct ct_thread *thread, const struct ct_held_lock *locks, size_t count)
{
	if (thread->held_count != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct ct_held_lock *held = ct_held_find(thread, locks[i].object);

		if (!held || held->mode != locks[i].mode || held->depth != locks[i].depth)
			return false;
	}
	return true;
}

enum ct_status ct_held_restore(const struct ct_model *model, struct ct_thread *thread,
			       const struct ct_held_lock *locks, size_t count)
{
	enum ct_status status = CT_OK;

	if (same_set(thread, locks, count))
		return CT_OK;
	while (thread->held_count)
		ct_held_drop(thread, ct_object_state(thread->held[thread->held_count - 1].object));
	for (size_t i = 0; !status && i < count; i++) {
		ct_held_expel(model, thread, ct_object_state(locks[i].object), locks[i].mode);
		status = ct_held_acquire(thread, &locks[i]);
	}
	return status;
}
