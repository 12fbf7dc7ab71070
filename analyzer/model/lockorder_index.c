#include "model/lockorder_index.h"

#include <stdlib.h>

size_t ct_lock_resources(const struct ct_lockorder *order)
{
	return order->model->object_count + order->model->thread_count;
}

size_t ct_lock_awaited(const struct ct_lockorder *order,
		       const struct ct_lock_dependency *dependency)
{
	return dependency->lock ? dependency->lock->id
				: order->model->object_count + dependency->joins->id;
}

size_t ct_lock_kept(const struct ct_lockorder *order, const struct ct_lock_dependency *dependency,
		    size_t held)
{
	return held == CT_LOCK_NOT_HELD ? order->model->object_count + dependency->thread->id
					: dependency->held[held].object->id;
}

/* The i-th thing that the dependency keeps from others: its locks, and then its own end. */
static size_t kept_at(const struct ct_lock_dependency *dependency, size_t i)
{
	return i < dependency->held_count ? i : CT_LOCK_NOT_HELD;
}

static enum ct_status new_list(struct ct_lock_list *list, size_t resources, size_t total)
{
	list->start = calloc(resources + 2, sizeof(*list->start));
	list->holders = calloc(total + 1, sizeof(*list->holders));
	return list->start && list->holders ? CT_OK : CT_ENOMEM;
}

/* Counts are two places further on, so that filling moves each start to where it belongs. */
static void add_up(struct ct_lock_list *list, size_t resources)
{
	for (size_t i = 2; i < resources + 2; i++)
		list->start[i] += list->start[i - 1];
}

static enum ct_status list_holders(const struct ct_lockorder *order, struct ct_lock_list *list)
{
	size_t resources = ct_lock_resources(order), total = 0;

	for (size_t i = 0; i < order->dependency_count; i++)
		total += order->dependencies[i]->held_count + 1;
	if (new_list(list, resources, total) != CT_OK)
		return CT_ENOMEM;
	for (size_t i = 0; i < order->dependency_count; i++) {
		const struct ct_lock_dependency *of = order->dependencies[i];

		for (size_t k = 0; k <= of->held_count; k++)
			list->start[ct_lock_kept(order, of, kept_at(of, k)) + 2]++;
	}
	add_up(list, resources);
	for (size_t i = 0; i < order->dependency_count; i++) {
		const struct ct_lock_dependency *of = order->dependencies[i];

		for (size_t k = 0; k <= of->held_count; k++) {
			size_t held = kept_at(of, k), kept = ct_lock_kept(order, of, held);

			list->holders[list->start[kept + 1]++] =
				(struct ct_lock_holder){ct_lock_node(of), held};
		}
	}
	return CT_OK;
}

static enum ct_status list_askers(const struct ct_lockorder *order, struct ct_lock_list *list)
{
	size_t resources = ct_lock_resources(order);

	if (new_list(list, resources, order->dependency_count) != CT_OK)
		return CT_ENOMEM;
	for (size_t i = 0; i < order->dependency_count; i++)
		list->start[ct_lock_awaited(order, order->dependencies[i]) + 2]++;
	add_up(list, resources);
	for (size_t i = 0; i < order->dependency_count; i++) {
		const struct ct_lock_dependency *of = order->dependencies[i];

		list->holders[list->start[ct_lock_awaited(order, of) + 1]++] =
			(struct ct_lock_holder){ct_lock_node(of), CT_LOCK_NOT_HELD};
	}
	return CT_OK;
}

enum ct_status ct_lock_index_new(const struct ct_lockorder *order, struct ct_lock_index *index)
{
	size_t resources = ct_lock_resources(order);
	enum ct_status status = list_holders(order, &index->holders);

	if (status == CT_OK)
		status = list_askers(order, &index->askers);
	index->ranks = calloc(resources + 1, sizeof(*index->ranks));
	index->distances = calloc(resources + 1, sizeof(*index->distances));
	index->queue = calloc(resources + 1, sizeof(*index->queue));
	if (status || !index->ranks || !index->distances || !index->queue)
		return CT_ENOMEM;
	return CT_OK;
}

void ct_lock_index_free(struct ct_lock_index *index)
{
	free(index->holders.start);
	free(index->holders.holders);
	free(index->askers.start);
	free(index->askers.holders);
	free(index->ranks);
	free(index->distances);
	free(index->queue);
}

/* What is left of the graph while resources leave it. */
struct peeling {
	const struct ct_lockorder *order;
	struct ct_lock_index *index;
	size_t *in, *out;     /* by resource: steps that are left */
	size_t first, last;   /* the next ranks at both ends */
	size_t queued, taken; /* of index->queue: those without steps in, or without steps out */
};

static void look_at(struct peeling *peeling, size_t resource)
{
	if (!peeling->index->ranks[resource] &&
	    (!peeling->in[resource] || !peeling->out[resource])) {
		peeling->index->ranks[resource] =
			peeling->in[resource] ? peeling->last-- : peeling->first++;
		peeling->index->queue[peeling->queued++] = resource;
	}
}

/* The steps from and to the resource are gone. */
static void leave(struct peeling *peeling, size_t resource)
{
	const struct ct_lockorder *order = peeling->order;
	const struct ct_lock_list *holders = &peeling->index->holders;
	const struct ct_lock_list *askers = &peeling->index->askers;

	for (size_t i = holders->start[resource]; i < holders->start[resource + 1]; i++) {
		const struct ct_lock_node *node = holders->holders[i].node;
		size_t to = ct_lock_awaited(order, &node->dependency);

		if (node->dropped)
			continue;
		peeling->in[to]--;
		look_at(peeling, to);
	}
	for (size_t i = askers->start[resource]; i < askers->start[resource + 1]; i++) {
		const struct ct_lock_node *node = askers->holders[i].node;

		for (size_t k = 0; !node->dropped && k <= node->dependency.held_count; k++) {
			size_t from = ct_lock_kept(order, &node->dependency,
						   kept_at(&node->dependency, k));

			peeling->out[from]--;
			look_at(peeling, from);
		}
	}
}

/* The one with the most steps out of it and the fewest into it; false: none is left. */
static bool take_best(struct peeling *peeling, size_t resources)
{
	size_t best = resources;
	int64_t best_by = 0;

	for (size_t i = 0; i < resources; i++) {
		int64_t by = (int64_t)peeling->out[i] - (int64_t)peeling->in[i];

		if (peeling->index->ranks[i] || (best < resources && by <= best_by))
			continue;
		best = i;
		best_by = by;
	}
	if (best == resources)
		return false;
	peeling->index->ranks[best] = peeling->first++;
	peeling->index->queue[peeling->queued++] = best;
	return true;
}

/* Few steps go back if those without steps in come first, those without steps out last. Source:
 * Eades, Lin, Smyth, "A fast and effective heuristic for the feedback arc set problem", 1993. */
enum ct_status ct_lock_rank(const struct ct_lockorder *order, struct ct_lock_index *index)
{
	size_t resources = ct_lock_resources(order);
	struct peeling peeling = {.order = order, .index = index, .first = 1, .last = resources};

	peeling.in = calloc(2 * resources + 1, sizeof(*peeling.in));
	if (!peeling.in)
		return CT_ENOMEM;
	peeling.out = peeling.in + resources;
	for (size_t i = 0; i < order->dependency_count; i++) {
		const struct ct_lock_dependency *of = order->dependencies[i];

		for (size_t k = 0; !ct_lock_node(of)->dropped && k <= of->held_count; k++) {
			peeling.in[ct_lock_awaited(order, of)]++;
			peeling.out[ct_lock_kept(order, of, kept_at(of, k))]++;
		}
	}
	for (size_t i = 0; i < resources; i++)
		index->ranks[i] = 0;
	for (size_t i = 0; i < resources; i++)
		look_at(&peeling, i);
	do {
		while (peeling.taken < peeling.queued)
			leave(&peeling, index->queue[peeling.taken++]);
	} while (take_best(&peeling, resources));
	free(peeling.in);
	return CT_OK;
}

bool ct_lock_goes_back(const struct ct_lockorder *order, const struct ct_lock_index *index,
		       const struct ct_lock_dependency *dependency, size_t held)
{
	return index->ranks[ct_lock_awaited(order, dependency)] <=
	       index->ranks[ct_lock_kept(order, dependency, held)];
}

uint64_t ct_lock_measure(const struct ct_lockorder *order, struct ct_lock_index *index,
			 const struct ct_lock_dependency *first, uint32_t most, bool *out_all)
{
	size_t resources = ct_lock_resources(order), begin = 0, end = 0;
	uint64_t work = resources;

	for (size_t i = 0; i < resources; i++)
		index->distances[i] = UINT32_MAX;
	for (size_t k = 0; k <= first->held_count; k++) {
		size_t held = kept_at(first, k), kept = ct_lock_kept(order, first, held);

		if (!ct_lock_goes_back(order, index, first, held))
			continue;
		index->distances[kept] = 0;
		index->queue[end++] = kept;
	}
	for (; begin < end && index->distances[index->queue[begin]] < most; begin++) {
		size_t at = index->queue[begin];

		for (size_t i = index->askers.start[at]; i < index->askers.start[at + 1]; i++) {
			const struct ct_lock_node *node = index->askers.holders[i].node;
			const struct ct_lock_dependency *asker = &node->dependency;

			work += asker->held_count + 1;
			for (size_t k = 0; !node->dropped && k <= asker->held_count; k++) {
				size_t kept = ct_lock_kept(order, asker, kept_at(asker, k));

				if (index->distances[kept] != UINT32_MAX)
					continue;
				index->distances[kept] = index->distances[at] + 1;
				index->queue[end++] = kept;
			}
		}
	}
	*out_all = begin == end;
	return work;
}
