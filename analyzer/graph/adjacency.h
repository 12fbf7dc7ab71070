/*
 * The neighbours of each node side by side in one array (compressed sparse rows): what the
 * searches walk. A snapshot; does not follow later changes of the graph.
 */
#ifndef CT_GRAPH_ADJACENCY_H
#define CT_GRAPH_ADJACENCY_H

#include "base/status.h"

#include <stdint.h>

struct ct_graph;

/* The neighbours of v are node[i] with first[v] <= i < first[v + 1]: ascending, each once. */
struct ct_adjacency {
	uint32_t *first; /* owned; node count + 1 entries */
	uint32_t *node;	 /* owned */
	uint32_t *edge;	 /* owned; the lowest-numbered edge from v to node[i] */
};

/* The successors of each node. To be released with ct_adjacency_fini, also after CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_adjacency_init(struct ct_adjacency *adj,
					       const struct ct_graph *graph);

/* The predecessors. */
CT_MUST_CHECK enum ct_status ct_adjacency_init_reverse(struct ct_adjacency *adj,
						       const struct ct_graph *graph);

void ct_adjacency_fini(struct ct_adjacency *adj);

#endif
