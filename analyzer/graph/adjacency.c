#include "graph/adjacency.h"

#include "graph/graph.h"

#include <stdbool.h>
#include <stdlib.h>

static uint32_t end_of(const struct ct_graph_edge *edge, bool from)
{
	return from ? edge->from : edge->to;
}

/* One pass of a stable counting sort of edge numbers by one of their ends; `in` NULL stands for
 * all numbers in order. `first` is scratch for node_count + 1 entries. */
static void sort_edges(const struct ct_graph *graph, bool by_from, const uint32_t *in,
		       uint32_t *first, uint32_t *out)
{
	for (size_t v = 0; v <= graph->node_count; v++)
		first[v] = 0;
	for (size_t i = 0; i < graph->edge_count; i++)
		first[end_of(&graph->edges[i], by_from) + 1]++;
	for (size_t v = 0; v < graph->node_count; v++)
		first[v + 1] += first[v];
	for (size_t i = 0; i < graph->edge_count; i++) {
		uint32_t id = in ? in[i] : (uint32_t)i;

		out[first[end_of(&graph->edges[id], by_from)]++] = id;
	}
}

/* adj->edge holds all edges by (end, other end, number): fill the rest, dropping parallel ones. */
static void fill_rows(struct ct_adjacency *adj, const struct ct_graph *graph, bool by_from)
{
	size_t next = 0;
	uint32_t kept = 0;

	for (uint32_t v = 0; v < graph->node_count; v++) {
		adj->first[v] = kept;
		for (; next < graph->edge_count; next++) {
			uint32_t id = adj->edge[next];
			uint32_t neighbour = end_of(&graph->edges[id], !by_from);

			if (end_of(&graph->edges[id], by_from) != v)
				break;
			if (kept > adj->first[v] && adj->node[kept - 1] == neighbour)
				continue;
			adj->node[kept] = neighbour;
			adj->edge[kept++] = id;
		}
	}
	adj->first[graph->node_count] = kept;
}

static enum ct_status build(struct ct_adjacency *adj, const struct ct_graph *graph, bool by_from)
{
	/* One more than needed, because calloc may answer a size of 0 with NULL. */
	adj->first = calloc(graph->node_count + 1, sizeof(*adj->first));
	adj->node = calloc(graph->edge_count + 1, sizeof(*adj->node));
	adj->edge = calloc(graph->edge_count + 1, sizeof(*adj->edge));
	if (!adj->first || !adj->node || !adj->edge)
		return CT_ENOMEM;
	/* Radix sort, less important key first; adj->node lends its memory to the first pass. */
	sort_edges(graph, !by_from, NULL, adj->first, adj->node);
	sort_edges(graph, by_from, adj->node, adj->first, adj->edge);
	fill_rows(adj, graph, by_from);
	return CT_OK;
}

enum ct_status ct_adjacency_init(struct ct_adjacency *adj, const struct ct_graph *graph)
{
	return build(adj, graph, true);
}

enum ct_status ct_adjacency_init_reverse(struct ct_adjacency *adj, const struct ct_graph *graph)
{
	return build(adj, graph, false);
}

void ct_adjacency_fini(struct ct_adjacency *adj)
{
	free(adj->first);
	free(adj->node);
	free(adj->edge);
	*adj = (struct ct_adjacency){0};
}
