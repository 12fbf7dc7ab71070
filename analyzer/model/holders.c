#include "model/holders.h"

#include "model/held.h"

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
