#include "model/lockorder.h"

#include <stdlib.h>
#include <string.h>

#include "model/lockorder_private.h"
#include "model/processes.h"
#include "model/state.h"
#include "model/threads.h"
#include "model/units.h"

/* A request that is being looked at: the locks held, by object id. */
struct request {
	const struct ct_step *step;
	struct ct_object *lock; /* or NULL: */
	struct ct_thread *joins;
	enum ct_mode mode;
	bool try, timed;
	const struct ct_held_lock *held[CT_LOCKORDER_HELD];
	size_t held_count;
};

static enum ct_status observe(void *state, const struct ct_model *model, const struct ct_step *step)
{
	return ct_lockorder_step(state, model, step);
}

struct ct_observer ct_lockorder_observer(struct ct_lockorder *order)
{
	return (struct ct_observer){.state = order, .step = observe};
}

enum ct_status ct_lockorder_new(const struct ct_model *model, struct ct_lockorder **out_order)
{
	struct ct_lockorder *order = calloc(1, sizeof(*order));
	struct ct_lockorder_private *private = calloc(1, sizeof(*private));

	if (!order || !private)
		goto fail;
	private->threads = calloc(model->thread_count + 1, sizeof(*private->threads));
	if (!private->threads)
		goto fail;
	if (ct_reach_share(model, &private->reach) != CT_OK)
		goto fail;
	ct_arena_init(&private->arena);
	order->model = model;
	order->private_data = private;
	*out_order = order;
	return CT_OK;
fail:
	free(private ? private->threads : NULL);
	free(order);
	free(private);
	return CT_ENOMEM;
}

static void free_dependency(struct ct_lock_dependency *dependency)
{
	for (size_t i = 0; i < dependency->request_count; i++)
		free(dependency->requests[i].positions);
	free(dependency->requests);
}

static void free_thread(struct ct_lock_thread *thread)
{
	for (size_t i = 0; i < thread->clock_count; i++)
		ct_vclock_fini(&thread->clocks[i].clock);
	free(thread->clocks);
	free(thread->at_creation);
}

void ct_lockorder_free(struct ct_lockorder *order)
{
	struct ct_lockorder_private *private = order ? order->private_data : NULL;

	if (!order)
		return;
	for (size_t i = 0; i < order->dependency_count; i++)
		free_dependency(order->dependencies[i]);
	for (size_t i = 0; i < order->model->thread_count; i++)
		free_thread(&private->threads[i]);
	free(private->threads);
	ct_closure_free(private->closure);
	ct_reach_free(private->reach);
	ct_map_fini(&private->told);
	ct_map_fini(&private->nodes);
	ct_map_fini(&private->edges);
	ct_map_fini(&private->sites);
	ct_map_fini(&private->found);
	ct_arena_fini(&private->arena);
	free(order->dependencies);
	free(order->edges);
	free(order->cycles);
	free(order->ruled_out);
	free(private);
	free(order);
}

static bool is_place(const struct ct_lock_request *place, const struct request *request)
{
	if (place->stack != request->step->record->stack)
		return false;
	for (size_t i = 0; i < request->held_count; i++)
		if (place->stacks[i] != request->held[i]->stack)
			return false;
	return true;
}

static enum ct_status add_place(struct ct_lockorder *order, struct ct_lock_node *node,
				const struct request *request)
{
	struct ct_lock_dependency *dependency = &node->dependency;
	struct ct_lock_request place = {.time = request->step->record->time,
					.stack = request->step->record->stack};
	enum ct_status status;
	uint32_t *stacks;

	for (size_t i = 0; i < dependency->request_count; i++) {
		size_t at = (node->last + i) % dependency->request_count;

		if (!is_place(&dependency->requests[at], request))
			continue;
		node->last = at;
		return ct_lock_note(order, &dependency->requests[at], request->step->thread);
	}
	if (dependency->request_count == CT_LOCKORDER_PLACES) {
		dependency->requests_cut = order->places_hit = true;
		return CT_OK;
	}
	status = ct_vec_grow(&dependency->requests, &dependency->request_cap,
			     dependency->request_count + 1, sizeof(place));
	stacks = ct_arena_calloc(&order->private_data->arena, request->held_count, sizeof(*stacks));
	if (status || !stacks)
		return CT_ENOMEM;
	for (size_t i = 0; i < request->held_count; i++)
		stacks[i] = request->held[i]->stack;
	place.stacks = stacks;
	node->last = dependency->request_count;
	dependency->requests[dependency->request_count++] = place;
	return ct_lock_note(order, &dependency->requests[node->last], request->step->thread);
}

static uint64_t add_to_hash(uint64_t hash, uint64_t value)
{
	return ct_map_mix(hash ^ value) + value;
}

static uint64_t hash_of(const struct request *request)
{
	uint64_t wanted = request->lock ? request->lock->id : 0;
	uint64_t hash;

	if (request->joins)
		wanted = UINT64_C(1) << 32 | request->joins->id;
	hash = add_to_hash(request->step->thread->id, wanted);
	hash = add_to_hash(hash, (uint64_t)request->mode << 2 | (uint64_t)request->try << 1 |
					 (uint64_t)request->timed);
	for (size_t i = 0; i < request->held_count; i++)
		hash = add_to_hash(hash, (uint64_t)request->held[i]->object->id << 1 |
						 (uint64_t)request->held[i]->mode);
	return hash;
}

static bool is_dependency(const struct ct_lock_dependency *dependency,
			  const struct request *request)
{
	if (dependency->thread != request->step->thread || dependency->lock != request->lock ||
	    dependency->joins != request->joins || dependency->mode != request->mode ||
	    dependency->try != request->try || dependency->timed != request->timed ||
	    dependency->held_count != request->held_count)
		return false;
	for (size_t i = 0; i < request->held_count; i++)
		if (dependency->held[i].object != request->held[i]->object ||
		    dependency->held[i].mode != request->held[i]->mode)
			return false;
	return true;
}

struct edge_node {
	struct ct_lock_edge edge;
	struct edge_node *same_hash;
};

static bool is_edge(const struct ct_lock_edge *edge, const struct request *request,
		    const struct ct_held_lock *from)
{
	return edge->from == from->object && edge->from_mode == from->mode &&
	       edge->to == request->lock && edge->to_mode == request->mode &&
	       edge->try == request->try && edge->timed == request->timed &&
	       edge->thread == request->step->thread;
}

/* The plain edge from one of the held locks; a new one if need be. */
static enum ct_status edge_of(struct ct_lockorder *order, const struct request *request,
			      const struct ct_held_lock *from, struct ct_lock_edge **out_edge)
{
	struct ct_lockorder_private *private = order->private_data;
	uint64_t hash = add_to_hash(add_to_hash(request->step->thread->id, request->lock->id),
				    from->object->id);
	struct edge_node *node;
	enum ct_status status;
	uint64_t first = 0;

	ct_map_get(&private->edges, hash, &first);
	for (node = (struct edge_node *)(uintptr_t)first; node; node = node->same_hash)
		if (is_edge(&node->edge, request, from))
			goto out;
	node = ct_arena_alloc(&private->arena, sizeof(*node));
	if (!node)
		return CT_ENOMEM;
	node->edge = (struct ct_lock_edge){.from = from->object,
					   .to = request->lock,
					   .from_mode = from->mode,
					   .to_mode = request->mode,
					   .try = request->try,
					   .timed = request->timed,
					   .thread = request->step->thread,
					   .from_stack = from->stack,
					   .to_stack = request->step->record->stack};
	node->same_hash = (struct edge_node *)(uintptr_t)first;
	status = ct_vec_grow(&order->edges, &private->edge_cap, order->edge_count + 1,
			     sizeof(struct ct_lock_edge *));
	if (status == CT_OK)
		status = ct_map_put(&private->edges, hash, (uint64_t)(uintptr_t)node);
	if (status)
		return status;
	order->edges[order->edge_count++] = &node->edge;
out:
	*out_edge = &node->edge;
	return CT_OK;
}

static enum ct_status fill_node(struct ct_lockorder *order, struct ct_lock_node *node,
				const struct request *request)
{
	struct ct_arena *arena = &order->private_data->arena;
	struct ct_lock_hold *held = ct_arena_calloc(arena, request->held_count, sizeof(*held));
	enum ct_status status = CT_OK;

	node->edges = ct_arena_calloc(arena, request->held_count, sizeof(struct ct_lock_edge *));
	if (!held || !node->edges)
		return CT_ENOMEM;
	node->dependency = (struct ct_lock_dependency){
		.thread = request->step->thread,
		.lock = request->lock,
		.joins = request->joins,
		.mode = request->mode,
		.try = request->try,
		.timed = request->timed,
		.held = held,
		.held_count = request->held_count,
	};
	for (size_t i = 0; !status && i < request->held_count; i++) {
		held[i] = (struct ct_lock_hold){request->held[i]->object, request->held[i]->mode};
		if (request->lock)
			status = edge_of(order, request, request->held[i], &node->edges[i]);
	}
	return status;
}

static enum ct_status node_of(struct ct_lockorder *order, const struct request *request,
			      struct ct_lock_node **out_node)
{
	struct ct_lockorder_private *private = order->private_data;
	uint64_t hash = hash_of(request), first = 0;
	struct ct_lock_node *node;
	enum ct_status status;

	ct_map_get(&private->nodes, hash, &first);
	for (node = (struct ct_lock_node *)(uintptr_t)first; node; node = node->same_hash)
		if (is_dependency(&node->dependency, request))
			goto out;
	node = ct_arena_alloc(&private->arena, sizeof(*node));
	if (!node || order->dependency_count >= UINT32_MAX)
		return CT_ENOMEM;
	status = fill_node(order, node, request);
	if (status == CT_OK)
		status = ct_vec_grow(&order->dependencies, &private->dependency_cap,
				     order->dependency_count + 1,
				     sizeof(struct ct_lock_dependency *));
	node->same_hash = (struct ct_lock_node *)(uintptr_t)first;
	node->index = (uint32_t)order->dependency_count;
	if (status == CT_OK)
		status = ct_map_put(&private->nodes, hash, (uint64_t)(uintptr_t)node);
	if (status)
		return status;
	order->dependencies[order->dependency_count++] = &node->dependency;
out:
	*out_node = node;
	return CT_OK;
}

/* The newest of these held locks, sorted by object id. */
static void collect(struct ct_lockorder *order, struct request *request,
		    const struct ct_held_lock *locks, size_t count)
{
	while (count-- > 0) {
		const struct ct_held_lock *held = &locks[count];
		size_t at = request->held_count;

		if (request->held_count == CT_LOCKORDER_HELD) {
			order->held_hit = true;
			return;
		}
		for (; at > 0 && request->held[at - 1]->object->id > held->object->id; at--)
			request->held[at] = request->held[at - 1];
		request->held[at] = held;
		request->held_count++;
	}
}

static void collect_held(struct ct_lockorder *order, struct request *request)
{
	const struct ct_thread *thread = request->step->thread;
	const struct ct_held_lock *units;
	size_t count;

	units = ct_units_held(ct_reach_units(order->private_data->reach), thread, &count);
	request->held_count = 0;
	collect(order, request, units, count);
	collect(order, request, thread->held, thread->held_count);
}

static enum ct_status note_request(struct ct_lockorder *order, struct request *request)
{
	struct ct_lock_node *node;
	enum ct_status status;

	collect_held(order, request);
	status = node_of(order, request, &node);
	if (status)
		return status;
	node->dependency.count++;
	for (size_t i = 0; request->lock && i < request->held_count; i++)
		node->edges[i]->count++;
	return add_place(order, node, request);
}

static enum ct_status asked(struct ct_lockorder *order, const struct ct_step *step,
			    struct ct_object *lock, bool may_back_off)
{
	struct request request = {.step = step, .lock = lock};

	if (!lock)
		return CT_OK;
	request.mode =
		step->effect == CT_EFFECT_ACQUIRE_SHARED ? CT_MODE_SHARED : CT_MODE_EXCLUSIVE;
	request.try = may_back_off && step->record->flags & CT_F_TRY;
	request.timed = may_back_off && step->record->flags & CT_F_TIMED;
	return note_request(order, &request);
}

/* A semaphore or file that is used as a lock. */
static enum ct_status asked_for_unit(struct ct_lockorder *order, const struct ct_step *step)
{
	const struct ct_unit_op *op = ct_reach_unit(order->private_data->reach);
	struct request request = {
		.step = step,
		.lock = op->object,
		.mode = op->mode,
		.try = op->try,
		.timed = op->timed,
	};

	return op->deeds & CT_UNIT_ASK ? note_request(order, &request) : CT_OK;
}

/* Of a wait for any child it is only known for whom it waits if there is one, and nobody below it
 * who may be adopted. */
static struct ct_thread *only_child(const struct ct_model *model, const struct ct_step *step)
{
	struct ct_thread *first = NULL;

	for (size_t i = 0; i < model->process_count; i++) {
		const struct ct_process *child = model->processes[i];

		if (child->parent && child->parent->parent == step->thread->process)
			return NULL;
		if (child->parent != step->thread->process || !child->thread_count ||
		    ct_process_state(child)->reaped)
			continue;
		if (first)
			return NULL;
		first = child->threads[0];
	}
	return first;
}

static struct ct_thread *joined_by(const struct ct_model *model, const struct ct_step *step)
{
	const struct ct_process *child;

	if (step->effect == CT_EFFECT_THREAD_JOIN)
		return step->other;
	if (!step->request || (int64_t)step->record->object <= 0)
		return only_child(model, step);
	child = ct_process_unreaped(model, step->thread->process, step->record->object);
	return child && child->thread_count ? child->threads[0] : NULL;
}

/* A thread or child whose end somebody waits for: whatever keeps that one keeps the other. */
static enum ct_status waited(struct ct_lockorder *order, const struct ct_step *step)
{
	struct request request = {.step = step, .mode = CT_MODE_EXCLUSIVE};

	if (step->record->flags & CT_F_BLOCKED) /* it was looked at when it asked */
		return CT_OK;
	request.joins = joined_by(order->model, step);
	/* waitpid is what a signal with a handler ends; pthread_join goes on waiting */
	request.try = step->record->flags & CT_F_TRY ||
		      (step->effect == CT_EFFECT_PROCESS_WAIT &&
		       ct_process_state(step->thread->process)->handled != 0);
	request.timed = step->record->flags & CT_F_TIMED;
	return request.joins && request.joins != step->thread ? note_request(order, &request)
							      : CT_OK;
}

static bool holds(const struct ct_thread *thread, const struct ct_object *object)
{
	for (size_t i = 0; i < thread->held_count; i++)
		if (thread->held[i].object == object)
			return true;
	return false;
}

enum ct_status ct_lockorder_step(struct ct_lockorder *order, const struct ct_model *model,
				 const struct ct_step *step)
{
	enum ct_status status = ct_reach_step(order->private_data->reach, step);

	(void)model;
	if (status)
		return status;
	switch (step->effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		/* the completion of a call that waited was looked at when it asked */
		if (!step->outermost || step->record->flags & CT_F_BLOCKED)
			return CT_OK;
		return asked(order, step, step->object, true);
	case CT_EFFECT_WAIT:
		/* a wait that ends asks for its mutex, however its own time was limited */
		if (step->request || !step->mutex || holds(step->thread, step->mutex))
			return CT_OK;
		return asked(order, step, step->mutex, false);
	case CT_EFFECT_THREAD_CREATE:
	case CT_EFFECT_FORK:
		return ct_lock_guards_created(order, step);
	case CT_EFFECT_THREAD_JOIN:
	case CT_EFFECT_PROCESS_WAIT:
		status = waited(order, step);
		return status ? status : ct_lock_guards_joined(order, step);
	default:
		return asked_for_unit(order, step);
	}
}

const struct ct_reach *ct_lockorder_reach(const struct ct_lockorder *order)
{
	return order->private_data->reach;
}

const char *ct_lock_verdict_text(enum ct_lock_verdict verdict)
{
	static const char *const texts[] = {
		[CT_LOCK_CAN_DEADLOCK] = "it can deadlock",
		[CT_LOCK_SINGLE_THREAD] = "single thread: one thread makes two of the steps",
		[CT_LOCK_GUARDED] = "guard lock: two of the steps need the same lock before",
		[CT_LOCK_ORDERED] =
			"ordered: one of the steps is always over before another begins",
		[CT_LOCK_BACKS_OFF] = "a try-lock, a time limit or a signal ends one of the waits",
		[CT_LOCK_READERS] = "read locks do not exclude each other",
	};

	return texts[verdict];
}
