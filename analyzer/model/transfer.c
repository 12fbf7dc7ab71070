#include "model/transfer.h"

#include <stdlib.h>
#include <sys/sem.h>

#include "model/channel.h"
#include "model/kernel.h"
#include "model/lists.h"

/* Whether it is known what a thing held at first and that only the program changes that. */
static bool is_known(const struct ct_model *model, const struct ct_object_state *object)
{
	switch (object->object.kind) {
	case CT_OBJECT_SEM:
		return object->object.initialised || model->trace->text;
	case CT_OBJECT_PIPE:
		return (object->one_way && !object->outside) || model->trace->text;
	case CT_OBJECT_EVENTFD:
	case CT_OBJECT_SYSV_SEM:
		return object->object.initialised;
	case CT_OBJECT_COND: /* nobody is woken before somebody signals */
		return true;
	default:
		return false;
	}
}

static bool counts(enum ct_object_kind kind)
{
	return kind != CT_OBJECT_PIPE && kind != CT_OBJECT_COND;
}

static enum ct_status move(const struct ct_model *model, const struct ct_step *step,
			   struct ct_object_state *object, bool gives, uint64_t amount)
{
	struct ct_thread_state *thread = ct_thread_state(step->thread);

	if (!object->channel) {
		enum ct_status status;

		if (!is_known(model, object))
			return CT_OK;
		status = ct_channel_new(
			counts(object->object.kind) ? (uint32_t)object->object.init_arg : 0,
			&object->channel);
		if (status)
			return status;
	}
	return gives ? ct_channel_put(object->channel, thread, amount)
		     : ct_channel_take(object->channel, thread, amount);
}

/* Nothing can be said of it any more. */
static void give_up(struct ct_object_state *object)
{
	object->object.initialised = false;
	if (object->channel)
		ct_channel_give_up(object->channel);
}

/* Posts and writes are recorded before the call, waits and reads after it. */
static enum ct_status transfer(const struct ct_model *model, const struct ct_step *step, bool gives)
{
	struct ct_object_state *object = ct_object_state(step->object);
	bool bytes = step->effect == CT_EFFECT_READ || step->effect == CT_EFFECT_WRITE;

	if (!object || step->request)
		return CT_OK;
	if (object->object.kind == CT_OBJECT_EVENTFD && bytes) { /* the value was not seen */
		give_up(object);
		return CT_OK;
	}
	return move(model, step, object, gives,
		    object->object.kind == CT_OBJECT_SEM ? 1 : step->record->arg);
}

/* What is taken with SEM_UNDO comes back when the process ends, whenever that is. */
static enum ct_status sem_ops(const struct ct_model *model, const struct ct_step *step)
{
	enum ct_status status = CT_OK;
	struct ct_sem_op op;

	for (size_t i = 0; !status && !step->request && ct_list_sem_op(step->record, i, &op); i++) {
		struct ct_object_state *object =
			ct_kernel_find(model, ct_sem_key(step->record->object, op.number));
		int amount = ct_sem_amount(&op);

		if (!object || !amount)
			continue;
		if (op.flags & SEM_UNDO)
			give_up(object);
		status = move(model, step, object, amount > 0, (uint64_t)abs(amount));
	}
	return status;
}

/* Only the first value that a semaphore gets, before anything was done with it, is a beginning. */
static void set_one(struct ct_object_state *object, const struct ct_record *record)
{
	bool first = !object->channel && !object->helped_time && !object->object.initialised;

	object->helped_time = record->time;
	if (!first) {
		give_up(object);
		return;
	}
	object->object.initialised = true;
	object->object.init_arg = record->arg;
}

/* The values that a whole set gets are not recorded. */
static void set_all(const struct ct_model *model, const struct ct_step *step)
{
	for (size_t i = 0; i < model->object_count; i++) {
		struct ct_object_state *object = ct_object_state(model->objects[i]);

		if (object->object.kind != CT_OBJECT_SYSV_SEM ||
		    ct_sem_key(object->address, CT_SEM_ALL) != step->object->address)
			continue;
		object->helped_time = step->record->time;
		give_up(object);
	}
}

static void sem_set(const struct ct_model *model, const struct ct_step *step)
{
	if (step->object && step->object->kind == CT_OBJECT_SYSV_SEM)
		set_one(ct_object_state(step->object), step->record);
	else if (step->object)
		set_all(model, step);
}

/* Only of an end that one can read from or write to alone is the direction known. */
static void open_end(const struct ct_step *step)
{
	uint64_t access = step->record->arg >> 32;

	if (step->object)
		ct_object_state(step->object)->one_way = access == 1 || access == 2;
}

static void pair(const struct ct_model *model, const struct ct_step *step)
{
	struct ct_object_state *other = ct_kernel_find(model, step->record->arg);

	if (step->object && other && other != ct_object_state(step->object))
		ct_kernel_pair(ct_object_state(step->object), other);
	ct_model_state(model)->sockets_seen = true;
}

/* To whom it goes is known if the other end of the socket is in the trace. */
static void send_end(const struct ct_model *model, const struct ct_step *step)
{
	const struct ct_object_state *through = ct_kernel_find(model, step->record->arg);
	const struct ct_object_state *to = through ? through->peer : NULL;

	if (step->object && !(to && to->helper_count))
		ct_object_state(step->object)->outside = true;
}

/* The program says that all before is before whatever follows an `after` of the same thing. */
static enum ct_status say_before(const struct ct_step *step)
{
	struct ct_object_state *object = ct_object_state(step->object);
	struct ct_thread_state *thread = ct_thread_state(step->thread);
	enum ct_status status;

	if (!object)
		return CT_OK;
	if (!object->said) {
		object->said = malloc(sizeof(*object->said));
		if (!object->said)
			return CT_ENOMEM;
		ct_vclock_init_joint(object->said);
	}
	status = ct_vclock_join(object->said, &thread->clock);
	ct_vclock_tick(&thread->clock);
	return status;
}

static enum ct_status say_after(const struct ct_step *step)
{
	const struct ct_object_state *object = ct_object_state(step->object);

	if (!object || !object->said)
		return CT_OK;
	return ct_vclock_join(&ct_thread_state(step->thread)->clock, object->said);
}

/* A thread that was woken k times was so by k signals. One that none was made for, since it began
 * to wait, woke by itself: nothing more is known then. */
static enum ct_status wake(const struct ct_model *model, const struct ct_step *step)
{
	struct ct_object_state *object = ct_object_state(step->object);

	if (!object || step->request || step->record->flags & CT_F_TIMED_OUT)
		return CT_OK;
	return move(model, step, object, false, 1);
}

static enum ct_status signal(const struct ct_model *model, const struct ct_step *step)
{
	struct ct_object_state *object = ct_object_state(step->object);

	return object ? move(model, step, object, true, 1) : CT_OK;
}

enum ct_status ct_transfer_apply(struct ct_model *model, const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_WAIT:
		return wake(model, step);
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
		return signal(model, step);
	case CT_EFFECT_SEM_POST:
	case CT_EFFECT_WRITE:
	case CT_EFFECT_COUNTER_ADD:
		return transfer(model, step, true);
	case CT_EFFECT_SEM_WAIT:
	case CT_EFFECT_READ:
	case CT_EFFECT_COUNTER_TAKE:
		return transfer(model, step, false);
	case CT_EFFECT_COUNTER_INIT:
		if (step->object) {
			step->object->initialised = true;
			step->object->init_arg = step->record->arg;
		}
		return CT_OK;
	case CT_EFFECT_SEM_OP:
		return sem_ops(model, step);
	case CT_EFFECT_SEM_SET:
		sem_set(model, step);
		return CT_OK;
	case CT_EFFECT_OPEN:
		if (step->object && step->record->flags & CT_F_PRIVATE)
			ct_object_state(step->object)->nameless = true;
		return CT_OK;
	case CT_EFFECT_FD_OPEN:
		open_end(step);
		return ct_descriptors_apply(step);
	case CT_EFFECT_FD_CLOSE:
		return ct_descriptors_apply(step);
	case CT_EFFECT_FD_PAIR:
		pair(model, step);
		return CT_OK;
	case CT_EFFECT_FD_SEND:
		send_end(model, step);
		return CT_OK;
	case CT_EFFECT_ORDER_RELEASE:
		return say_before(step);
	case CT_EFFECT_ORDER_ACQUIRE:
		return say_after(step);
	default:
		return CT_OK;
	}
}
