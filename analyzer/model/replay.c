#include "model/replay.h"

#include <stdlib.h>

#include "base/vec.h"
#include "model/given.h"
#include "model/reach.h"
#include "model/state.h"

enum { OPS_MAX = 1000000, PIPE_ROOM = 65536 };

enum ct_status ct_replay_new(const struct ct_model *model, struct ct_replay **out_replay)
{
	struct ct_replay *replay = calloc(1, sizeof(*replay));
	enum ct_status status = CT_ENOMEM;

	if (!replay)
		return CT_ENOMEM;
	replay->model = model;
	ct_map_init(&replay->objects);
	ct_map_init(&replay->variables);
	replay->threads = calloc(model->thread_count + 1, sizeof(*replay->threads));
	if (replay->threads)
		status = ct_reach_share(model, &replay->reach);
	if (status) {
		ct_replay_free(replay);
		return status;
	}
	*out_replay = replay;
	return CT_OK;
}

static void free_ops(struct ct_replay *replay)
{
	for (size_t i = 0; i < replay->resource_count; i++)
		free(replay->resources[i].signals);
	free(replay->resources);
	free(replay->ops);
	replay->resources = NULL;
	replay->ops = NULL;
	replay->op_count = replay->op_cap = replay->resource_count = replay->resource_cap = 0;
	ct_reach_free(replay->reach);
	replay->reach = NULL;
}

void ct_replay_free(struct ct_replay *replay)
{
	if (!replay)
		return;
	free_ops(replay);
	free(replay->order);
	free(replay->threads);
	ct_map_fini(&replay->objects);
	ct_map_fini(&replay->variables);
	free(replay);
}

/* Whether all that can be done to the object is in the trace. */
static bool is_known(const struct ct_model *model, const struct ct_object *object)
{
	if (model->trace->text)
		return object->kind != CT_OBJECT_BARRIER || object->init_arg;
	if (!object->process || ct_kind_is_kernel(object->kind))
		return false;
	return object->initialised ||
	       (object->kind != CT_OBJECT_SEM && object->kind != CT_OBJECT_BARRIER);
}

static uint64_t size_of(const struct ct_model *model, const struct ct_object *object)
{
	uint64_t room;

	if (object->kind != CT_OBJECT_PIPE)
		return (uint32_t)object->init_arg;
	return ct_given_value(model, object->address, &room) ? room : PIPE_ROOM;
}

static enum ct_status new_resource(struct ct_replay *replay, struct ct_map *map, uint64_t key,
				   const struct ct_object *object, uint32_t *out_resource)
{
	struct ct_replay_resource resource = {
		.object = object, .user = CT_REPLAY_NONE, .written = CT_REPLAY_NONE};
	enum ct_status status = ct_vec_grow(&replay->resources, &replay->resource_cap,
					    replay->resource_count + 1, sizeof(resource));

	if (status == CT_OK)
		status = ct_map_put(map, key, replay->resource_count);
	if (status)
		return status;
	if (object) {
		resource.strange = !is_known(replay->model, object);
		resource.size = size_of(replay->model, object);
	}
	*out_resource = (uint32_t)replay->resource_count;
	replay->resources[replay->resource_count++] = resource;
	return CT_OK;
}

/* The resource of an object, or of the variable at `key` if there is none. */
static enum ct_status use(struct ct_replay *replay, const struct ct_object *object, uint64_t key,
			  uint32_t thread, uint32_t *out_resource)
{
	struct ct_map *map = object ? &replay->objects : &replay->variables;
	struct ct_replay_resource *resource;
	uint64_t known;

	if (ct_map_get(map, object ? object->id : key, &known)) {
		*out_resource = (uint32_t)known;
	} else {
		enum ct_status status =
			new_resource(replay, map, object ? object->id : key, object, out_resource);

		if (status)
			return status;
	}
	resource = &replay->resources[*out_resource];
	resource->shared |= resource->user != CT_REPLAY_NONE && resource->user != thread;
	resource->user = thread;
	return CT_OK;
}

/* The earliest signal since the thread's wait began that woke nobody else; or any broadcast. */
static void match_wake(struct ct_replay *replay, struct ct_replay_op *wake)
{
	struct ct_replay_resource *cond = &replay->resources[wake->resource];
	uint32_t park = replay->threads[wake->thread].park;
	size_t at = cond->signal_count;

	if (wake->source != CT_REPLAY_NONE || park == CT_REPLAY_NONE)
		return;
	while (at && cond->signals[at - 1] > park)
		at--;
	for (; at < cond->signal_count; at++) {
		struct ct_replay_op *signal = &replay->ops[cond->signals[at]];

		if (signal->deed == CT_REPLAY_SIGNAL && signal->used)
			continue;
		signal->used = true;
		if (signal->deed == CT_REPLAY_SIGNAL)
			signal->other = wake->thread;
		wake->source = cond->signals[at];
		return;
	}
}

/* What an op has to do with those before it. */
static enum ct_status relate(struct ct_replay *replay, struct ct_replay_op *op)
{
	uint32_t number = (uint32_t)replay->op_count;
	struct ct_replay_resource *resource;
	enum ct_status status;

	if (op->resource == CT_REPLAY_NONE)
		return CT_OK;
	resource = &replay->resources[op->resource];
	switch (op->deed) {
	case CT_REPLAY_READ:
		op->source = resource->written;
		return CT_OK;
	case CT_REPLAY_WRITE:
		resource->written = number;
		return CT_OK;
	case CT_REPLAY_PARK:
		replay->threads[op->thread].park = number;
		return CT_OK;
	case CT_REPLAY_WAKE:
		match_wake(replay, op);
		return CT_OK;
	case CT_REPLAY_SIGNAL:
	case CT_REPLAY_BROADCAST:
		status = ct_vec_grow(&resource->signals, &resource->signal_cap,
				     resource->signal_count + 1, sizeof(*resource->signals));
		if (status == CT_OK)
			resource->signals[resource->signal_count++] = number;
		return status;
	case CT_REPLAY_POST:
		resource->puts++;
		return CT_OK;
	case CT_REPLAY_TAKE:
		resource->gets++;
		return CT_OK;
	case CT_REPLAY_PUT:
		op->turn = resource->puts++;
		return CT_OK;
	case CT_REPLAY_GET:
		op->turn = resource->gets++;
		return CT_OK;
	default:
		return CT_OK;
	}
}

static enum ct_status add(struct ct_replay *replay, const struct ct_step *step,
			  struct ct_replay_op op)
{
	struct ct_replay_thread *thread = &replay->threads[step->thread->id];
	enum ct_status status =
		ct_vec_grow(&replay->ops, &replay->op_cap, replay->op_count + 1, sizeof(op));

	if (status)
		return status;
	op.thread = step->thread->id;
	op.source = CT_REPLAY_NONE;
	op.stack = step->record->stack;
	op.time = step->record->time;
	op.request = thread->request ? thread->request : thread->events;
	op.number = thread->events;
	op.position = ct_reach_position(replay->reach, step->thread);
	status = relate(replay, &op);
	if (status == CT_OK)
		replay->ops[replay->op_count++] = op;
	replay->waits += ct_replay_communicates(op.deed) && !op.limited;
	return status;
}

static enum ct_status outside(struct ct_replay *replay, const struct ct_step *step)
{
	return add(replay, step,
		   (struct ct_replay_op){.deed = CT_REPLAY_OUTSIDE,
					 .resource = CT_REPLAY_NONE,
					 .mutex = CT_REPLAY_NONE,
					 .other = CT_REPLAY_NONE});
}

static bool is_limited(const struct ct_step *step)
{
	return step->record->flags & (CT_F_TRY | CT_F_TIMED | CT_F_TIMED_OUT);
}

/* An op on the step's object, or on the variable that it names. */
static enum ct_status touch(struct ct_replay *replay, const struct ct_step *step,
			    enum ct_replay_deed deed)
{
	struct ct_replay_op op = {.deed = deed,
				  .exclusive = step->effect != CT_EFFECT_ACQUIRE_SHARED,
				  .limited = is_limited(step),
				  .mutex = CT_REPLAY_NONE,
				  .other = CT_REPLAY_NONE,
				  .amount = (uint32_t)step->record->arg};
	uint32_t thread = step->thread->id;
	bool variable = deed == CT_REPLAY_READ || deed == CT_REPLAY_WRITE;
	enum ct_status status;

	if (!variable && !step->object)
		return outside(replay, step);
	status = use(replay, variable ? NULL : step->object, step->record->object, thread,
		     &op.resource);
	if (status == CT_OK && step->mutex)
		status = use(replay, step->mutex, 0, thread, &op.mutex);
	return status ? status : add(replay, step, op);
}

static enum ct_status with_thread(struct ct_replay *replay, const struct ct_step *step,
				  enum ct_replay_deed deed)
{
	if (!step->other)
		return outside(replay, step);
	if (deed == CT_REPLAY_CREATE)
		replay->threads[step->other->id].created = true;
	return add(replay, step,
		   (struct ct_replay_op){.deed = deed,
					 .limited = is_limited(step),
					 .resource = CT_REPLAY_NONE,
					 .mutex = CT_REPLAY_NONE,
					 .other = step->other->id});
}

static const struct ct_thread *holder_of(const struct ct_model *model,
					 const struct ct_object *object)
{
	for (size_t i = 0; i < model->thread_count; i++)
		for (size_t k = 0; k < model->threads[i]->held_count; k++)
			if (model->threads[i]->held[k].object == object)
				return model->threads[i];
	return NULL;
}

/* A lock that somebody gives back who does not hold it is none. */
static enum ct_status release(struct ct_replay *replay, const struct ct_step *step)
{
	enum ct_status status;
	uint32_t resource;

	for (size_t i = 0; i < step->thread->held_count; i++)
		if (step->thread->held[i].object == step->object)
			return step->outermost ? touch(replay, step, CT_REPLAY_UNLOCK) : CT_OK;
	if (!step->object)
		return outside(replay, step);
	status = use(replay, step->object, 0, step->thread->id, &resource);
	if (status == CT_OK)
		replay->resources[resource].strange = true;
	return status ? status : outside(replay, step);
}

static enum ct_status failed(struct ct_replay *replay, const struct ct_step *step)
{
	const struct ct_thread *holder =
		step->object ? holder_of(replay->model, step->object) : NULL;
	struct ct_replay_op op = {.deed = CT_REPLAY_FAIL,
				  .limited = true,
				  .mutex = CT_REPLAY_NONE,
				  .other = holder ? holder->id : CT_REPLAY_NONE};
	enum ct_status status;

	if (!holder && !(step->object && step->object->kind == CT_OBJECT_SEM))
		return outside(replay, step);
	status = use(replay, step->object, 0, step->thread->id, &op.resource);
	return status ? status : add(replay, step, op);
}

/* What wakes somebody, waits, or moves bytes. */
static enum ct_status communicate(struct ct_replay *replay, const struct ct_step *step)
{
	bool text = replay->model->trace->text;

	switch (step->effect) {
	case CT_EFFECT_WAIT:
		if (!step->mutex)
			return outside(replay, step);
		return touch(replay, step, step->request ? CT_REPLAY_PARK : CT_REPLAY_WAKE);
	case CT_EFFECT_SIGNAL:
		return touch(replay, step, CT_REPLAY_SIGNAL);
	case CT_EFFECT_BROADCAST:
		return touch(replay, step, CT_REPLAY_BROADCAST);
	case CT_EFFECT_BARRIER:
		return touch(replay, step, step->request ? CT_REPLAY_ARRIVE : CT_REPLAY_LEAVE);
	case CT_EFFECT_SEM_POST:
		return touch(replay, step, CT_REPLAY_POST);
	case CT_EFFECT_SEM_WAIT:
		return step->request ? CT_OK : touch(replay, step, CT_REPLAY_TAKE);
	case CT_EFFECT_READ:
	case CT_EFFECT_WRITE:
		if (step->request)
			return CT_OK;
		if (!text || !step->record->arg || step->record->arg > UINT32_MAX)
			return outside(replay, step);
		return touch(replay, step,
			     step->effect == CT_EFFECT_READ ? CT_REPLAY_GET : CT_REPLAY_PUT);
	default:
		return outside(replay, step);
	}
}

static enum ct_status apply(struct ct_replay *replay, const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_NOTE:
	case CT_EFFECT_HELD_SET:
	case CT_EFFECT_MEMORY_FREED:
	case CT_EFFECT_INIT:
	case CT_EFFECT_DESTROY:
	case CT_EFFECT_THREAD_START:
	case CT_EFFECT_THREAD_EXIT:
	case CT_EFFECT_THREAD_DETACH:
	case CT_EFFECT_SLEEP:
	case CT_EFFECT_IGNORE_BEGIN:
	case CT_EFFECT_IGNORE_END:
		return CT_OK;
	case CT_EFFECT_ACCESS_READ:
		return touch(replay, step, CT_REPLAY_READ);
	case CT_EFFECT_ACCESS_WRITE:
		return touch(replay, step, CT_REPLAY_WRITE);
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		if (step->request || !step->outermost)
			return CT_OK;
		return touch(replay, step, CT_REPLAY_LOCK);
	case CT_EFFECT_RELEASE:
		return release(replay, step);
	case CT_EFFECT_FAILURE:
		return failed(replay, step);
	case CT_EFFECT_THREAD_CREATE:
	case CT_EFFECT_FORK:
		return step->request ? CT_OK : with_thread(replay, step, CT_REPLAY_CREATE);
	case CT_EFFECT_THREAD_JOIN:
	case CT_EFFECT_PROCESS_WAIT:
		return step->request ? CT_OK : with_thread(replay, step, CT_REPLAY_JOIN);
	default:
		return communicate(replay, step);
	}
}

enum ct_status ct_replay_step(struct ct_replay *replay, const struct ct_step *step)
{
	struct ct_replay_thread *thread = &replay->threads[step->thread->id];
	enum ct_status status;

	if (replay->given_up)
		return CT_OK;
	if (replay->op_count >= OPS_MAX) {
		replay->given_up = true;
		free_ops(replay);
		return CT_OK;
	}
	if (!thread->events)
		thread->park = CT_REPLAY_NONE;
	if (step->effect != CT_EFFECT_ACCESS_READ && step->effect != CT_EFFECT_ACCESS_WRITE)
		thread->events++;
	status = ct_reach_step(replay->reach, step);
	if (status == CT_OK)
		status = apply(replay, step);
	thread->request = step->request ? thread->events : 0;
	return status;
}
