#include "model/waitfor.h"

#include "model/helpers.h"

/*
 * Threads that are stuck together: one waits for the other, or could have ended its wait. By union
 * of sets of threads; a group is named by the smallest id in it.
 */

static uint32_t root_of(uint32_t *group, uint32_t thread)
{
	while (group[thread] != thread) {
		group[thread] = group[group[thread]]; /* halves the path */
		thread = group[thread];
	}
	return thread;
}

static void join(uint32_t *group, const struct ct_thread *a, const struct ct_thread *b)
{
	uint32_t one = root_of(group, a->id), other = root_of(group, b->id);

	if (one < other)
		group[other] = one;
	else
		group[one] = other;
}

static void join_edges(const struct ct_waitfor *waitfor, uint32_t *group)
{
	for (size_t i = 0; i < waitfor->edge_count; i++) {
		const struct ct_waitfor_edge *edge = &waitfor->edges[i];

		if (!edge->in_knot || edge->why == CT_WAITFOR_ORPHAN)
			continue;
		if (edge->to)
			join(group, edge->from, edge->to);
		for (size_t k = 0; edge->process && k < edge->process->thread_count; k++)
			join(group, edge->from, edge->process->threads[k]);
	}
}

static void join_helpers(const struct ct_waitfor *waitfor, uint32_t *group)
{
	for (size_t i = 0; i < waitfor->stuck_count; i++) {
		const struct ct_thread *from = waitfor->stuck[i];

		if (!ct_kind_is_helped(from->wait.kind))
			continue;
		for (size_t k = 0; k < waitfor->stuck_count; k++)
			if (ct_can_help(waitfor->model, from, waitfor->stuck[k]))
				join(group, from, waitfor->stuck[k]);
	}
}

enum ct_status ct_waitfor_group(struct ct_waitfor *waitfor)
{
	size_t count = waitfor->model->thread_count;
	uint32_t *group = ct_arena_calloc(&waitfor->arena, count, sizeof(*group));

	if (!group)
		return CT_ENOMEM;
	for (size_t i = 0; i < count; i++)
		group[i] = (uint32_t)i;
	join_edges(waitfor, group);
	join_helpers(waitfor, group);
	for (size_t i = 0; i < count; i++)
		group[i] = root_of(group, (uint32_t)i);
	waitfor->group = group;
	return CT_OK;
}
