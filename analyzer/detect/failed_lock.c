#include "detect/failed_lock.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "detect/misuse.h"
#include "model/holders.h"
#include "model/past.h"

void ct_failed_locks_init(struct ct_failed_locks *failed)
{
	*failed = (struct ct_failed_locks){0};
	ct_map_init(&failed->index);
}

void ct_failed_locks_fini(struct ct_failed_locks *failed)
{
	free(failed->items);
	ct_map_fini(&failed->index);
}

static uint64_t key_of(const struct ct_thread *thread, uint64_t address)
{
	return ct_map_mix(ct_map_mix(address) ^ thread->id);
}

static bool takes(enum ct_effect effect)
{
	return effect == CT_EFFECT_ACQUIRE || effect == CT_EFFECT_ACQUIRE_SHARED ||
	       effect == CT_EFFECT_SEM_WAIT;
}

static enum ct_status add(struct ct_failed_locks *failed, const struct ct_step *step, uint16_t call,
			  int error)
{
	uint64_t key = key_of(step->thread, step->record->object), place = failed->count;
	bool known = ct_map_get(&failed->index, key, &place);
	enum ct_status status = CT_OK;

	if (!known)
		status = ct_vec_grow(&failed->items, &failed->cap, failed->count + 1,
				     sizeof(*failed->items));
	if (status == CT_OK && !known)
		status = ct_map_put(&failed->index, key, place);
	if (status)
		return status;
	failed->count += !known;
	failed->items[place] = (struct ct_failed_lock){step->record->object, step->record->stack,
						       step->record->time, call, error};
	return CT_OK;
}

/* The entry stays for the next failure of the same, but says nothing any more. */
static void forget(struct ct_failed_locks *failed, const struct ct_thread *thread, uint64_t address)
{
	uint64_t place;

	if (ct_map_get(&failed->index, key_of(thread, address), &place))
		failed->items[place].call = 0;
}

enum ct_status ct_failed_locks_step(struct ct_failed_locks *failed, const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	int error;

	if (ct_misuse_failure(step, &call, &error))
		return call && takes(call->effect) ? add(failed, step, call->id, error) : CT_OK;
	if (!failed->count || step->request)
		return CT_OK;
	if (takes(step->effect))
		forget(failed, step->thread, step->record->object);
	else if (step->effect == CT_EFFECT_WAIT) /* it has its mutex now */
		forget(failed, step->thread, step->record->arg);
	return CT_OK;
}

/* Another lock began at its place since. */
static bool is_of_other(const struct ct_failed_lock *one, const struct ct_object *lock)
{
	const struct ct_past *past = ct_past_of(lock);

	return past->initialised.thread && past->initialised.time > one->time;
}

const struct ct_failed_lock *ct_failed_lock_last(const struct ct_failed_locks *failed,
						 const struct ct_thread *thread,
						 const struct ct_object *object, uint64_t address)
{
	const struct ct_failed_lock *one;
	uint64_t place;

	if (!ct_map_get(&failed->index, key_of(thread, address), &place))
		return NULL;
	one = &failed->items[place];
	return one->call && one->address == address && !is_of_other(one, object) ? one : NULL;
}

const struct ct_failed_lock *ct_failed_lock_unlocked(const struct ct_failed_locks *failed,
						     const struct ct_step *step)
{
	if (step->effect != CT_EFFECT_RELEASE || !step->object ||
	    ct_held_by(step->thread, step->object) || ct_taken_unseen(step))
		return NULL;
	return ct_failed_lock_last(failed, step->thread, step->object, step->record->object);
}
