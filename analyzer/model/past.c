#include "model/past.h"

#include "model/state.h"

struct ct_deed ct_deed_of(const struct ct_step *step)
{
	return (struct ct_deed){step->thread, step->record->stack, step->record->time};
}

const struct ct_past *ct_past_of(const struct ct_object *object)
{
	return &ct_object_state(object)->past;
}

const struct ct_object *ct_past_life(const struct ct_object *object)
{
	const struct ct_object_state *before = ct_object_state(object)->before;

	return before ? &before->object : NULL;
}

const struct ct_object *ct_past_origin(const struct ct_object *object)
{
	const struct ct_object_state *origin = ct_object_state(object)->origin;

	return origin ? &origin->object : NULL;
}

bool ct_past_ended(const struct ct_object *object)
{
	return ct_object_state(object)->ended;
}

void ct_past_note(const struct ct_step *step)
{
	struct ct_object_state *object = ct_object_state(step->object);
	struct ct_deed deed = ct_deed_of(step);

	if (!object || step->request)
		return;
	switch (step->effect) {
	case CT_EFFECT_INIT:
		object->past.initialised = deed;
		break;
	case CT_EFFECT_DESTROY:
		object->past.destroyed = deed;
		break;
	case CT_EFFECT_RELEASE:
		object->past.released = deed;
		break;
	default:
		break;
	}
}
