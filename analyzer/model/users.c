#include "model/users.h"

#include "model/held.h"
#include "model/rounds.h"

static bool is_gone(const struct ct_thread *thread)
{
	return thread->exited || thread->joined || thread->process->exited;
}

/* A forked child's copy, which the thread that forked held already. */
static bool is_inherited(const struct ct_object *object, const struct ct_held_lock *held)
{
	return object->process && held->since < ct_process_state(object->process)->trace->time;
}

static bool find_holder(const struct ct_model *model, const struct ct_object *object,
			const struct ct_thread *but, struct ct_user *out_user)
{
	const struct ct_object_state *state = ct_object_state(object);

	for (size_t i = 0; i < state->holder_count; i++) {
		const struct ct_thread *holder = model->threads[state->holders[i]];
		const struct ct_held_lock *held = ct_held_find(holder, object);

		if (!held || holder == but || is_gone(holder) || is_inherited(object, held))
			continue;
		*out_user = (struct ct_user){holder, CT_USE_HOLDS, held->stack, held->since};
		return true;
	}
	return false;
}

/* Cancelled, or interrupted by a handler, which may have left the wait by siglongjmp. */
static bool may_have_left(const struct ct_thread *thread)
{
	const struct ct_thread_state *state = ct_thread_state(thread);

	return state->cancelled || state->handler_time >= thread->wait.since;
}

static bool waits_for(const struct ct_thread *thread, const struct ct_object *object,
		      enum ct_use *out_use)
{
	const struct ct_object_state *state = ct_object_state(object);
	const struct ct_wait *wait = &thread->wait;

	if (wait->kind == CT_WAIT_NONE || is_gone(thread) || may_have_left(thread))
		return false;
	*out_use = wait->kind == CT_WAIT_LOCK ? CT_USE_LOCKS : CT_USE_WAITS;
	switch (wait->kind) {
	case CT_WAIT_COND:
		if (wait->object != object)
			*out_use = CT_USE_NEEDS;
		return wait->object == object || wait->mutex == object;
	case CT_WAIT_BARRIER:
		return wait->object == object && state->rounds &&
		       ct_rounds_waits(state->rounds, thread);
	case CT_WAIT_LOCK:
	case CT_WAIT_SEM:
		return wait->object == object;
	default:
		return false;
	}
}

/* How many of those that wait for it only have to wake up. */
static uint64_t count_reached(const struct ct_model *model, const struct ct_object *object)
{
	const struct ct_traffic *traffic = ct_traffic_of(object);

	switch (object->kind) {
	case CT_OBJECT_COND:
		return ct_traffic_is_known(model, object) ? traffic->reached : UINT64_MAX;
	case CT_OBJECT_SEM:
		if (!traffic->counted || !ct_traffic_is_known(model, object))
			return UINT64_MAX;
		return traffic->first + traffic->in > traffic->out
			       ? traffic->first + traffic->in - traffic->out
			       : 0;
	default:
		return 0;
	}
}

/* The last to come, who is the most likely to wait still. */
static bool find_waiter(const struct ct_model *model, const struct ct_object *object,
			const struct ct_thread *but, struct ct_user *out_user)
{
	const struct ct_process *process = object->process;
	struct ct_thread *const *threads = process ? process->threads : model->threads;
	size_t count = process ? process->thread_count : model->thread_count;
	uint64_t waiting = 0;
	enum ct_use use;

	for (size_t i = 0; i < count; i++) {
		const struct ct_wait *wait = &threads[i]->wait;

		if (threads[i] == but || !waits_for(threads[i], object, &use))
			continue;
		if (!waiting || wait->since > out_user->since)
			*out_user = (struct ct_user){threads[i], use, wait->stack, wait->since};
		waiting++;
	}
	return waiting > count_reached(model, object);
}

bool ct_user_of(const struct ct_model *model, const struct ct_object *object,
		const struct ct_thread *but, struct ct_user *out_user)
{
	struct ct_user user = {.thread = NULL};

	if (!find_holder(model, object, but, &user) &&
	    (!ct_object_state(object)->waiters || !find_waiter(model, object, but, &user)))
		return false;
	*out_user = user;
	return true;
}

const char *ct_user_verb(const struct ct_user *user, enum ct_object_kind kind)
{
	switch (user->use) {
	case CT_USE_HOLDS:
		return "holds";
	case CT_USE_NEEDS:
		return "needs when its wait on a condition ends";
	case CT_USE_LOCKS:
		return "waits to lock";
	case CT_USE_WAITS:
		break;
	}
	if (kind == CT_OBJECT_BARRIER)
		return "waits at";
	return kind == CT_OBJECT_COND ? "waits on" : "waits for";
}

const char *ct_user_deed(const struct ct_user *user)
{
	return user->use == CT_USE_HOLDS ? "locked it" : "waits there";
}

static enum ct_status
visit_list(uint64_t first, uint64_t start, uint64_t size,
	   enum ct_status (*visit)(void *data, const struct ct_object *object), void *data)
{
	const struct ct_object_state *object = (const struct ct_object_state *)(uintptr_t)first;
	enum ct_status status = CT_OK;

	for (; object && status == CT_OK; object = object->next_in_page)
		if (object->address - start < size)
			status = visit(data, &object->object);
	return status;
}

enum ct_status
ct_objects_inside(const struct ct_process *process, uint64_t start, uint64_t size,
		  enum ct_status (*visit)(void *data, const struct ct_object *object), void *data)
{
	const struct ct_map *pages = &ct_process_state(process)->table.pages;
	uint64_t page = start >> CT_PAGE_BITS, last, first;
	enum ct_status status = CT_OK;
	size_t cursor = 0;

	if (!size)
		return CT_OK;
	if (size - 1 > UINT64_MAX - start)
		size = UINT64_MAX - start;
	last = (start + (size - 1)) >> CT_PAGE_BITS;
	if (last - page < ct_map_count(pages)) {
		for (; status == CT_OK && page <= last; page++)
			if (ct_map_get(pages, page, &first))
				status = visit_list(first, start, size, visit, data);
		return status;
	}
	while (status == CT_OK && ct_map_next(pages, &cursor, &page, &first))
		status = visit_list(first, start, size, visit, data);
	return status;
}
