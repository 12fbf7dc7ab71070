#include "model/helpers.h"

#include "model/kernel.h"
#include "model/lists.h"

enum { HELPERS_KEPT = 64 };

enum deed { GIVES, TAKES, OPENS };

/* What is done for an object: entries are thread id << 2 | enum deed. */
static uint64_t entry(const struct ct_thread *thread, enum deed deed)
{
	return (uint64_t)thread->id << 2 | (uint64_t)deed;
}

static bool is_known(const struct ct_object_state *object, uint64_t wanted)
{
	for (size_t i = object->helper_count; i-- > 0;)
		if (object->helpers[i] == wanted)
			return true;
	return false;
}

static enum ct_status note(struct ct_object_state *object, const struct ct_step *step,
			   enum deed deed)
{
	uint64_t new = entry(step->thread, deed);
	enum ct_status status;

	if (!object)
		return CT_OK;
	if (deed != OPENS)
		object->helped_time = step->record->time;
	if (object->helper_count == HELPERS_KEPT || is_known(object, new))
		return CT_OK;
	status = ct_vec_grow(&object->helpers, &object->helper_cap, object->helper_count + 1,
			     sizeof(*object->helpers));
	if (status == CT_OK)
		object->helpers[object->helper_count++] = new;
	return status;
}

/* One operation of each kind on each semaphore is remembered with that semaphore. */
static enum ct_status note_sem_ops(const struct ct_model *model, const struct ct_step *step)
{
	enum ct_status status = CT_OK;
	struct ct_sem_op op;

	for (size_t i = 0; !status && ct_list_sem_op(step->record, i, &op); i++) {
		int amount = ct_sem_amount(&op);

		if (amount)
			status = note(
				ct_kernel_find(model, ct_sem_key(step->record->object, op.number)),
				step, amount > 0 ? GIVES : TAKES);
	}
	return status;
}

enum ct_status ct_note_help(const struct ct_model *model, const struct ct_step *step)
{
	struct ct_object_state *object = ct_object_state(step->object);

	switch (step->effect) {
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
	case CT_EFFECT_SEM_POST:
	case CT_EFFECT_BARRIER:
	case CT_EFFECT_WRITE:
	case CT_EFFECT_MESSAGE_SEND:
	case CT_EFFECT_COUNTER_ADD:
	case CT_EFFECT_FUTEX_WAKE:
		return note(object, step, GIVES);
	case CT_EFFECT_READ:
	case CT_EFFECT_MESSAGE_RECEIVE:
	case CT_EFFECT_COUNTER_TAKE:
		return note(object, step, TAKES);
	case CT_EFFECT_SEM_OP:
		return note_sem_ops(model, step);
	case CT_EFFECT_FD_CLOSE: /* perhaps the end of file, for who reads */
		if (object)
			object->helped_time = step->record->time;
		return CT_OK;
	case CT_EFFECT_ACCEPT:
		return note(ct_kernel_find(model, step->record->arg), step, OPENS);
	case CT_EFFECT_CONNECT:
	case CT_EFFECT_FD_OPEN:
		return note(object, step, OPENS);
	default:
		return CT_OK;
	}
}

/* What is done at one end of a connection helps at the other. */
static const struct ct_object_state *far_end(const struct ct_object *object)
{
	const struct ct_object_state *state = ct_object_state(object);

	return state && state->peer ? state->peer : state;
}

bool ct_helped(const struct ct_object *object, const struct ct_thread *thread,
	       enum ct_wait_kind kind)
{
	const struct ct_object_state *end = far_end(object);

	return end && is_known(end, entry(thread, kind == CT_WAIT_WRITE ? TAKES : GIVES));
}

bool ct_has_far_end(const struct ct_object *object, const struct ct_thread *thread)
{
	const struct ct_object_state *end = far_end(object);

	return end && is_known(end, entry(thread, OPENS));
}

uint64_t ct_helped_time(const struct ct_object *object)
{
	return far_end(object)->helped_time;
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
	return !object || !object->process || object->process == to->process;
}

/* Whether nobody but the threads of the trace reaches the object. Who accepts a connection may
 * learn which socket the other end is, and not whose. */
static bool is_closed(const struct ct_object *object)
{
	const struct ct_object_state *state = ct_object_state(object);

	switch (object->kind) {
	case CT_OBJECT_SOCKET:
		return !state->outside && state->peer && state->peer->helper_count > 0;
	case CT_OBJECT_PIPE:
		return !state->outside;
	case CT_OBJECT_EVENTFD:
		return true;
	default: /* time, signals, and what any program of the machine may open */
		return !ct_kind_is_kernel(object->kind);
	}
}

bool ct_wait_is_open(const struct ct_wait *wait)
{
	switch (wait->kind) {
	case CT_WAIT_FILE_LOCK:
	case CT_WAIT_ACCEPT:
	case CT_WAIT_CONNECT:
	case CT_WAIT_POLL:
	case CT_WAIT_SLEEP:
	case CT_WAIT_SIGNAL:
	case CT_WAIT_FUTEX:
		return true;
	default:
		return wait->object && !is_closed(wait->object);
	}
}
