#include "model/orphans.h"

#include "model/held.h"
#include "model/holders.h"
#include "model/objects.h"

/* The program's own locks may be given back by whoever it likes; a robust mutex tells its next
 * holder; of a shared lock that others initialised it is not known whether it is robust. */
static bool can_be_orphan(const struct ct_object *lock)
{
	if (lock->kind == CT_OBJECT_USER_LOCK || (!lock->process && !lock->initialised))
		return false;
	return !ct_is_robust(lock);
}

const struct ct_orphan *ct_orphan_left(const struct ct_object *lock)
{
	return ct_object_state(lock)->orphan;
}

void ct_orphan_found(const struct ct_object *lock)
{
	ct_object_state(lock)->orphan = NULL;
}

static enum ct_status keep(struct ct_model *model, struct ct_object *lock, struct ct_orphan orphan)
{
	struct ct_orphan *kept = ct_arena_alloc(&model->arena, sizeof(*kept));

	if (!kept)
		return CT_ENOMEM;
	*kept = orphan;
	ct_object_state(lock)->orphan = kept;
	return CT_OK;
}

enum ct_status ct_orphan_by_exec(struct ct_model *model, const struct ct_thread *thread,
				 const struct ct_held_lock *lock)
{
	if (lock->object->process || !can_be_orphan(lock->object))
		return CT_OK;
	return keep(model, lock->object,
		    (struct ct_orphan){.how = CT_ORPHAN_EXEC,
				       .mode = lock->mode,
				       .holder = thread,
				       .stack = lock->stack,
				       .since = lock->since});
}

static enum ct_status copy_one(struct ct_model *model, const struct ct_thread *forker,
			       const struct ct_thread *holder, const struct ct_held_lock *lock,
			       struct ct_thread *first)
{
	const struct ct_thread_state *state = ct_thread_state(forker);
	struct ct_object_state *copy = NULL;
	enum ct_status status;

	if (!lock->object->process || !can_be_orphan(lock->object))
		return CT_OK;
	status = ct_objects_use(model, first, lock->object->address, lock->object->kind,
				lock->since, &copy);
	if (status || !copy || copy->holder_count)
		return status;
	return keep(model, &copy->object,
		    (struct ct_orphan){.how = CT_ORPHAN_FORK,
				       .mode = lock->mode,
				       .holder = holder,
				       .stack = lock->stack,
				       .since = lock->since,
				       .forker = forker,
				       .fork_stack = state->fork_stack,
				       .fork_time = state->fork_time});
}

enum ct_status ct_orphans_by_fork(struct ct_model *model, const struct ct_thread *forker,
				  struct ct_thread *first)
{
	const struct ct_process *parent = forker->process;
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < parent->thread_count; i++) {
		const struct ct_thread *holder = parent->threads[i];

		for (size_t k = 0; !status && holder != forker && k < holder->held_count; k++)
			status = copy_one(model, forker, holder, &holder->held[k], first);
	}
	return status;
}

/* A process that ended as a whole has no threads left to wait, or to hold. */
static bool is_gone(const struct ct_thread *holder, const struct ct_thread *waiter,
		    enum ct_orphan_how *out_how)
{
	*out_how = CT_ORPHAN_THREAD_ENDED;
	if (holder->process != waiter->process && holder->process->exited)
		*out_how = CT_ORPHAN_PROCESS_ENDED;
	return *out_how == CT_ORPHAN_PROCESS_ENDED || holder->exited || holder->joined;
}

bool ct_orphan_of(const struct ct_model *model, const struct ct_thread *waiter,
		  struct ct_orphan *out)
{
	const struct ct_wait *wait = &waiter->wait;
	const struct ct_object_state *lock = ct_object_state(wait->object);

	if (wait->kind != CT_WAIT_LOCK || !lock || !can_be_orphan(wait->object) || lock->handed_on)
		return false;
	for (size_t i = 0; i < lock->holder_count; i++) {
		const struct ct_thread *holder = model->threads[lock->holders[i]];
		const struct ct_held_lock *held = ct_held_find(holder, wait->object);
		enum ct_orphan_how how;

		if (!held || !is_gone(holder, waiter, &how) ||
		    (held->mode == CT_MODE_SHARED && wait->mode == CT_MODE_SHARED))
			continue;
		*out = (struct ct_orphan){.how = how,
					  .mode = held->mode,
					  .holder = holder,
					  .stack = held->stack,
					  .since = held->since};
		return true;
	}
	if (lock->holder_count || !lock->orphan ||
	    (lock->orphan->mode == CT_MODE_SHARED && wait->mode == CT_MODE_SHARED))
		return false;
	*out = *lock->orphan;
	return true;
}
