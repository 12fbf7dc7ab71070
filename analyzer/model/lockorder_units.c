/* Semaphores and files that were used as locks for a while, and then otherwise. */
#include "model/lockorder_private.h"
#include "model/units.h"

static bool is_no_lock(const struct ct_lockorder *order, const struct ct_object *object)
{
	const struct ct_units *units = ct_reach_units(order->private_data->reach);

	return object && ct_unit_was_lock(units, object) && !ct_unit_is_lock(units, object);
}

/* What these arrays have at `at` leaves all of them. */
static void remove_held(struct ct_lock_node *node, size_t at)
{
	struct ct_lock_dependency *dependency = &node->dependency;
	struct ct_lock_hold *held = (struct ct_lock_hold *)dependency->held;

	dependency->held_count--;
	for (size_t i = at; i < dependency->held_count; i++) {
		held[i] = held[i + 1];
		node->edges[i] = node->edges[i + 1];
	}
	for (size_t r = 0; r < dependency->request_count; r++) {
		uint32_t *stacks = (uint32_t *)dependency->requests[r].stacks;

		for (size_t i = at; i < dependency->held_count; i++)
			stacks[i] = stacks[i + 1];
	}
}

void ct_lock_forget_units(struct ct_lockorder *order)
{
	size_t kept = 0;

	for (size_t i = 0; i < order->dependency_count; i++) {
		struct ct_lock_node *node = ct_lock_node(order->dependencies[i]);

		node->no_lock = is_no_lock(order, node->dependency.lock);
		for (size_t k = node->dependency.held_count; k-- > 0;)
			if (is_no_lock(order, node->dependency.held[k].object))
				remove_held(node, k);
	}
	for (size_t i = 0; i < order->edge_count; i++)
		if (!is_no_lock(order, order->edges[i]->from) &&
		    !is_no_lock(order, order->edges[i]->to))
			order->edges[kept++] = order->edges[i];
	order->edge_count = kept;
}
