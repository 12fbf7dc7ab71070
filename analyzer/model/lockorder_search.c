#include <stdlib.h>

#include "model/lockorder_private.h"

/*
 * Cycles of dependencies, shortest first: depth-first from each dependency over those that come
 * later in the list, with every condition tested on the way (iGoodlock; the pruning before it is
 * Magiclock's: Cai, Chan, "Magiclock: Scalable Detection of Potential Deadlocks", 2014).
 */

enum { PRUNING_ROUNDS = 64, RELAXED_WORK = 1000000 };

struct holder {
	struct ct_lock_node *node;
	size_t held; /* index in its held set */
};

struct search {
	struct ct_lockorder *order;
	struct holder *holders; /* by lock; those of lock i begin at start[i] */
	size_t *start;		/* one more than there are objects */
	struct ct_lock_cycle_step path[CT_LOCKORDER_LENGTH];
	size_t length; /* of the cycles that this round looks for */
	bool strict;   /* only what can deadlock; else everything that looks like a cycle */
	uint64_t work_limit;
	enum ct_status status;
};

static const struct ct_lock_dependency *at(const struct search *search, size_t depth)
{
	return search->path[depth].dependency;
}

static bool backs_off(const struct ct_lock_dependency *dependency)
{
	return dependency->try || dependency->timed;
}

static enum ct_status index_holders(struct search *search)
{
	const struct ct_lockorder *order = search->order;
	size_t objects = order->model->object_count, total = 0;

	search->start = calloc(objects + 2, sizeof(*search->start));
	if (!search->start)
		return CT_ENOMEM;
	/* counted two places further on, so that filling moves each start to where it belongs */
	for (size_t i = 0; i < order->dependency_count; i++) {
		const struct ct_lock_dependency *dependency = order->dependencies[i];

		for (size_t k = 0; k < dependency->held_count; k++)
			search->start[dependency->held[k].object->id + 2]++;
		total += dependency->held_count;
	}
	search->holders = calloc(total + 1, sizeof(*search->holders));
	if (!search->holders)
		return CT_ENOMEM;
	for (size_t i = 2; i < objects + 2; i++)
		search->start[i] += search->start[i - 1];
	for (size_t i = 0; i < order->dependency_count; i++) {
		struct ct_lock_node *node = ct_lock_node(order->dependencies[i]);

		for (size_t k = 0; k < node->dependency.held_count; k++) {
			size_t lock = node->dependency.held[k].object->id;

			search->holders[search->start[lock + 1]++] = (struct holder){node, k};
		}
	}
	return CT_OK;
}

/* Who of several threads does something with a lock: nobody, one of them, or more. */
struct users {
	const struct ct_thread *one;
	bool more;
};

static void add_user(struct users *users, const struct ct_thread *thread)
{
	if (users->one && users->one != thread)
		users->more = true;
	users->one = thread;
}

static bool others_use(const struct users *users, const struct ct_thread *thread)
{
	return users->more || (users->one && users->one != thread);
}

static bool useless(const struct ct_lock_dependency *dependency, const struct users *holders,
		    const struct users *askers)
{
	if (!others_use(&holders[dependency->lock->id], dependency->thread))
		return true;
	for (size_t i = 0; i < dependency->held_count; i++)
		if (others_use(&askers[dependency->held[i].object->id], dependency->thread))
			return false;
	return true;
}

/* One round of pruning; false when nothing was dropped. */
static bool prune_once(const struct ct_lockorder *order, struct users *holders,
		       struct users *askers)
{
	bool changed = false;

	for (size_t i = 0; i < order->model->object_count; i++)
		holders[i] = askers[i] = (struct users){0};
	for (size_t i = 0; i < order->dependency_count; i++) {
		const struct ct_lock_dependency *dependency = order->dependencies[i];

		if (ct_lock_node(dependency)->dropped)
			continue;
		add_user(&askers[dependency->lock->id], dependency->thread);
		for (size_t k = 0; k < dependency->held_count; k++)
			add_user(&holders[dependency->held[k].object->id], dependency->thread);
	}
	for (size_t i = 0; i < order->dependency_count; i++) {
		struct ct_lock_node *node = ct_lock_node(order->dependencies[i]);

		if (node->dropped || !useless(&node->dependency, holders, askers))
			continue;
		node->dropped = changed = true;
	}
	return changed;
}

/* Drops dependencies that cannot be part of a cycle of different threads. */
static enum ct_status prune(struct search *search)
{
	const struct ct_lockorder *order = search->order;
	size_t objects = order->model->object_count;
	struct users *users = calloc(2 * objects + 1, sizeof(*users));

	if (!users)
		return CT_ENOMEM;
	for (size_t i = 0; i < order->dependency_count; i++)
		ct_lock_node(order->dependencies[i])->dropped =
			search->strict && backs_off(order->dependencies[i]);
	for (size_t round = 0; search->strict && round < PRUNING_ROUNDS; round++)
		if (!prune_once(order, users, users + objects))
			break;
	free(users);
	return CT_OK;
}

/* Whether `holder` may stand at `depth`, after all before it. */
static bool admissible(const struct search *search, size_t depth, const struct holder *holder)
{
	const struct ct_lock_dependency *next = &holder->node->dependency;
	const struct ct_lock_dependency *last = at(search, depth - 1);

	if (holder->node->dropped || holder->node->index <= ct_lock_node(at(search, 0))->index)
		return false;
	if (search->strict && !ct_lock_excludes(last->mode, next->held[holder->held].mode))
		return false;
	for (size_t i = 0; i < depth; i++) {
		if (at(search, i)->lock == next->lock)
			return false;
		if (search->strict && (at(search, i)->thread == next->thread ||
				       ct_lock_guard_of(search->order, at(search, i), next)))
			return false;
	}
	return true;
}

static bool can_go_on(const struct search *search, size_t depth)
{
	size_t lock = at(search, depth - 1)->lock->id;

	for (size_t i = search->start[lock]; i < search->start[lock + 1]; i++)
		if (admissible(search, depth, &search->holders[i]))
			return true;
	return false;
}

/* What speaks against the cycle in `path`; CT_LOCK_CAN_DEADLOCK: nothing but perhaps order. */
static enum ct_lock_verdict judge(const struct search *search, const struct ct_object **out_guard)
{
	size_t length = search->length;

	for (size_t i = 0; i < length; i++)
		for (size_t k = i + 1; k < length; k++)
			if (at(search, i)->thread == at(search, k)->thread)
				return CT_LOCK_SINGLE_THREAD;
	for (size_t i = 0; i < length; i++) {
		const struct ct_lock_cycle_step *next = &search->path[(i + 1) % length];

		if (!ct_lock_excludes(at(search, i)->mode, next->dependency->held[next->held].mode))
			return CT_LOCK_READERS;
	}
	for (size_t i = 0; i < length; i++)
		if (backs_off(at(search, i)))
			return CT_LOCK_BACKS_OFF;
	for (size_t i = 0; i < length; i++) {
		for (size_t k = i + 1; k < length; k++) {
			*out_guard = ct_lock_guard_of(search->order, at(search, i), at(search, k));
			if (*out_guard)
				return CT_LOCK_GUARDED;
		}
	}
	return CT_LOCK_CAN_DEADLOCK;
}

static void close_cycle(struct search *search)
{
	const struct ct_object *guard = NULL;
	enum ct_lock_verdict verdict = CT_LOCK_ORDERED;
	bool any = false;

	if (search->strict) {
		search->status =
			ct_lock_add_cycles(search->order, search->path, search->length, &any);
		if (search->status || any || search->order->work_hit)
			return;
	} else {
		verdict = judge(search, &guard);
		if (verdict == CT_LOCK_CAN_DEADLOCK)
			return;
	}
	search->status =
		ct_lock_add_ruled_out(search->order, search->path, search->length, verdict, guard);
}

/* The last step's lock may be one that the first step holds: then the cycle is closed. */
static void try_to_close(struct search *search)
{
	const struct ct_lock_dependency *first = at(search, 0);
	const struct ct_lock_dependency *last = at(search, search->length - 1);

	for (size_t i = 0; i < first->held_count; i++) {
		if (first->held[i].object != last->lock ||
		    (search->strict && !ct_lock_excludes(last->mode, first->held[i].mode)))
			continue;
		search->path[0].held = i;
		close_cycle(search);
		return;
	}
	if (search->strict && search->length == CT_LOCKORDER_LENGTH &&
	    can_go_on(search, search->length))
		search->order->length_hit = true;
}

static bool is_over(const struct search *search)
{
	const struct ct_lockorder *order = search->order;

	return search->status || order->private_data->work > search->work_limit ||
	       (search->strict ? order->cycles_hit && order->cycle_count == CT_LOCKORDER_CYCLES
			       : order->ruled_out_hit);
}

static void extend(struct search *search, size_t depth)
{
	size_t lock = at(search, depth - 1)->lock->id;

	if (depth == search->length) {
		try_to_close(search);
		return;
	}
	for (size_t i = search->start[lock]; i < search->start[lock + 1]; i++) {
		const struct holder *holder = &search->holders[i];

		search->order->private_data->work++;
		if (is_over(search))
			return;
		if (!admissible(search, depth, holder))
			continue;
		search->path[depth] = (struct ct_lock_cycle_step){
			.dependency = &holder->node->dependency, .held = holder->held};
		extend(search, depth + 1);
	}
}

static enum ct_status all_lengths(struct search *search, bool strict)
{
	struct ct_lockorder *order = search->order;
	uint64_t limit = strict ? CT_LOCKORDER_WORK : RELAXED_WORK;

	search->strict = strict;
	search->status = prune(search);
	search->work_limit = order->private_data->work + limit;
	for (search->length = 2; search->length <= CT_LOCKORDER_LENGTH; search->length++) {
		for (size_t i = 0; i < order->dependency_count && !is_over(search); i++) {
			if (ct_lock_node(order->dependencies[i])->dropped)
				continue;
			search->path[0] =
				(struct ct_lock_cycle_step){.dependency = order->dependencies[i]};
			extend(search, 1);
		}
	}
	if (order->private_data->work > search->work_limit) {
		if (strict)
			order->work_hit = true;
		else
			order->ruled_out_hit = true;
	}
	return search->status;
}

enum ct_status ct_lockorder_cycles(struct ct_lockorder *order)
{
	struct search search = {.order = order};
	enum ct_status status = index_holders(&search);

	if (status == CT_OK)
		status = all_lengths(&search, true);
	if (status == CT_OK)
		status = all_lengths(&search, false);
	free(search.holders);
	free(search.start);
	return status;
}
