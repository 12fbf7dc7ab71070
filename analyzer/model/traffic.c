#include "model/traffic.h"

#include <stdlib.h>
#include <string.h>

#include "model/helpers.h"
#include "model/kernel.h"
#include "model/lists.h"
#include "model/one_process.h"
#include "model/past.h"
#include "model/resolve.h"
#include "model/rounds.h"

/* What a pipe holds unless the program changes that; PIPE_SLOTS pages, pipe(7). */
enum { PIPE_PAGE = 4096, PIPE_SLOTS = 16, TAKERS_KEPT = 64 };
static const uint64_t PIPE_BYTES = (uint64_t)PIPE_PAGE * PIPE_SLOTS;

static struct ct_traffic *traffic_of(const struct ct_object *object)
{
	return object ? &ct_object_state(object)->traffic : NULL;
}

/* A signal reaches one who waits and was not reached before; else it is lost. */
static void signal_one(struct ct_traffic *traffic, const struct ct_step *step, bool all)
{
	traffic->given = ct_deed_of(step);
	if (all)
		traffic->reached = traffic->waiting;
	else if (traffic->reached < traffic->waiting)
		traffic->reached++;
	if (traffic->waiting <= traffic->woken)
		traffic->unheard = traffic->given;
	else if (!all && traffic->waiting > traffic->woken + 1)
		traffic->partial = traffic->given;
	else
		traffic->woken = all ? traffic->waiting : traffic->woken + 1;
}

/* As the kernel fills the pages of a pipe: a short rest is put into the last page if it fits. */
static uint32_t slots_after(const struct ct_traffic *traffic, uint64_t bytes, uint32_t *out_fill)
{
	uint64_t rest = bytes % PIPE_PAGE, slots = traffic->slots;

	*out_fill = traffic->fill;
	if (slots && rest && traffic->fill + rest <= PIPE_PAGE) {
		*out_fill += (uint32_t)rest;
		bytes -= rest;
	}
	slots += (bytes + PIPE_PAGE - 1) / PIPE_PAGE;
	if (bytes)
		*out_fill = bytes % PIPE_PAGE ? (uint32_t)(bytes % PIPE_PAGE) : PIPE_PAGE;
	return slots < UINT32_MAX ? (uint32_t)slots : UINT32_MAX;
}

static void give(struct ct_traffic *traffic, const struct ct_step *step, uint64_t amount)
{
	traffic->given = ct_deed_of(step);
	traffic->in += amount;
}

static void take(struct ct_traffic *traffic, const struct ct_step *step, uint64_t amount)
{
	traffic->taken_time = step->record->time;
	traffic->out += amount;
}

/* One that gives takes its newest unit back; who has none uses the semaphore as a signal. */
static void give_unit(struct ct_traffic *traffic, const struct ct_step *step, uint64_t amount)
{
	give(traffic, step, amount);
	for (size_t i = traffic->taker_count; amount == 1 && i-- > 0;) {
		if (traffic->takers[i].thread != step->thread)
			continue;
		traffic->taker_count--;
		memmove(&traffic->takers[i], &traffic->takers[i + 1],
			(traffic->taker_count - i) * sizeof(*traffic->takers));
		return;
	}
	traffic->no_lock = true;
}

static enum ct_status take_unit(struct ct_traffic *traffic, const struct ct_step *step,
				uint64_t amount)
{
	enum ct_status status;

	take(traffic, step, amount);
	if (amount != 1 || traffic->taker_count == TAKERS_KEPT)
		traffic->no_lock = true;
	if (traffic->no_lock)
		return CT_OK;
	status = ct_vec_grow(&traffic->takers, &traffic->taker_cap, traffic->taker_count + 1,
			     sizeof(*traffic->takers));
	if (status == CT_OK)
		traffic->takers[traffic->taker_count++] = ct_deed_of(step);
	return status;
}

/* A semaphore begins anew. */
static void reset(struct ct_traffic *traffic)
{
	free(traffic->takers);
	*traffic = (struct ct_traffic){.counted = false};
}

void ct_traffic_fini(struct ct_traffic *traffic)
{
	free(traffic->takers);
}

/* By its address, as records name it: of memory that is shared that may differ by process. */
static bool is_followed(const struct ct_trace *trace, const struct ct_object *object)
{
	uint64_t name = object->address;

	if (object->kind == CT_OBJECT_SYSV_SEM) /* records name the set */
		name = ct_sem_key(name, CT_SEM_ALL);
	if (!object->process && !ct_kind_is_kernel(object->kind))
		return false;
	for (size_t i = 0; i < trace->followed_count; i++)
		if (trace->followed[i] == name)
			return true;
	return false;
}

bool ct_traffic_is_known(const struct ct_model *model, const struct ct_object *object)
{
	const struct ct_trace *trace = model->trace;
	bool made_here = object->initialised || ct_object_state(object)->nameless;

	return !trace->complete_from || (made_here && object->time >= trace->complete_from) ||
	       is_followed(trace, object);
}

void ct_traffic_forget(const struct ct_model *model)
{
	for (size_t i = 0; i < model->object_count; i++)
		if (!ct_traffic_is_known(model, model->objects[i]))
			reset(traffic_of(model->objects[i]));
	for (size_t i = 0; i < model->thread_count; i++) {
		const struct ct_wait *wait = &model->threads[i]->wait;

		if (wait->kind == CT_WAIT_COND && wait->object &&
		    !ct_traffic_is_known(model, wait->object))
			traffic_of(wait->object)->waiting++;
	}
}

bool ct_traffic_is_missed(const struct ct_model *model)
{
	for (size_t i = 0; i < model->thread_count; i++) {
		const struct ct_wait *wait = &model->threads[i]->wait;

		/* who took a semaphore that is used as a lock; who is at the other end of a socket
		 */
		if (wait->object && !ct_traffic_is_known(model, wait->object) &&
		    (wait->kind == CT_WAIT_SEM || wait->object->kind == CT_OBJECT_SOCKET))
			return true;
	}
	return false;
}

static enum ct_status note_sem_ops(const struct ct_model *model, const struct ct_step *step)
{
	enum ct_status status = CT_OK;
	struct ct_sem_op op;

	for (size_t i = 0; !status && !step->request && ct_list_sem_op(step->record, i, &op); i++) {
		struct ct_object_state *sem =
			ct_kernel_find(model, ct_sem_key(step->record->object, op.number));
		int amount = ct_sem_amount(&op);

		if (sem && amount > 0)
			give_unit(&sem->traffic, step, (uint64_t)amount);
		else if (sem && amount < 0)
			status = take_unit(&sem->traffic, step, (uint64_t)-amount);
	}
	return status;
}

/* The values that a whole set gets are not recorded. */
static void note_set(const struct ct_model *model, const struct ct_step *step)
{
	uint64_t set = ct_sem_key(step->object->address, CT_SEM_ALL);

	for (size_t i = 0; i < model->object_count; i++) {
		struct ct_object_state *object = ct_object_state(model->objects[i]);

		if (object->object.kind != CT_OBJECT_SYSV_SEM)
			continue;
		if (&object->object != step->object &&
		    (step->object->kind != CT_OBJECT_SYSV_SET ||
		     ct_sem_key(object->address, CT_SEM_ALL) != set))
			continue;
		reset(&object->traffic);
		object->traffic.given = ct_deed_of(step);
	}
}

static void begin_sem(struct ct_traffic *traffic, const struct ct_step *step)
{
	if (step->object->kind != CT_OBJECT_SEM || traffic->counted)
		return;
	reset(traffic);
	traffic->counted = true;
	traffic->first = (uint32_t)step->record->arg;
}

static void note_write(struct ct_traffic *traffic, const struct ct_step *step)
{
	give(traffic, step, step->request ? 0 : step->record->arg);
	traffic->given_whole = !step->request;
	if (!step->request && step->effect == CT_EFFECT_WRITE && !traffic->out)
		traffic->slots = slots_after(traffic, step->record->arg, &traffic->fill);
}

enum ct_status ct_traffic_note(const struct ct_model *model, const struct ct_step *step)
{
	struct ct_traffic *traffic = traffic_of(step->object);

	if (!traffic)
		return CT_OK;
	switch (step->effect) {
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
		signal_one(traffic, step, step->effect == CT_EFFECT_BROADCAST);
		return CT_OK;
	case CT_EFFECT_INIT:
		ct_one_process_note(model, step);
		begin_sem(traffic, step);
		return CT_OK;
	case CT_EFFECT_OPEN:
		begin_sem(traffic, step);
		return CT_OK;
	case CT_EFFECT_SEM_POST:
		give_unit(traffic, step, 1);
		return CT_OK;
	case CT_EFFECT_SEM_WAIT:
		return step->request ? CT_OK : take_unit(traffic, step, 1);
	case CT_EFFECT_SEM_OP:
		return note_sem_ops(model, step);
	case CT_EFFECT_SEM_SET:
		note_set(model, step);
		return CT_OK;
	case CT_EFFECT_WRITE:
	case CT_EFFECT_MESSAGE_SEND:
	case CT_EFFECT_COUNTER_ADD:
		note_write(traffic, step);
		return CT_OK;
	case CT_EFFECT_READ:
	case CT_EFFECT_MESSAGE_RECEIVE:
	case CT_EFFECT_COUNTER_TAKE:
		if (!step->request)
			take(traffic, step, step->record->arg);
		return CT_OK;
	case CT_EFFECT_FAILURE:
		if (ct_failed_call(step->record) == CT_EV_SEM_POST)
			traffic->in--;
		return CT_OK;
	default:
		return CT_OK;
	}
}

static void count_waiter(const struct ct_wait *wait, uint32_t change)
{
	if (wait->object)
		ct_object_state(wait->object)->waiters += change;
	if (wait->mutex)
		ct_object_state(wait->mutex)->waiters += change;
}

void ct_traffic_enter(const struct ct_wait *wait)
{
	struct ct_traffic *traffic = traffic_of(wait->object);

	count_waiter(wait, 1);
	if (wait->kind != CT_WAIT_COND || !traffic)
		return;
	traffic->waiting++;
	traffic->partial.thread = NULL; /* who waits from here on did not miss it */
}

void ct_traffic_leave(const struct ct_wait *wait, bool failed)
{
	struct ct_traffic *traffic = traffic_of(wait->object);

	count_waiter(wait, UINT32_MAX);
	if (wait->kind != CT_WAIT_COND || !traffic || !traffic->waiting)
		return;
	traffic->waiting--;
	if (!failed && traffic->woken)
		traffic->woken--;
	if (!failed && traffic->reached)
		traffic->reached--;
	if (traffic->reached > traffic->waiting)
		traffic->reached = traffic->waiting;
	if (traffic->woken > traffic->waiting)
		traffic->woken = traffic->waiting;
}

static bool is_written(const struct ct_model *model, const struct ct_object *pipe)
{
	for (size_t i = 0; i < model->thread_count; i++) {
		const struct ct_wait *wait = &model->threads[i]->wait;

		if (wait->kind == CT_WAIT_WRITE && wait->object == pipe)
			return true;
	}
	return false;
}

/* Whether the bytes cannot all go in: it is known how the kernel packs them as long as nobody
 * reads; after that only that they are too many for any way of packing. */
static bool is_full(const struct ct_traffic *traffic, uint64_t bytes)
{
	uint32_t fill;

	if (!traffic->out)
		return slots_after(traffic, bytes, &fill) > PIPE_SLOTS;
	return traffic->in + bytes > traffic->out + PIPE_BYTES;
}

static bool may_write(const struct ct_model *model, const struct ct_wait *wait,
		      const struct ct_traffic *traffic)
{
	if (wait->object->kind == CT_OBJECT_PIPE && !model->trace->text)
		return !is_full(traffic, wait->amount);
	return traffic->taken_time > wait->since;
}

static bool may_take(const struct ct_wait *wait, const struct ct_traffic *traffic)
{
	if (wait->object->kind == CT_OBJECT_SEM && traffic->counted)
		return traffic->first + traffic->in > traffic->out;
	/* some wait for more than one unit, or for none */
	return traffic->given.time > wait->since || traffic->taken_time > wait->since;
}

/* Something was done at the far end of a connection that ends a wait of that kind at this one. A
 * write may return after what it wrote was read, and after its reader waits for more. */
static bool far_end_helped(const struct ct_object_state *object, const struct ct_wait *wait)
{
	const struct ct_traffic *far = &object->peer->traffic;
	uint64_t helped = far->given.time;

	if (wait->kind == CT_WAIT_WRITE)
		helped = far->taken_time;
	else if (far->given_whole && far->in == object->traffic.out)
		helped = 0;
	return helped > wait->since || object->peer->closed_time > wait->since;
}

bool ct_traffic_may_wake(const struct ct_model *model, const struct ct_thread *thread)
{
	const struct ct_wait *wait = &thread->wait;
	const struct ct_object_state *object = ct_object_state(wait->object);
	const struct ct_traffic *traffic;

	if (!object)
		return true;
	if (object->peer)
		return far_end_helped(object, wait) || !ct_traffic_is_known(model, &object->object);
	traffic = &object->traffic;
	if (!ct_traffic_is_known(model, wait->object))
		return traffic->woken > 0; /* since the moment when who waits was known */
	switch (wait->kind) {
	case CT_WAIT_BARRIER:
		return !ct_rounds_waits(object->rounds, thread);
	case CT_WAIT_COND:
		return traffic->woken > 0 && !ct_gift_in_vain(model, thread);
	case CT_WAIT_SEM:
		return may_take(wait, traffic) && !ct_gift_in_vain(model, thread);
	case CT_WAIT_WRITE:
		return may_write(model, wait, traffic);
	default:
		return is_written(model, wait->object) ||
		       (traffic->given.time > wait->since && traffic->in != traffic->out);
	}
}

const struct ct_traffic *ct_traffic_of(const struct ct_object *object)
{
	return traffic_of(object);
}

bool ct_traffic_gave(const struct ct_object *object, const struct ct_thread *thread)
{
	return ct_helped(object, thread, CT_WAIT_READ);
}

bool ct_traffic_barrier(const struct ct_model *model, const struct ct_object *barrier,
			uint64_t *out_count, uint64_t *out_arrived)
{
	if (!barrier->initialised)
		return false;
	*out_count = (uint32_t)barrier->init_arg;
	*out_arrived = 0;
	for (size_t i = 0; i < model->thread_count; i++) {
		const struct ct_wait *wait = &model->threads[i]->wait;

		*out_arrived += wait->kind == CT_WAIT_BARRIER && wait->object == barrier;
	}
	return *out_arrived < *out_count;
}
