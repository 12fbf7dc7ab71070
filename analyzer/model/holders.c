#include "model/holders.h"

#include <pthread.h>

#include "model/held.h"

enum { ROBUST = 1 << 9 }; /* in the argument of MUTEX_INIT */

size_t ct_holder_count(const struct ct_object *lock)
{
	return ct_object_state(lock)->holder_count;
}

const struct ct_thread *ct_holder(const struct ct_model *model, const struct ct_object *lock,
				  size_t index)
{
	return model->threads[ct_object_state(lock)->holders[index]];
}

const struct ct_held_lock *ct_held_by(const struct ct_thread *thread, const struct ct_object *lock)
{
	return ct_held_find(thread, lock);
}

bool ct_taken_unseen(const struct ct_step *step)
{
	const struct ct_object *lock = step->effect == CT_EFFECT_WAIT ? step->mutex : step->object;

	return step->record->flags & CT_F_TAKEN && lock &&
	       (lock->kind == CT_OBJECT_MUTEX || !ct_holder_count(lock));
}

bool ct_is_recursive(const struct ct_object *lock)
{
	return lock->kind == CT_OBJECT_MUTEX && lock->initialised &&
	       (lock->init_arg & 0xff) == PTHREAD_MUTEX_RECURSIVE;
}

bool ct_is_robust(const struct ct_object *lock)
{
	return lock->kind == CT_OBJECT_MUTEX && lock->init_arg & ROBUST;
}
