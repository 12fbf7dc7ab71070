#include "model/helpers.h"

#include "model/kernel.h"
#include "model/kernel_view.h"
#include "model/lists.h"
#include "model/maps.h"
#include "model/one_process.h"
#include "model/signals.h"

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

/* Perhaps the end of file, for who reads, or the end of writing. */
static void note_end(struct ct_object_state *object, const struct ct_step *step)
{
	if (object)
		object->closed_time = step->record->time;
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
	case CT_EFFECT_FD_CLOSE:
		note_end(object, step);
		return CT_OK;
	case CT_EFFECT_NOTE:
		if (step->record->event == CT_EV_SHUTDOWN)
			note_end(object, step);
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

bool ct_thread_lives(const struct ct_thread *thread)
{
	return (thread->started || ct_thread_state(thread)->created) && !thread->exited &&
	       !thread->joined && !thread->process->exited;
}

bool ct_waits_at_end(const struct ct_model *model, const struct ct_wait *wait)
{
	return (wait->kind == CT_WAIT_READ || wait->kind == CT_WAIT_WRITE) && wait->object &&
	       (wait->object->kind == CT_OBJECT_PIPE || wait->object->kind == CT_OBJECT_EVENTFD) &&
	       !model->trace->text;
}

bool ct_can_help(const struct ct_model *model, const struct ct_thread *from,
		 const struct ct_thread *to)
{
	const struct ct_object *object = from->wait.object;

	if (to == from || !ct_thread_lives(to))
		return false;
	if (ct_waits_at_end(model, &from->wait) && !ct_descriptors_may_travel(model))
		return ct_descriptor_held(to->process, object, ct_helping_end(from->wait.kind), 0);
	if (to->process == from->process || !object)
		return true;
	return !object->process && !ct_is_cut_off(model, from, to->process);
}

static bool reaches(const struct ct_model *model, const struct ct_process *process,
		    const struct ct_wait *wait)
{
	if (wait->object->process)
		return wait->object->process == process;
	return !ct_waits_at_end(model, wait) ||
	       ct_descriptor_held(process, wait->object, ct_helping_end(wait->kind), 0);
}

/* What handlers may do that ends the wait: post a semaphore, write to a pipe. */
static enum ct_opening opened_by_signals(const struct ct_model *model, const struct ct_wait *wait)
{
	static const enum ct_opening openings[] = {
		[CT_SIGNALS_NONE] = CT_WAIT_CLOSED,
		[CT_SIGNALS_UNSENT] = CT_WAIT_SIGNALLED,
		[CT_SIGNALS_COME] = CT_WAIT_OPEN,
	};
	enum ct_opening result = CT_WAIT_CLOSED;

	if (model->trace->text)
		return result;
	for (size_t i = 0; i < model->process_count; i++) {
		enum ct_opening one = openings[ct_signals_of(model, model->processes[i])];

		if (one > result && reaches(model, model->processes[i], wait))
			result = one;
	}
	return result;
}

bool ct_is_own_memory(const struct ct_model *model, const struct ct_object *object)
{
	const struct ct_object_state *state = ct_object_state(object);
	const struct ct_memory *memory =
		(const struct ct_memory *)((const char *)state->table -
					   offsetof(struct ct_memory, table));

	if (object->process)
		return true;
	return !memory->device && ct_all_are_known(model);
}

size_t ct_unit_owners(const struct ct_model *model, const struct ct_thread *from,
		      const struct ct_deed **out_owners)
{
	const struct ct_traffic *traffic = ct_traffic_of(from->wait.object);

	if (from->wait.kind != CT_WAIT_SEM || !traffic || traffic->no_lock || model->trace->text ||
	    !ct_traffic_is_known(model, from->wait.object))
		return 0;
	for (size_t i = 0; i < traffic->taker_count; i++)
		if (traffic->takers[i].thread == from ||
		    !ct_thread_lives(traffic->takers[i].thread))
			return 0;
	*out_owners = traffic->takers;
	return traffic->taker_count;
}

/* What the kernel was asked of a program that lives, or NULL. */
static const struct ct_outside *outside_of(const struct ct_model *model)
{
	const struct ct_kernel_view *view = model->kernel_view;

	return view && view->outside.asked ? &view->outside : NULL;
}

/* Other programs may reach the semaphore, but it is those of the trace that use it as a lock: who
 * took it gave it back before; or they gave it its value; or, as the kernel says, nobody else has
 * the memory that it lies in. */
static bool is_owned(const struct ct_model *model, const struct ct_thread *thread)
{
	const struct ct_object *object = thread->wait.object;
	const struct ct_deed *owners;
	size_t count = ct_unit_owners(model, thread, &owners);

	if (!count || !ct_all_are_known(model))
		return false;
	if (object->kind == CT_OBJECT_SEM ? outside_of(model) != NULL : object->initialised)
		return true;
	for (size_t i = 0; i < count; i++)
		if (!ct_helped(object, owners[i].thread, CT_WAIT_SEM))
			return false;
	return true;
}

/* Whether nobody but the threads of the trace reaches the object. Who accepts a connection may
 * learn which socket the other end is, and not whose. */
static bool is_closed(const struct ct_model *model, const struct ct_thread *thread)
{
	const struct ct_object *object = thread->wait.object;
	const struct ct_object_state *state = ct_object_state(object);

	if (model->trace->text)
		return true;
	switch (object->kind) {
	case CT_OBJECT_SOCKET:
		return !state->outside && state->peer && !state->peer->outside &&
		       state->peer->helper_count > 0 && ct_all_are_known(model);
	case CT_OBJECT_PIPE:
	case CT_OBJECT_EVENTFD:
	case CT_OBJECT_SYSV_MSG:
		return ct_is_nameless(model, object);
	case CT_OBJECT_SYSV_SEM:
		return ct_is_nameless(model, object) || is_owned(model, thread);
	case CT_OBJECT_SEM:
		return ct_is_own_memory(model, object) || is_owned(model, thread);
	case CT_OBJECT_COND:
	case CT_OBJECT_BARRIER:
		return ct_is_own_memory(model, object);
	case CT_OBJECT_MUTEX:
	case CT_OBJECT_RWLOCK:
	case CT_OBJECT_SPIN:
	case CT_OBJECT_USER_LOCK:
	case CT_OBJECT_ONCE:
	case CT_OBJECT_FUTEX:
	case CT_OBJECT_ORDER:
		return true;
	case CT_OBJECT_EPOLL: /* time, signals, and what any program of the machine may open */
	case CT_OBJECT_TIMERFD:
	case CT_OBJECT_SIGNALFD:
	case CT_OBJECT_SYSV_SET:
	case CT_OBJECT_MQ:
	case CT_OBJECT_FILE:
	case CT_OBJECT_KINDS:
		break;
	}
	return false;
}

/* Whether the kernel leaves it possible that somebody else reaches what the thread waits for: of
 * waits that have owners it need not be asked. */
static bool is_reached(const struct ct_model *model, const struct ct_thread *thread)
{
	const struct ct_object_state *object = ct_object_state(thread->wait.object);
	const struct ct_outside *outside = outside_of(model);
	const struct ct_outside_wait *wait;

	if (!outside || !object || !ct_kind_is_helped(thread->wait.kind))
		return false;
	wait = ct_outside_wait_of(outside, thread);
	if (!wait || wait->reached || (wait->shared && object->object.process))
		return true;
	if (!ct_kind_is_kernel(object->object.kind))
		return false;
	return ct_outside_has_key(outside, object->address) ||
	       (object->peer && ct_outside_has_key(outside, object->peer->address));
}

/* Whether a handler may end such a wait: it does not come to a barrier. */
static bool is_served(const struct ct_wait *wait)
{
	return ct_kind_is_helped(wait->kind) && wait->kind != CT_WAIT_BARRIER;
}

enum ct_opening ct_wait_opening(const struct ct_model *model, const struct ct_thread *thread)
{
	switch (thread->wait.kind) {
	case CT_WAIT_FILE_LOCK: /* any program may have it: the kernel knows who does */
		return ct_kernel_wait_of(model->kernel_view, thread->process->number,
					 thread->number, thread->wait.since)
			       ? CT_WAIT_CLOSED
			       : CT_WAIT_OPEN;
	case CT_WAIT_ACCEPT:
	case CT_WAIT_CONNECT:
	case CT_WAIT_POLL:
	case CT_WAIT_SLEEP:
	case CT_WAIT_SIGNAL:
	case CT_WAIT_FUTEX:
		return CT_WAIT_OPEN;
	case CT_WAIT_NONE:
	case CT_WAIT_LOCK:
	case CT_WAIT_COND:
	case CT_WAIT_SEM:
	case CT_WAIT_BARRIER:
	case CT_WAIT_ONCE:
	case CT_WAIT_JOIN:
	case CT_WAIT_CHILD:
	case CT_WAIT_READ:
	case CT_WAIT_WRITE:
	case CT_WAIT_DESTROY:
	case CT_WAIT_NAMED:
		break;
	}
	if (!thread->wait.object)
		return CT_WAIT_CLOSED;
	if (!is_closed(model, thread) || is_reached(model, thread))
		return CT_WAIT_OPEN;
	return is_served(&thread->wait) ? opened_by_signals(model, &thread->wait) : CT_WAIT_CLOSED;
}
