#include <stdlib.h>

#include "model/lockorder_index.h"

/*
 * Cycles of dependencies, shortest first: depth-first from each dependency over those that come
 * later in the list, with every condition tested on the way (iGoodlock; the pruning before it is
 * Magiclock's: Cai, Chan, "Magiclock: Scalable Detection of Potential Deadlocks", 2014).
 */

enum { PRUNING_ROUNDS = 64, RELAXED_WORK = 1000000 };

struct search {
	struct ct_lockorder *order;
	struct ct_lock_index index;
	struct ct_lock_cycle_step path[CT_LOCKORDER_LENGTH];
	size_t length; /* of the cycles that this round looks for */
	bool longer;   /* a path was cut that could have gone on */
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

static bool useless(const struct ct_lockorder *order, const struct ct_lock_dependency *dependency,
		    const struct users *holders, const struct users *askers)
{
	if (!others_use(&holders[ct_lock_awaited(order, dependency)], dependency->thread))
		return true;
	if (others_use(&askers[ct_lock_kept(order, dependency, CT_LOCK_NOT_HELD)],
		       dependency->thread))
		return false;
	for (size_t i = 0; i < dependency->held_count; i++)
		if (others_use(&askers[dependency->held[i].object->id], dependency->thread))
			return false;
	return true;
}

/* One round of pruning; false when nothing was dropped. */
static bool prune_once(const struct search *search, struct users *holders, struct users *askers)
{
	const struct ct_lockorder *order = search->order;
	bool changed = false;

	for (size_t i = 0; i < ct_lock_resources(order); i++)
		holders[i] = askers[i] = (struct users){0};
	for (size_t i = 0; i < order->dependency_count; i++) {
		const struct ct_lock_dependency *dependency = order->dependencies[i];

		if (ct_lock_node(dependency)->dropped)
			continue;
		add_user(&askers[ct_lock_awaited(order, dependency)], dependency->thread);
		add_user(&holders[ct_lock_kept(order, dependency, CT_LOCK_NOT_HELD)],
			 dependency->thread);
		for (size_t k = 0; k < dependency->held_count; k++)
			add_user(&holders[dependency->held[k].object->id], dependency->thread);
	}
	for (size_t i = 0; i < order->dependency_count; i++) {
		struct ct_lock_node *node = ct_lock_node(order->dependencies[i]);

		if (node->dropped || !useless(order, &node->dependency, holders, askers))
			continue;
		node->dropped = changed = true;
	}
	return changed;
}

/* Drops dependencies that cannot be part of a cycle of different threads. */
static enum ct_status prune(struct search *search)
{
	const struct ct_lockorder *order = search->order;
	size_t resources = ct_lock_resources(order);
	struct users *users = calloc(2 * resources + 1, sizeof(*users));

	if (!users)
		return CT_ENOMEM;
	for (size_t i = 0; i < order->dependency_count; i++)
		ct_lock_node(order->dependencies[i])->dropped =
			ct_lock_node(order->dependencies[i])->no_lock ||
			(search->strict && backs_off(order->dependencies[i]));
	for (size_t round = 0; search->strict && round < PRUNING_ROUNDS; round++)
		if (!prune_once(search, users, users + resources))
			break;
	free(users);
	return CT_OK;
}

static bool is_in_the_way(const struct ct_lock_dependency *asker,
			  const struct ct_lock_holder *holder)
{
	return holder->held == CT_LOCK_NOT_HELD ||
	       ct_lock_excludes(asker->mode, holder->node->dependency.held[holder->held].mode);
}

/* Whether `holder` may stand at `depth`, after all before it. */
static bool admissible(const struct search *search, size_t depth,
		       const struct ct_lock_holder *holder)
{
	const struct ct_lock_dependency *next = &holder->node->dependency;
	const struct ct_lock_dependency *last = at(search, depth - 1);

	if (holder->node->dropped)
		return false;
	/* a circle is found from the first of its steps that go back */
	if (holder->node->index <= ct_lock_node(at(search, 0))->index &&
	    ct_lock_goes_back(search->order, &search->index, next, holder->held))
		return false;
	if (search->strict && !is_in_the_way(last, holder))
		return false;
	for (size_t i = 0; i < depth; i++) {
		if (at(search, i)->lock == next->lock && at(search, i)->joins == next->joins)
			return false;
		if (search->strict && (at(search, i)->thread == next->thread ||
				       ct_lock_guard_of(search->order, at(search, i), next)))
			return false;
	}
	return true;
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
		const struct ct_lock_holder holder = {ct_lock_node(next->dependency), next->held};

		if (!is_in_the_way(at(search, i), &holder))
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

/* Where the first step is in the way of the last one. */
static bool find_closing(const struct search *search, size_t *out_held)
{
	const struct ct_lock_dependency *first = at(search, 0);
	const struct ct_lock_dependency *last = at(search, search->length - 1);

	*out_held = CT_LOCK_NOT_HELD;
	if (!last->lock)
		return last->joins == first->thread;
	for (size_t i = 0; i < first->held_count; i++) {
		if (first->held[i].object != last->lock ||
		    (search->strict && !ct_lock_excludes(last->mode, first->held[i].mode)))
			continue;
		*out_held = i;
		return true;
	}
	return false;
}

/* Whether there is a longer circle, perhaps, that begins like this one. */
static bool can_go_on(const struct search *search)
{
	const struct ct_lock_list *list = &search->index.holders;
	size_t wanted = ct_lock_awaited(search->order, at(search, search->length - 1));

	for (size_t i = list->start[wanted]; i < list->start[wanted + 1]; i++)
		if (admissible(search, search->length, &list->holders[i]))
			return true;
	return false;
}

static void try_to_close(struct search *search)
{
	const struct ct_lockorder *order = search->order;
	size_t held;

	search->longer = search->longer || can_go_on(search);
	if (!find_closing(search, &held) ||
	    !ct_lock_goes_back(order, &search->index, at(search, 0), held))
		return;
	search->path[0].held = held;
	close_cycle(search);
}

static bool is_over(const struct search *search)
{
	const struct ct_lockorder *order = search->order;

	return search->status || order->private_data->work > search->work_limit ||
	       (search->strict ? order->cycles_hit && order->cycle_count == CT_LOCKORDER_CYCLES
			       : order->ruled_out_hit);
}

/* Whether the circle can still be closed in this round's length. */
static bool leads_back(struct search *search, size_t depth, const struct ct_lock_holder *holder)
{
	size_t wanted = ct_lock_awaited(search->order, &holder->node->dependency);
	uint32_t distance = search->index.distances[wanted];

	if (distance < search->length - depth)
		return true;
	if (!search->longer && distance != UINT32_MAX)
		search->longer = admissible(search, depth, holder);
	return false;
}

static void extend(struct search *search, size_t depth)
{
	const struct ct_lock_list *list = &search->index.holders;
	size_t wanted = ct_lock_awaited(search->order, at(search, depth - 1));

	if (depth == search->length) {
		try_to_close(search);
		return;
	}
	for (size_t i = list->start[wanted]; i < list->start[wanted + 1]; i++) {
		const struct ct_lock_holder *holder = &list->holders[i];

		search->order->private_data->work++;
		if (is_over(search))
			return;
		if (!leads_back(search, depth, holder) || !admissible(search, depth, holder))
			continue;
		search->path[depth] = (struct ct_lock_cycle_step){
			.dependency = &holder->node->dependency, .held = holder->held};
		extend(search, depth + 1);
	}
}

/* Whether a circle can begin with the dependency. */
static bool can_begin(const struct search *search, const struct ct_lock_dependency *dependency)
{
	if (ct_lock_node(dependency)->dropped)
		return false;
	if (ct_lock_goes_back(search->order, &search->index, dependency, CT_LOCK_NOT_HELD))
		return true;
	for (size_t i = 0; i < dependency->held_count; i++)
		if (ct_lock_goes_back(search->order, &search->index, dependency, i))
			return true;
	return false;
}

/* Looks for the circles of this round's length that begin with the dependency. How far away things
 * are that are too far for this round is measured in the last one only. */
static void begin_with(struct search *search, struct ct_lock_node *node)
{
	struct ct_lockorder *order = search->order;
	const struct ct_lock_dependency *first = &node->dependency;
	size_t longest = search->length < CT_LOCKORDER_LENGTH ? search->length : UINT32_MAX;
	uint32_t distance;
	bool all;

	if (node->shortest > search->length) {
		search->longer |= node->shortest != UINT32_MAX;
		return;
	}
	order->private_data->work +=
		ct_lock_measure(order, &search->index, first, (uint32_t)longest - 1, &all) / 16;
	distance = search->index.distances[ct_lock_awaited(order, first)];
	if (distance != UINT32_MAX)
		node->shortest = distance + 1;
	else
		node->shortest = all ? UINT32_MAX : (uint32_t)search->length + 1;
	search->longer |= !all || (distance != UINT32_MAX && node->shortest > search->length);
	if (node->shortest > search->length)
		return;
	search->path[0] = (struct ct_lock_cycle_step){.dependency = first};
	extend(search, 1);
}

static void one_length(struct search *search)
{
	struct ct_lockorder *order = search->order;

	search->longer = false;
	for (size_t i = 0; i < order->dependency_count && !is_over(search); i++)
		if (can_begin(search, order->dependencies[i]))
			begin_with(search, ct_lock_node(order->dependencies[i]));
}

static enum ct_status all_lengths(struct search *search, bool strict)
{
	struct ct_lockorder *order = search->order;
	uint64_t limit = strict ? CT_LOCKORDER_WORK : RELAXED_WORK;

	search->strict = strict;
	search->status = prune(search);
	if (search->status == CT_OK)
		search->status = ct_lock_rank(order, &search->index);
	if (search->status)
		return search->status;
	for (size_t i = 0; i < order->dependency_count; i++)
		ct_lock_node(order->dependencies[i])->shortest = 0;
	search->work_limit = order->private_data->work + limit;
	search->longer = true;
	for (search->length = 2; search->longer && search->length <= CT_LOCKORDER_LENGTH;
	     search->length++)
		one_length(search);
	if (strict && search->longer && search->length > CT_LOCKORDER_LENGTH)
		order->length_hit = true;
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
	enum ct_status status;

	ct_lock_forget_units(order);
	status = ct_lock_index_new(order, &search.index);
	if (status == CT_OK)
		status = all_lengths(&search, true);
	if (status == CT_OK)
		status = all_lengths(&search, false);
	ct_lock_index_free(&search.index);
	return status;
}
