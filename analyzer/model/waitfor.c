#include "model/waitfor.h"

#include <stdlib.h>

#include "model/held.h"
#include "model/helpers.h"

enum { HELPERS_TOLD = 16 }; /* of those of whom nothing is known */

static enum ct_status add(struct ct_waitfor *waitfor, struct ct_waitfor_edge edge)
{
	enum ct_status status = ct_vec_grow(&waitfor->edges, &waitfor->edge_cap,
					    waitfor->edge_count + 1, sizeof(edge));

	if (status == CT_OK)
		waitfor->edges[waitfor->edge_count++] = edge;
	return status;
}

static enum ct_status add_helper(struct ct_waitfor *waitfor, const struct ct_thread *from,
				 const struct ct_thread *to)
{
	return add(waitfor,
		   (struct ct_waitfor_edge){.from = from, .to = to, .why = CT_WAITFOR_HELPER});
}

/* Whoever holds the lock so that it excludes the wanted mode; the waiter too: a relock. */
static enum ct_status add_holders(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	const struct ct_wait *wait = &from->wait;
	const struct ct_object_state *object = ct_object_state(wait->object);
	enum ct_status status = CT_OK;

	for (size_t i = 0; object && !status && i < waitfor->model->thread_count; i++) {
		const struct ct_thread *to = waitfor->model->threads[i];
		const struct ct_held_lock *held;

		if (!object->holder_count)
			break;
		held = ct_held_find(to, wait->object);
		if (held && (held->mode == CT_MODE_EXCLUSIVE || wait->mode == CT_MODE_EXCLUSIVE))
			status = add(waitfor, (struct ct_waitfor_edge){.from = from,
								       .to = to,
								       .why = CT_WAITFOR_HOLDS,
								       .held = held});
	}
	return status;
}

/* Whether `child` may be what `from` waits for, who named none: system() waits for its own. */
static bool is_meant(const struct ct_thread *from, const struct ct_process *child)
{
	const struct ct_process_state *state = ct_process_state(child);

	if (child->parent != from->process || state->reaped)
		return false;
	return from->wait.event != CT_EV_SYSTEM || state->trace->time >= from->wait.since;
}

static enum ct_status add_children(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	enum ct_status status = CT_OK;

	if (from->wait.process)
		return add(waitfor, (struct ct_waitfor_edge){.from = from,
							     .process = from->wait.process,
							     .why = CT_WAITFOR_CHILD});
	for (size_t i = 0; !status && i < waitfor->model->process_count; i++) {
		const struct ct_process *child = waitfor->model->processes[i];

		if (is_meant(from, child))
			status = add(waitfor, (struct ct_waitfor_edge){.from = from,
								       .process = child,
								       .why = CT_WAITFOR_CHILD});
	}
	return status;
}

/* Those who did before what would end the wait now, and live; if there are none, whoever lives. */
static enum ct_status add_others(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	size_t before = waitfor->edge_count;
	enum ct_status status = CT_OK;

	for (int known = 1; known >= 0 && waitfor->edge_count == before; known--) {
		for (size_t i = 0; !status && i < waitfor->model->thread_count; i++) {
			const struct ct_thread *to = waitfor->model->threads[i];

			if (ct_can_help(from, to) &&
			    (!known || ct_helped(from->wait.object, to, from->wait.kind)))
				status = add_helper(waitfor, from, to);
			if (!known && waitfor->edge_count - before == HELPERS_TOLD)
				return status;
		}
	}
	return status;
}

/* The thread that runs a once-initialisation has to come back from it. */
static enum ct_status add_runner(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	const struct ct_object_state *object = ct_object_state(from->wait.object);

	if (!object || !object->once_runner)
		return CT_OK;
	return add(waitfor,
		   (struct ct_waitfor_edge){.from = from,
					    .to = waitfor->model->threads[object->once_runner - 1],
					    .why = CT_WAITFOR_HOLDS});
}

static enum ct_status add_edges(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	const struct ct_wait *wait = &from->wait;
	enum ct_status status = CT_OK;

	switch (wait->kind) {
	case CT_WAIT_NONE:
		return CT_OK;
	case CT_WAIT_LOCK:
		return add_holders(waitfor, from);
	case CT_WAIT_JOIN:
		if (!wait->thread)
			return CT_OK;
		return add(waitfor, (struct ct_waitfor_edge){.from = from,
							     .to = wait->thread,
							     .why = CT_WAITFOR_JOINED});
	case CT_WAIT_CHILD:
		return add_children(waitfor, from);
	case CT_WAIT_ONCE:
		return add_runner(waitfor, from);
	case CT_WAIT_NAMED:
		for (size_t i = 0; !status && i < wait->helper_count; i++)
			status = add_helper(waitfor, from, wait->helpers[i]);
		return status;
	case CT_WAIT_COND:
	case CT_WAIT_SEM:
	case CT_WAIT_BARRIER:
	case CT_WAIT_READ:
	case CT_WAIT_WRITE:
		return add_others(waitfor, from);
	}
	return status;
}

static enum ct_status build(struct ct_waitfor *waitfor)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < waitfor->model->thread_count; i++) {
		const struct ct_thread *from = waitfor->model->threads[i];
		size_t before = waitfor->edge_count;

		status = add_edges(waitfor, from);
		if (!status && from->wait.kind != CT_WAIT_NONE && waitfor->edge_count == before)
			status = add(waitfor, (struct ct_waitfor_edge){.from = from,
								       .why = CT_WAITFOR_NOBODY});
	}
	return status;
}

enum ct_status ct_waitfor_new(const struct ct_model *model, struct ct_waitfor **out_waitfor)
{
	struct ct_waitfor *waitfor = calloc(1, sizeof(*waitfor));
	enum ct_status status;

	if (!waitfor)
		return CT_ENOMEM;
	ct_arena_init(&waitfor->arena);
	waitfor->model = model;
	status = build(waitfor);
	if (status)
		ct_waitfor_free(waitfor);
	else
		*out_waitfor = waitfor;
	return status;
}

void ct_waitfor_free(struct ct_waitfor *waitfor)
{
	if (!waitfor)
		return;
	ct_arena_fini(&waitfor->arena);
	free(waitfor->edges);
	free(waitfor);
}

const struct ct_waitfor_edge *ct_waitfor_of(const struct ct_waitfor *waitfor,
					    const struct ct_thread *thread, size_t *out_count)
{
	size_t low = 0, high = waitfor->edge_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (waitfor->edges[mid].from->id < thread->id)
			low = mid + 1;
		else
			high = mid;
	}
	for (high = low; high < waitfor->edge_count && waitfor->edges[high].from == thread;)
		high++;
	*out_count = high - low;
	return high > low ? &waitfor->edges[low] : NULL;
}
