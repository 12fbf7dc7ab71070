/*
 * The lock-order graph: an edge a -> b for each thread that asked for b while it held a.
 */
#include "report/graphs.h"

#include "model/lockorder.h"
#include "report/graph_maker.h"

/* "try, read": what makes an order harmless, or less harmful. */
static void add_manner(struct ct_text *label, const struct ct_lock_edge *edge)
{
	const char *const words[] = {
		edge->from_mode == CT_MODE_SHARED ? "holds to read" : NULL,
		edge->to_mode == CT_MODE_SHARED ? "asks to read" : NULL,
		edge->try ? "try" : NULL,
		edge->timed ? "time limit" : NULL,
	};
	const char *before = "\n";

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!words[i])
			continue;
		ct_text_addf(label, "%s%s", before, words[i]);
		before = ", ";
	}
}

static enum ct_status add_edge(struct ct_graph_maker *maker, const struct ct_lock_edge *edge)
{
	struct ct_text *label = &maker->label;
	struct ct_graph_edge drawn = {.highlighted = edge->in_cycle};
	enum ct_status status = ct_graph_maker_object(maker, edge->from, &drawn.from);

	if (!status)
		status = ct_graph_maker_object(maker, edge->to, &drawn.to);
	if (status)
		return status;
	if (edge->in_cycle) {
		maker->graph->nodes[drawn.from].highlighted = true;
		maker->graph->nodes[drawn.to].highlighted = true;
	}
	ct_text_reset(label);
	ct_text_add(label, ct_name_thread(maker->naming, edge->thread));
	ct_graph_maker_place(maker, edge->thread, edge->to_stack, "\n", "\nin ");
	add_manner(label, edge);
	return ct_graph_maker_edge(maker, drawn);
}

enum ct_status ct_graph_lock_order(const struct ct_lockorder *order, struct ct_naming *naming,
				   struct ct_graph *out)
{
	struct ct_graph_maker maker;
	enum ct_status status = CT_OK;

	ct_graph_maker_begin(&maker, naming, out);
	for (size_t i = 0; !status && i < order->edge_count; i++)
		status = add_edge(&maker, order->edges[i]);
	ct_graph_maker_end(&maker);
	return status;
}

static enum ct_status build(struct ct_model *model, struct ct_naming *naming, struct ct_graph *out,
			    struct ct_error *error)
{
	struct ct_lockorder *order;
	struct ct_observer observer;
	enum ct_status status = ct_lockorder_new(model, &order);

	if (status)
		return ct_error_set(error, status, "%s", ct_status_text(status));
	observer = ct_lockorder_observer(order);
	status = ct_model_run(model, &observer, 1, error);
	if (status)
		goto out;
	status = ct_lockorder_cycles(order);
	if (!status)
		status = ct_graph_lock_order(order, naming, out);
	if (status)
		ct_error_set(error, status, "%s", ct_status_text(status));
out:
	ct_lockorder_free(order);
	return status;
}

const struct ct_graph_kind ct_graph_kind_lock_order = {
	.name = "lock-order",
	.title = "lock order: each arrow leads from a lock that was held to one that was asked for",
	.build = build,
};
