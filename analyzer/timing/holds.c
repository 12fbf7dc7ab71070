#include "timing/holds.h"

#include <stdlib.h>

#include "base/vec.h"
#include "model/units.h"
#include "timing/span.h"

struct hold_list {
	struct ct_hold *holds;
	size_t count, cap;
};

struct holder {
	struct hold_list locks, units;
	bool ended;
};

struct ct_holds {
	const struct ct_model *model;
	ct_hold_ended *ended;
	void *state;
	struct ct_units *units;
	struct holder *holders; /* by thread id */
	uint32_t *last;		/* by object id: id + 1 of the thread that took it last; 0: none */
	size_t last_count, last_cap;
	/* The last step: what it did is seen when the next one comes. */
	const struct ct_thread *thread; /* NULL: there is nothing to be seen */
	const struct ct_object *object;
	uint64_t time_ns;
};

enum ct_status ct_holds_new(const struct ct_model *model, ct_hold_ended *ended, void *state,
			    struct ct_holds **out_holds)
{
	struct ct_holds *holds = calloc(1, sizeof(*holds));
	enum ct_status status = CT_ENOMEM;

	if (!holds)
		return CT_ENOMEM;
	holds->model = model;
	holds->ended = ended;
	holds->state = state;
	holds->holders = calloc(model->thread_count + 1, sizeof(*holds->holders));
	if (holds->holders)
		status = ct_units_new(model, &holds->units);
	if (status)
		ct_holds_free(holds);
	else
		*out_holds = holds;
	return status;
}

void ct_holds_free(struct ct_holds *holds)
{
	if (!holds)
		return;
	for (size_t i = 0; holds->holders && i < holds->model->thread_count; i++) {
		free(holds->holders[i].locks.holds);
		free(holds->holders[i].units.holds);
	}
	ct_units_free(holds->units);
	free(holds->holders);
	free(holds->last);
	free(holds);
}

static enum ct_status begin_hold(struct ct_holds *holds, const struct ct_thread *thread,
				 struct hold_list *list, const struct ct_held_lock *lock)
{
	enum ct_status status =
		ct_vec_grow(&list->holds, &list->cap, list->count + 1, sizeof(*list->holds));
	size_t need = (size_t)lock->object->id + 1;

	if (status == CT_OK)
		status = ct_vec_grow(&holds->last, &holds->last_cap, need, sizeof(*holds->last));
	if (status)
		return status;
	while (holds->last_count < need)
		holds->last[holds->last_count++] = 0;
	holds->last[lock->object->id] = thread->id + 1;
	list->holds[list->count++] = (struct ct_hold){
		.object = lock->object,
		.since = lock->since,
		.since_ns = ct_timing_ns(holds->model->trace, lock->since),
		.stack = lock->stack,
	};
	return CT_OK;
}

/* Makes the list what the thread holds now. Both have the oldest first. */
static enum ct_status follow(struct ct_holds *holds, const struct ct_thread *thread,
			     struct hold_list *list, const struct ct_held_lock *now, size_t count)
{
	enum ct_status status = CT_OK;
	size_t kept = 0, at = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct ct_hold hold = list->holds[i];

		if (at < count && hold.object == now[at].object && hold.since == now[at].since) {
			list->holds[kept++] = hold;
			at++;
		} else if (status == CT_OK) {
			status = holds->ended(holds->state, thread, &hold, holds->time_ns);
		}
	}
	list->count = kept;
	for (; !status && at < count; at++)
		status = begin_hold(holds, thread, list, &now[at]);
	return status;
}

static enum ct_status follow_thread(struct ct_holds *holds, const struct ct_thread *thread)
{
	struct holder *holder = &holds->holders[thread->id];
	const struct ct_held_lock *units;
	enum ct_status status;
	size_t count;

	if (holder->ended)
		return CT_OK;
	units = ct_units_held(holds->units, thread, &count);
	status = follow(holds, thread, &holder->locks, thread->held, thread->held_count);
	return status ? status : follow(holds, thread, &holder->units, units, count);
}

/* What the last step did. A lock may have left another thread by it as well: that gave it back
 * unseen, or this one did it instead. */
static enum ct_status follow_step(struct ct_holds *holds)
{
	const struct ct_thread *thread = holds->thread;
	uint32_t other = 0;
	enum ct_status status;

	if (!thread)
		return CT_OK;
	holds->thread = NULL;
	if (holds->object && holds->object->id < holds->last_count)
		other = holds->last[holds->object->id];
	status = follow_thread(holds, thread);
	if (status == CT_OK && other && other != thread->id + 1)
		status = follow_thread(holds, holds->model->threads[other - 1]);
	return status;
}

static struct ct_acquisition taken_by(const struct ct_holds *holds, const struct ct_step *step,
				      const struct ct_unit_op *op, uint64_t time_ns)
{
	const struct ct_wait *wait = &step->thread->wait;
	struct ct_acquisition taken = {.object = NULL};

	if ((step->effect == CT_EFFECT_ACQUIRE || step->effect == CT_EFFECT_ACQUIRE_SHARED) &&
	    !step->request && step->outermost)
		taken.object = step->object;
	else if (op->deeds & CT_UNIT_TAKE)
		taken.object = op->object;
	if (!taken.object || !(step->record->flags & CT_F_BLOCKED))
		return taken;
	taken.contended = true;
	if (wait->kind != CT_WAIT_NONE && wait->object == taken.object) {
		uint64_t since_ns = ct_timing_ns(holds->model->trace, wait->since);

		taken.waited = true;
		taken.wait_ns = time_ns > since_ns ? time_ns - since_ns : 0;
	}
	return taken;
}

enum ct_status ct_holds_step(struct ct_holds *holds, const struct ct_step *step, uint64_t time_ns,
			     struct ct_acquisition *out_taken)
{
	struct ct_unit_op op;
	enum ct_status status = ct_units_step(holds->units, step, &op);

	if (status == CT_OK)
		status = follow_step(holds);
	if (status)
		return status;
	holds->thread = step->thread;
	holds->object = step->object;
	holds->time_ns = time_ns;
	*out_taken = taken_by(holds, step, &op, time_ns);
	return CT_OK;
}

static enum ct_status end_list(struct ct_holds *holds, const struct ct_thread *thread,
			       struct hold_list *list, uint64_t time_ns)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < list->count; i++)
		status = holds->ended(holds->state, thread, &list->holds[i], time_ns);
	free(list->holds);
	*list = (struct hold_list){.holds = NULL};
	return status;
}

enum ct_status ct_holds_end(struct ct_holds *holds, const struct ct_thread *thread,
			    uint64_t time_ns)
{
	struct holder *holder = &holds->holders[thread->id];
	enum ct_status status = follow_step(holds);

	if (status == CT_OK)
		status = end_list(holds, thread, &holder->locks, time_ns);
	if (status == CT_OK)
		status = end_list(holds, thread, &holder->units, time_ns);
	holder->ended = true;
	return status;
}

const struct ct_hold *ct_holds_of(const struct ct_holds *holds, const struct ct_thread *thread,
				  size_t i)
{
	const struct holder *holder = &holds->holders[thread->id];

	if (i < holder->locks.count)
		return &holder->locks.holds[i];
	i -= holder->locks.count;
	return i < holder->units.count ? &holder->units.holds[i] : NULL;
}

bool ct_holds_is_lock(const struct ct_holds *holds, const struct ct_object *object)
{
	return ct_kind_is_lock(object->kind) || ct_unit_is_lock(holds->units, object);
}
