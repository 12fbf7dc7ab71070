#include "graph/dot.h"

#include "base/text.h"
#include "graph/graph.h"

#include <stdlib.h>

/* Linked lists by number, ascending: what each cluster holds. The last entry of first_child and
 * first_node belongs to the graph itself. */
struct nesting {
	int32_t *first_child;
	int32_t *next_sibling;
	int64_t *first_node;
	int64_t *next_node;
};

static void nesting_fini(struct nesting *nest)
{
	free(nest->first_child);
	free(nest->next_sibling);
	free(nest->first_node);
	free(nest->next_node);
}

static size_t list_of(const struct ct_graph *graph, int32_t cluster)
{
	return cluster == CT_GRAPH_NO_CLUSTER ? graph->cluster_count : (size_t)cluster;
}

/* To be released with nesting_fini, also after CT_ENOMEM. */
static enum ct_status nesting_init(struct nesting *nest, const struct ct_graph *graph)
{
	nest->first_child = calloc(graph->cluster_count + 1, sizeof(*nest->first_child));
	nest->next_sibling = calloc(graph->cluster_count + 1, sizeof(*nest->next_sibling));
	nest->first_node = calloc(graph->cluster_count + 1, sizeof(*nest->first_node));
	nest->next_node = calloc(graph->node_count + 1, sizeof(*nest->next_node));
	if (!nest->first_child || !nest->next_sibling || !nest->first_node || !nest->next_node)
		return CT_ENOMEM;
	for (size_t list = 0; list <= graph->cluster_count; list++) {
		nest->first_child[list] = -1;
		nest->first_node[list] = -1;
	}
	/* Backwards, because each is put at the front. */
	for (size_t c = graph->cluster_count; c-- > 0;) {
		size_t list = list_of(graph, graph->clusters[c].parent);

		nest->next_sibling[c] = nest->first_child[list];
		nest->first_child[list] = (int32_t)c;
	}
	for (size_t v = graph->node_count; v-- > 0;) {
		size_t list = list_of(graph, graph->nodes[v].cluster);

		nest->next_node[v] = nest->first_node[list];
		nest->first_node[list] = (int64_t)v;
	}
	return CT_OK;
}

static void indent(struct ct_text *out, size_t depth)
{
	while (depth--)
		ct_text_addc(out, '\t');
}

/* name="text" */
static void add_attribute(struct ct_text *out, const char *name, const char *text)
{
	ct_text_addf(out, "%s=\"", name);
	ct_text_add_dot(out, text);
	ct_text_addc(out, '"');
}

static void add_highlight(struct ct_text *out, bool highlighted)
{
	if (highlighted)
		ct_text_add(out, ", color=\"#c0232c\", penwidth=2.5");
}

/* The nodes of one cluster, or of the graph itself. */
static void add_nodes(struct ct_text *out, const struct ct_graph *graph, const struct nesting *nest,
		      size_t list, size_t depth)
{
	for (int64_t v = nest->first_node[list]; v >= 0; v = nest->next_node[v]) {
		const struct ct_graph_node *node = &graph->nodes[v];

		indent(out, depth);
		ct_text_addf(out, "n%lld [shape=%s, ", (long long)v,
			     node->shape == CT_GRAPH_ELLIPSE ? "ellipse" : "box");
		add_attribute(out, "label", node->label);
		if (*node->tooltip) {
			ct_text_add(out, ", ");
			add_attribute(out, "tooltip", node->tooltip);
		}
		add_highlight(out, node->highlighted);
		ct_text_add(out, "];\n");
	}
}

static void add_edge(struct ct_text *out, const struct ct_graph_edge *edge)
{
	ct_text_addf(out, "\tn%u -> n%u [style=%s", edge->from, edge->to,
		     edge->style == CT_GRAPH_DASHED ? "dashed" : "solid");
	if (*edge->label) {
		ct_text_add(out, ", ");
		add_attribute(out, "label", edge->label);
	}
	if (*edge->tooltip) {
		ct_text_add(out, ", ");
		add_attribute(out, "tooltip", edge->tooltip);
	}
	add_highlight(out, edge->highlighted);
	ct_text_add(out, "];\n");
}

static void open_cluster(struct ct_text *out, const struct ct_graph *graph,
			 const struct nesting *nest, int32_t c, size_t depth)
{
	indent(out, depth);
	ct_text_addf(out, "subgraph cluster_%d {\n", c);
	indent(out, depth + 1);
	/* Also when it is empty: else the cluster would inherit the title. */
	add_attribute(out, "label", graph->clusters[c].label);
	ct_text_add(out, ";\n");
	add_nodes(out, graph, nest, (size_t)c, depth + 1);
}

/* A walk of the cluster forest without recursion: nesting comes from the input. */
static void add_clusters(struct ct_text *out, const struct ct_graph *graph,
			 const struct nesting *nest)
{
	int32_t c = nest->first_child[graph->cluster_count];
	size_t depth = 1;

	while (c >= 0) {
		open_cluster(out, graph, nest, c, depth);
		if (nest->first_child[c] >= 0) {
			c = nest->first_child[c];
			depth++;
			continue;
		}
		indent(out, depth);
		ct_text_add(out, "}\n");
		while (nest->next_sibling[c] < 0 && graph->clusters[c].parent >= 0) {
			c = graph->clusters[c].parent;
			indent(out, --depth);
			ct_text_add(out, "}\n");
		}
		c = nest->next_sibling[c];
	}
}

enum ct_status ct_graph_to_dot(const struct ct_graph *graph, const char *title, struct ct_text *out)
{
	struct nesting nest = {0};
	enum ct_status status = nesting_init(&nest, graph);

	if (status)
		goto out;
	ct_text_add(out, "digraph G {\n\tgraph [fontname=\"Helvetica\"");
	if (title) {
		ct_text_add(out, ", labelloc=t, ");
		add_attribute(out, "label", title);
	}
	ct_text_add(out, "];\n");
	ct_text_add(out, "\tnode [fontname=\"Helvetica\"];\n");
	ct_text_add(out, "\tedge [fontname=\"Helvetica\"];\n");
	add_clusters(out, graph, &nest);
	add_nodes(out, graph, &nest, graph->cluster_count, 1);
	for (size_t i = 0; i < graph->edge_count; i++)
		add_edge(out, &graph->edges[i]);
	ct_text_add(out, "}\n");
	status = ct_text_status(out);
out:
	nesting_fini(&nest);
	return status;
}
