/*
 * A labelled directed graph, to search for cycles and to draw. It knows nothing of what its nodes
 * stand for.
 * Nodes, edges and clusters are numbered 0, 1, 2, ... as they are added and never removed. Strings
 * given to the add functions are copied; in them NULL means empty, and stored ones are never NULL.
 * Parallel edges and self-loops are allowed. Not thread-safe.
 */
#ifndef CT_GRAPH_GRAPH_H
#define CT_GRAPH_GRAPH_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CT_GRAPH_NO_CLUSTER = -1 };

enum ct_graph_shape { CT_GRAPH_BOX, CT_GRAPH_ELLIPSE };

enum ct_graph_style { CT_GRAPH_SOLID, CT_GRAPH_DASHED };

struct ct_graph_node {
	const char *label; /* lines, parted by '\n' */
	const char *tooltip;
	int32_t cluster; /* or CT_GRAPH_NO_CLUSTER, which must be said: 0 is a cluster */
	enum ct_graph_shape shape;
	bool highlighted;
};

struct ct_graph_edge {
	uint32_t from;
	uint32_t to;
	const char *label;
	const char *tooltip;
	enum ct_graph_style style;
	bool highlighted;
};

struct ct_graph_cluster {
	const char *label;
	int32_t parent; /* a cluster added before, or CT_GRAPH_NO_CLUSTER */
};

/* The arrays may be read, and style and highlighted be changed, directly. */
struct ct_graph {
	struct ct_arena arena; /* owns all strings */
	struct ct_graph_node *nodes;
	size_t node_count;
	size_t node_cap;
	struct ct_graph_edge *edges;
	size_t edge_count;
	size_t edge_cap;
	struct ct_graph_cluster *clusters;
	size_t cluster_count;
	size_t cluster_cap;
};

void ct_graph_init(struct ct_graph *graph);
void ct_graph_fini(struct ct_graph *graph);

/*
 * Each adds a copy and gives its number; out_id may be NULL. CT_EUSAGE: an index in the argument
 * does not exist. CT_ENOMEM: no memory, or no more numbers. On failure nothing is added.
 */
CT_MUST_CHECK enum ct_status ct_graph_add_node(struct ct_graph *graph,
					       const struct ct_graph_node *node, uint32_t *out_id);
CT_MUST_CHECK enum ct_status ct_graph_add_edge(struct ct_graph *graph,
					       const struct ct_graph_edge *edge, uint32_t *out_id);
CT_MUST_CHECK enum ct_status ct_graph_add_cluster(struct ct_graph *graph,
						  const struct ct_graph_cluster *cluster,
						  int32_t *out_id);

/*
 * Strongly connected components, in O(nodes + edges) and without recursion.
 * out_component[node] (room for node_count) gets numbers 0 .. *out_count - 1, such that an edge
 * between two components goes from the higher number to the lower.
 * Source: Tarjan, "Depth-First Search and Linear Graph Algorithms", 1972.
 */
CT_MUST_CHECK enum ct_status ct_graph_scc(const struct ct_graph *graph, uint32_t *out_component,
					  uint32_t *out_count);

/* Borrowed for the length of the callback. */
struct ct_graph_cycle {
	const uint32_t *nodes; /* each once, the smallest first */
	const uint32_t *edges; /* edges[i] leads from nodes[i] to the next, the last one back */
	size_t length;	       /* 1 for a self-loop */
};

/* Returns false to end the enumeration. */
typedef bool ct_graph_cycle_visit(void *context, const struct ct_graph_cycle *cycle);

struct ct_graph_cycle_limits {
	size_t max_length; /* in edges; 0: none */
	size_t max_count;  /* cycles to visit; 0: none */
};

struct ct_graph_cycle_summary {
	size_t count;	 /* cycles visited */
	bool length_hit; /* longer cycles than max_length may exist; false: surely none do */
	bool count_hit;	 /* there is at least one more cycle than max_count */
	bool stopped;	 /* by the callback */
};

/*
 * Visit every elementary cycle once, ordered by its sequence of nodes. Parallel edges count as
 * one, the one with the lowest number: a caller that tells them apart looks them up by their ends.
 * Each step of the search is first checked to lead to a cycle, so a visit costs at most
 * O(length * (nodes + edges)) and dead ends cost nothing beyond that; the starts cost one
 * backward search of depth max_length each.
 * Source: Rizzi, Sacomoto, Sagot, "Efficiently Listing Bounded Length st-Paths", 2014, after
 * Read and Tarjan, 1975, applied within each component of ct_graph_scc.
 * CT_ENOMEM comes before the first visit; *out_summary is untouched then.
 */
CT_MUST_CHECK enum ct_status ct_graph_cycles(const struct ct_graph *graph,
					     const struct ct_graph_cycle_limits *limits,
					     ct_graph_cycle_visit *visit, void *context,
					     struct ct_graph_cycle_summary *out_summary);

#endif
