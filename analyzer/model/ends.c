#include "model/ends.h"

#include "model/kernel.h"
#include "model/lists.h"

const struct ct_object *ct_far_end(const struct ct_object *object)
{
	const struct ct_object_state *state = ct_object_state(object);

	return state && state->peer ? &state->peer->object : object;
}

static const struct ct_object *object_of(const struct ct_model *model, uint64_t key)
{
	const struct ct_object_state *state = ct_kernel_find(model, key);

	return state ? &state->object : NULL;
}

bool ct_step_semaphore(const struct ct_model *model, const struct ct_step *step, size_t index,
		       const struct ct_object **out_object, int *out_amount)
{
	struct ct_sem_op op;

	if (step->effect != CT_EFFECT_SEM_OP || !ct_list_sem_op(step->record, index, &op))
		return false;
	*out_object = object_of(model, ct_sem_key(step->record->object, op.number));
	*out_amount = ct_sem_amount(&op);
	return true;
}

const struct ct_object *ct_step_accepted(const struct ct_model *model, const struct ct_step *step)
{
	if (step->effect != CT_EFFECT_ACCEPT || step->request)
		return NULL;
	return object_of(model, step->record->arg);
}
