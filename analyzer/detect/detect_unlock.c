/*
 * A thread unlocks what it does not hold. Whether it does is known by its own records alone: it has
 * not locked it since it unlocked it last. Who else holds the lock decides how that is told.
 */
#include "detect/detector.h"

#include <stdlib.h>

#include "base/vec.h"
#include "detect/failed_lock.h"
#include "detect/misuse.h"
#include "model/holders.h"
#include "model/past.h"

static const struct ct_rule not_owner = {
	.id = "unlock-not-owner",
	.title = "a lock is unlocked that another thread holds",
	.help = "Let the thread that locked it unlock it; where one thread is to wake another, "
		"use a semaphore or a condition variable.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

static const struct ct_rule unlocked = {
	.id = "unlock-unlocked",
	.title = "a lock is unlocked that nobody holds",
	.help = "Unlock once for each time that the lock was taken: look at the ways out of the "
		"function, and at the result of each trylock and timed lock.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

static const struct ct_rule rwlock = {
	.id = "rwlock-misuse",
	.title = "a read-write lock is unlocked that other threads hold",
	.help = "Let each thread give back what it took itself, and as often as it took it.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

/* What glibc's mutexes of a known kind do with such an unlock, in the argument of MUTEX_INIT. */
enum { KIND = 3, ERRORCHECK = 2 };

struct unlocks {
	struct ct_misuses *misuses;
	struct ct_failed_locks failed;
	/* thread and object: what it locked, the model no longer has, as another thread took or
	 * gave back the lock meanwhile. So its next unlock is no mistake, or not its own. */
	struct ct_map lost;
	bool *locked; /* by object: whether anybody was seen to lock it */
	size_t locked_count, locked_cap;
};

static void end(void *data)
{
	struct unlocks *unlocks = data;

	if (!unlocks)
		return;
	ct_misuses_free(unlocks->misuses);
	ct_failed_locks_fini(&unlocks->failed);
	ct_map_fini(&unlocks->lost);
	free(unlocks->locked);
	free(unlocks);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct unlocks *unlocks = calloc(1, sizeof(*unlocks));
	void *misuses = NULL;
	enum ct_status status;

	(void)model;
	if (!unlocks)
		return CT_ENOMEM;
	ct_failed_locks_init(&unlocks->failed);
	ct_map_init(&unlocks->lost);
	status = ct_misuses_new(&misuses);
	unlocks->misuses = misuses;
	if (status)
		end(unlocks);
	else
		*out_state = unlocks;
	return status;
}

static uint64_t key_of(const struct ct_thread *thread, const struct ct_object *lock)
{
	return (uint64_t)thread->id << 32 | lock->id;
}

static bool was_locked(const struct unlocks *unlocks, const struct ct_object *lock)
{
	return lock->id < unlocks->locked_count && unlocks->locked[lock->id];
}

static enum ct_status note_locked(struct unlocks *unlocks, const struct ct_object *lock)
{
	size_t need = (size_t)lock->id + 1;
	enum ct_status status =
		ct_vec_grow(&unlocks->locked, &unlocks->locked_cap, need, sizeof(bool));

	if (status)
		return status;
	while (unlocks->locked_count < need)
		unlocks->locked[unlocks->locked_count++] = false;
	unlocks->locked[lock->id] = true;
	return CT_OK;
}

/* The thread has it now. Whom the model thought to hold it will unlock it none the less. */
static enum ct_status lock(struct unlocks *unlocks, const struct ct_model *model,
			   const struct ct_thread *thread, const struct ct_object *lock,
			   enum ct_mode mode)
{
	enum ct_status status = note_locked(unlocks, lock);

	for (size_t i = 0; !status && i < ct_holder_count(lock); i++) {
		const struct ct_thread *holder = ct_holder(model, lock, i);

		if (holder != thread && (mode == CT_MODE_EXCLUSIVE ||
					 ct_held_by(holder, lock)->mode == CT_MODE_EXCLUSIVE))
			status = ct_map_put(&unlocks->lost, key_of(holder, lock), 1);
	}
	ct_map_remove(&unlocks->lost, key_of(thread, lock));
	return status;
}

static bool refuses(const struct ct_object *lock)
{
	return ct_is_recursive(lock) || ct_is_robust(lock) ||
	       (lock->kind == CT_OBJECT_MUTEX && (lock->init_arg & KIND) == ERRORCHECK);
}

/* Whether the thread may have locked it, for all that the records say; or it is not for these rules
 * to tell. */
static bool may_be_right(const struct unlocks *unlocks, const struct ct_model *model,
			 const struct ct_step *step)
{
	const struct ct_object *lock = step->object;
	bool begun = was_locked(unlocks, lock) || ct_past_of(lock)->initialised.thread;

	if (ct_taken_unseen(step) || !ct_misuse_all_seen(model, step->thread))
		return true;
	/* What fork copied may have been locked in the parent, by its atfork handlers say. What
	 * stood there before has ended: a use of that is another rule's. */
	if (!begun && (ct_past_origin(lock) || ct_past_life(lock)))
		return true;
	return refuses(lock) || ct_map_get(&unlocks->lost, key_of(step->thread, lock), NULL) ||
	       ct_failed_lock_unlocked(&unlocks->failed, step);
}

/* Who holds the lock: a writer rather than a reader. */
static const struct ct_thread *holder_of(const struct ct_model *model, const struct ct_object *lock)
{
	const struct ct_thread *found = NULL;

	for (size_t i = 0; i < ct_holder_count(lock); i++) {
		found = ct_holder(model, lock, i);
		if (ct_held_by(found, lock)->mode == CT_MODE_EXCLUSIVE)
			break;
	}
	return found;
}

static void add_last_unlock(struct ct_misuse *misuse, const struct ct_object *lock)
{
	const struct ct_deed *last = &ct_past_of(lock)->released;

	ct_misuse_place(misuse, last->thread, last->stack, last->time, "unlocked it last");
}

static const char *held_how(const struct ct_object *lock, enum ct_mode mode)
{
	if (lock->kind != CT_OBJECT_RWLOCK)
		return "";
	return mode == CT_MODE_SHARED ? " for reading" : " for writing";
}

static enum ct_status unlocks_of_other(struct unlocks *unlocks, const struct ct_step *step,
				       const struct ct_thread *holder)
{
	const struct ct_object *lock = step->object;
	const struct ct_held_lock *held = ct_held_by(holder, lock);
	struct ct_arena *arena = &unlocks->misuses->arena;
	const char *how = held_how(lock, held->mode);
	struct ct_misuse misuse =
		ct_misuse_of(lock->kind == CT_OBJECT_RWLOCK ? &rwlock : &not_owner, lock);

	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time,
			"unlocks it");
	if (ct_misuses_has(unlocks->misuses, &misuse))
		return CT_OK;
	misuse.headline = ct_arena_printf(arena, "%s unlocks " CT_ITS_OBJECT ", which %s %s%s",
					  step->thread->name, holder->name,
					  holder->exited ? "held when it ended" : "holds", how);
	ct_misuse_place(&misuse, holder, held->stack, held->since,
			ct_arena_printf(arena, "locked it%s", how));
	if (ct_past_of(lock)->released.thread == step->thread)
		add_last_unlock(&misuse, lock);
	return ct_misuses_add_unless_refused(unlocks->misuses, step, &misuse);
}

/* Whether all that was done to the lock is on record. */
static bool is_known(const struct ct_model *model, const struct ct_object *lock)
{
	size_t threads;

	return lock->process && !model->trace->left_out_bytes &&
	       ct_trace_lost(model->trace, &threads) == 0;
}

static enum ct_status unlocks_unlocked(struct unlocks *unlocks, const struct ct_model *model,
				       const struct ct_step *step)
{
	const struct ct_object *lock = step->object;
	const struct ct_deed *init = &ct_past_of(lock)->initialised;
	struct ct_misuse misuse = ct_misuse_of(&unlocked, lock);
	bool never = !was_locked(unlocks, lock);
	const char *why = never ? "was never locked" : "nobody holds";

	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time,
			"unlocks it");
	if (ct_misuses_has(unlocks->misuses, &misuse))
		return CT_OK;
	if (!is_known(model, lock))
		why = "it does not hold";
	misuse.headline =
		ct_arena_printf(&unlocks->misuses->arena, "%s unlocks " CT_ITS_OBJECT ", which %s",
				step->thread->name, why);
	if (never)
		ct_misuse_place(&misuse, init->thread, init->stack, init->time, "initialised it");
	add_last_unlock(&misuse, lock);
	return ct_misuses_add_unless_refused(unlocks->misuses, step, &misuse);
}

static enum ct_status unlock(struct unlocks *unlocks, const struct ct_model *model,
			     const struct ct_step *step)
{
	const struct ct_object *lock = step->object;
	const struct ct_thread *holder;
	enum ct_status status = CT_OK;

	if (ct_held_by(step->thread, lock))
		return note_locked(unlocks, lock);
	holder = holder_of(model, lock);
	/* the model takes it from the holder now, whose own unlock will come */
	if (holder && ct_held_by(holder, lock)->mode == CT_MODE_EXCLUSIVE)
		status = ct_map_put(&unlocks->lost, key_of(holder, lock), 1);
	if (status || may_be_right(unlocks, model, step))
		return status;
	return holder ? unlocks_of_other(unlocks, step, holder)
		      : unlocks_unlocked(unlocks, model, step);
}

static bool is_lock(const struct ct_object *object)
{
	return object && (object->kind == CT_OBJECT_MUTEX || object->kind == CT_OBJECT_RWLOCK ||
			  object->kind == CT_OBJECT_SPIN);
}

static enum ct_status look(struct unlocks *unlocks, const struct ct_model *model,
			   const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		if (step->request || !is_lock(step->object))
			return CT_OK;
		return lock(unlocks, model, step->thread, step->object,
			    step->effect == CT_EFFECT_ACQUIRE ? CT_MODE_EXCLUSIVE : CT_MODE_SHARED);
	case CT_EFFECT_WAIT:
		if (step->request || !is_lock(step->mutex))
			return CT_OK;
		return lock(unlocks, model, step->thread, step->mutex, CT_MODE_EXCLUSIVE);
	case CT_EFFECT_RELEASE:
		return is_lock(step->object) ? unlock(unlocks, model, step) : CT_OK;
	default:
		return CT_OK;
	}
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct unlocks *unlocks = data;
	enum ct_status status = ct_misuses_step(unlocks->misuses, step);

	if (status == CT_OK)
		status = ct_failed_locks_step(&unlocks->failed, step);
	return status ? status : look(unlocks, model, step);
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct unlocks *unlocks = data;

	return ct_misuses_tell(unlocks->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&not_owner, &unlocked, &rwlock, NULL};

static const int wants[] = {
	CT_EFFECT_ACQUIRE, CT_EFFECT_ACQUIRE_SHARED, CT_EFFECT_SEM_WAIT, CT_EFFECT_WAIT,
	CT_EFFECT_RELEASE, CT_EFFECT_FAILURE,	     CT_WANTS_END,
};

const struct ct_detector ct_detect_unlock = {
	.name = "unlock",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
