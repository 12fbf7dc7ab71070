/* What a replay does once, when all ops are known: leaves out those that matter to nobody. */
#include <stdlib.h>

#include "model/reach.h"
#include "model/replay.h"
#include "model/units.h"

bool ct_replay_communicates(enum ct_replay_deed deed)
{
	switch (deed) {
	case CT_REPLAY_WAKE:
	case CT_REPLAY_TAKE:
	case CT_REPLAY_LEAVE:
	case CT_REPLAY_GET:
	case CT_REPLAY_PUT:
	case CT_REPLAY_JOIN:
		return true;
	default:
		return false;
	}
}

/* A condition whose mutex is strange is so too. */
static void spread_strange(struct ct_replay *replay)
{
	for (size_t i = 0; i < replay->op_count; i++) {
		const struct ct_replay_op *op = &replay->ops[i];

		if (op->mutex != CT_REPLAY_NONE && replay->resources[op->mutex].strange)
			replay->resources[op->resource].strange = true;
	}
}

/* A semaphore that is used as a lock, and that nobody keeps. */
static bool is_lock(const struct ct_replay *replay, const struct ct_replay_resource *resource)
{
	return resource->object && resource->object->kind == CT_OBJECT_SEM &&
	       resource->puts == resource->gets &&
	       ct_unit_is_lock(ct_reach_units(replay->reach), resource->object);
}

/* Such a semaphore is a lock here, and a strange thing is left in its recorded order. */
static void settle(struct ct_replay *replay, struct ct_replay_op *op)
{
	const struct ct_replay_resource *resource =
		op->resource == CT_REPLAY_NONE ? NULL : &replay->resources[op->resource];

	if (resource && resource->strange) {
		op->deed = CT_REPLAY_OUTSIDE;
		op->resource = op->mutex = CT_REPLAY_NONE;
	} else if (resource && is_lock(replay, resource)) {
		op->exclusive = true;
		if (op->deed == CT_REPLAY_TAKE)
			op->deed = CT_REPLAY_LOCK;
		else if (op->deed == CT_REPLAY_POST)
			op->deed = CT_REPLAY_UNLOCK;
	}
	if (op->deed == CT_REPLAY_OUTSIDE)
		op->turn = replay->outside++;
}

/* Whether another thread could tell that the op was not done. */
static bool matters(const struct ct_replay *replay, const struct ct_replay_op *op)
{
	const struct ct_replay_resource *resource;

	if (op->resource == CT_REPLAY_NONE || op->deed == CT_REPLAY_PARK ||
	    op->deed == CT_REPLAY_WAKE)
		return true;
	resource = &replay->resources[op->resource];
	if (!resource->object && resource->written == CT_REPLAY_NONE)
		return false;
	return resource->shared;
}

/* Drops what does not matter; `source` is by number, so those change. */
static enum ct_status slice(struct ct_replay *replay)
{
	uint32_t *moved = calloc(replay->op_count + 1, sizeof(*moved));
	size_t kept = 0;

	if (!moved)
		return CT_ENOMEM;
	for (size_t i = 0; i < replay->op_count; i++) {
		struct ct_replay_op op = replay->ops[i];

		moved[i] = CT_REPLAY_NONE;
		if (!matters(replay, &op))
			continue;
		if (op.source != CT_REPLAY_NONE)
			op.source = moved[op.source];
		moved[i] = (uint32_t)kept;
		replay->ops[kept++] = op;
	}
	replay->op_count = kept;
	free(moved);
	return CT_OK;
}

/* The ops of each thread, one thread after the other. */
static enum ct_status put_in_order(struct ct_replay *replay)
{
	size_t threads = replay->model->thread_count, first = 0;

	replay->order = calloc(replay->op_count + 1, sizeof(*replay->order));
	if (!replay->order)
		return CT_ENOMEM;
	for (size_t i = 0; i < replay->op_count; i++)
		replay->threads[replay->ops[i].thread].count++;
	for (size_t i = 0; i < threads; i++) {
		replay->threads[i].first = first;
		first += replay->threads[i].count;
		replay->threads[i].count = 0;
	}
	for (size_t i = 0; i < replay->op_count; i++) {
		struct ct_replay_thread *thread = &replay->threads[replay->ops[i].thread];

		replay->order[thread->first + thread->count++] = (uint32_t)i;
	}
	return CT_OK;
}

enum ct_status ct_replay_finish(struct ct_replay *replay)
{
	enum ct_status status;

	if (replay->given_up)
		return CT_OK;
	status = ct_reach_finish(replay->reach);
	if (status)
		return status;
	spread_strange(replay);
	for (size_t i = 0; i < replay->op_count; i++)
		settle(replay, &replay->ops[i]);
	status = slice(replay);
	return status ? status : put_in_order(replay);
}
