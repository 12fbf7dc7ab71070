#include "model/helpers.h"

enum { HELPERS_KEPT = 64 };

/* What is done for an object: entries are thread id << 1 | is reading. */
static uint64_t entry(const struct ct_thread *thread, bool reads)
{
	return (uint64_t)thread->id << 1 | (uint64_t)reads;
}

static bool is_known(const struct ct_object_state *object, uint64_t wanted)
{
	for (size_t i = object->helper_count; i-- > 0;)
		if (object->helpers[i] == wanted)
			return true;
	return false;
}

enum ct_status ct_note_help(const struct ct_step *step)
{
	struct ct_object_state *object = ct_object_state(step->object);
	enum ct_status status;
	uint64_t new;

	switch (step->effect) {
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
	case CT_EFFECT_SEM_POST:
	case CT_EFFECT_BARRIER:
	case CT_EFFECT_READ:
	case CT_EFFECT_WRITE:
		break;
	default:
		return CT_OK;
	}
	if (!object)
		return CT_OK;
	object->helped_time = step->record->time;
	if (object->helper_count == HELPERS_KEPT)
		return CT_OK;
	new = entry(step->thread, step->effect == CT_EFFECT_READ);
	if (is_known(object, new))
		return CT_OK;
	status = ct_vec_grow(&object->helpers, &object->helper_cap, object->helper_count + 1,
			     sizeof(*object->helpers));
	if (status == CT_OK)
		object->helpers[object->helper_count++] = new;
	return status;
}

bool ct_helped(const struct ct_object *object, const struct ct_thread *thread,
	       enum ct_wait_kind kind)
{
	return object && is_known(ct_object_state(object), entry(thread, kind == CT_WAIT_WRITE));
}

bool ct_thread_lives(const struct ct_thread *thread)
{
	return (thread->started || ct_thread_state(thread)->created) && !thread->exited &&
	       !thread->joined && !thread->process->exited;
}

bool ct_can_help(const struct ct_thread *from, const struct ct_thread *to)
{
	const struct ct_object *object = from->wait.object;

	if (to == from || !ct_thread_lives(to))
		return false;
	return !object || !object->process || object->kind == CT_OBJECT_PIPE ||
	       object->process == to->process;
}
