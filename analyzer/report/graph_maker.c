#include "report/graph_maker.h"

#include "model/model.h"
#include "finding/stack.h"

void ct_graph_maker_begin(struct ct_graph_maker *maker, struct ct_naming *naming,
			  struct ct_graph *graph)
{
	maker->graph = graph;
	maker->naming = naming;
	ct_map_init(&maker->objects);
	ct_text_init(&maker->label);
}

void ct_graph_maker_end(struct ct_graph_maker *maker)
{
	ct_text_fini(&maker->label);
	ct_map_fini(&maker->objects);
}

void ct_graph_maker_place(struct ct_graph_maker *maker, const struct ct_thread *thread,
			  uint32_t stack, const char *at, const char *in)
{
	struct ct_shown_stack shown;

	ct_stack_shown(maker->naming->symbols, thread->process->number, stack, &shown);
	if (!shown.top)
		return;
	if (shown.top->file) {
		ct_text_addf(&maker->label, "%s%s", at, ct_path_base(shown.top->file));
		if (shown.top->line > 0)
			ct_text_addf(&maker->label, ":%d", shown.top->line);
	} else if (shown.top->function) {
		ct_text_addf(&maker->label, "%s%s", in, shown.top->function);
	}
}

/* "accounts", then "mutex, initialised at bank.c:31" */
static void write_label(struct ct_graph_maker *maker, const struct ct_object *object)
{
	struct ct_text *label = &maker->label;

	ct_text_reset(label);
	ct_text_add(label, ct_name_object_short(maker->naming, object));
	ct_text_addf(label, "\n%s", ct_name_kind(object->kind));
	if (!object->creator)
		return;
	if (object->initialised)
		ct_graph_maker_place(maker, object->creator, object->init_stack,
				     ", initialised at ", ", initialised in ");
	else
		ct_graph_maker_place(maker, object->creator, object->init_stack, ", first used at ",
				     ", first used in ");
}

enum ct_status ct_graph_maker_object(struct ct_graph_maker *maker, const struct ct_object *object,
				     uint32_t *out_node)
{
	struct ct_graph_node node = {.cluster = CT_GRAPH_NO_CLUSTER, .shape = CT_GRAPH_BOX};
	enum ct_status status;
	uint64_t known;

	if (ct_map_get(&maker->objects, object->id, &known)) {
		*out_node = (uint32_t)known;
		return CT_OK;
	}
	write_label(maker, object);
	node.label = ct_text_str(&maker->label);
	status = ct_text_status(&maker->label);
	if (!status)
		status = ct_graph_add_node(maker->graph, &node, out_node);
	return status ? status : ct_map_put(&maker->objects, object->id, *out_node);
}

enum ct_status ct_graph_maker_edge(struct ct_graph_maker *maker, struct ct_graph_edge edge)
{
	enum ct_status status = ct_text_status(&maker->label);

	edge.label = ct_text_str(&maker->label);
	return status ? status : ct_graph_add_edge(maker->graph, &edge, NULL);
}
