#include "graph/graph.h"

#include "base/vec.h"

#include <stdlib.h>

void ct_graph_init(struct ct_graph *graph)
{
	*graph = (struct ct_graph){0};
	ct_arena_init(&graph->arena);
}

void ct_graph_fini(struct ct_graph *graph)
{
	ct_arena_fini(&graph->arena);
	free(graph->nodes);
	free(graph->edges);
	free(graph->clusters);
	ct_graph_init(graph);
}

/* UINT32_MAX itself is kept free, for "none" and for counts that are one more than a number. */
static bool is_full(size_t count)
{
	return count >= UINT32_MAX - 1;
}

static bool cluster_exists(const struct ct_graph *graph, int32_t cluster)
{
	return cluster == CT_GRAPH_NO_CLUSTER ||
	       (cluster >= 0 && (size_t)cluster < graph->cluster_count);
}

/* Most labels and tooltips are empty: those take no memory. */
static const char *copy_text(struct ct_graph *graph, const char *text)
{
	return text && *text ? ct_arena_strdup(&graph->arena, text) : "";
}

enum ct_status ct_graph_add_node(struct ct_graph *graph, const struct ct_graph_node *node,
				 uint32_t *out_id)
{
	struct ct_graph_node copy = *node;
	size_t need = graph->node_count + 1;

	if (!cluster_exists(graph, node->cluster))
		return CT_EUSAGE;
	if (is_full(graph->node_count) ||
	    ct_vec_grow(&graph->nodes, &graph->node_cap, need, sizeof(copy)) != CT_OK)
		return CT_ENOMEM;
	copy.label = copy_text(graph, node->label);
	copy.tooltip = copy_text(graph, node->tooltip);
	if (!copy.label || !copy.tooltip)
		return CT_ENOMEM;
	if (out_id)
		*out_id = (uint32_t)graph->node_count;
	graph->nodes[graph->node_count++] = copy;
	return CT_OK;
}

enum ct_status ct_graph_add_edge(struct ct_graph *graph, const struct ct_graph_edge *edge,
				 uint32_t *out_id)
{
	struct ct_graph_edge copy = *edge;
	size_t need = graph->edge_count + 1;

	if (edge->from >= graph->node_count || edge->to >= graph->node_count)
		return CT_EUSAGE;
	if (is_full(graph->edge_count) ||
	    ct_vec_grow(&graph->edges, &graph->edge_cap, need, sizeof(copy)) != CT_OK)
		return CT_ENOMEM;
	copy.label = copy_text(graph, edge->label);
	copy.tooltip = copy_text(graph, edge->tooltip);
	if (!copy.label || !copy.tooltip)
		return CT_ENOMEM;
	if (out_id)
		*out_id = (uint32_t)graph->edge_count;
	graph->edges[graph->edge_count++] = copy;
	return CT_OK;
}

enum ct_status ct_graph_add_cluster(struct ct_graph *graph, const struct ct_graph_cluster *cluster,
				    int32_t *out_id)
{
	struct ct_graph_cluster copy = *cluster;
	size_t need = graph->cluster_count + 1;

	if (!cluster_exists(graph, cluster->parent))
		return CT_EUSAGE;
	if (need > INT32_MAX ||
	    ct_vec_grow(&graph->clusters, &graph->cluster_cap, need, sizeof(copy)) != CT_OK)
		return CT_ENOMEM;
	copy.label = copy_text(graph, cluster->label);
	if (!copy.label)
		return CT_ENOMEM;
	if (out_id)
		*out_id = (int32_t)graph->cluster_count;
	graph->clusters[graph->cluster_count++] = copy;
	return CT_OK;
}
