#include "graph/adjacency.h"
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

enum { NOT_SEEN = 0 };

/* All arrays have one entry per node. */
struct tarjan {
	struct ct_adjacency adj;
	uint32_t *order;     /* when a node was first seen, from 1 on */
	uint32_t *low;	     /* the earliest node known to be reachable within the component */
	uint32_t *next;	     /* position in adj.node where the walk of a node goes on */
	uint32_t *path;	     /* nodes being walked; takes the place of recursion */
	uint32_t *open;	     /* nodes seen whose component is not complete yet */
	uint32_t *component; /* UINT32_MAX until known */
	size_t path_len;
	size_t open_len;
	uint32_t seen;
	uint32_t count; /* of components */
};

static void enter(struct tarjan *t, uint32_t v)
{
	t->order[v] = t->low[v] = ++t->seen;
	t->next[v] = t->adj.first[v];
	t->path[t->path_len++] = v;
	t->open[t->open_len++] = v;
}

/* All that v reaches has been walked. */
static void leave(struct tarjan *t, uint32_t v)
{
	uint32_t w;

	t->path_len--;
	if (t->path_len) {
		uint32_t caller = t->path[t->path_len - 1];

		if (t->low[v] < t->low[caller])
			t->low[caller] = t->low[v];
	}
	if (t->low[v] != t->order[v])
		return;
	do {
		w = t->open[--t->open_len];
		t->component[w] = t->count;
	} while (w != v);
	t->count++;
}

static void walk_from(struct tarjan *t, uint32_t root)
{
	enter(t, root);
	while (t->path_len) {
		uint32_t v = t->path[t->path_len - 1];

		if (t->next[v] == t->adj.first[v + 1]) {
			leave(t, v);
			continue;
		}
		uint32_t w = t->adj.node[t->next[v]++];

		if (t->order[w] == NOT_SEEN)
			enter(t, w);
		else if (t->component[w] == UINT32_MAX && t->order[w] < t->low[v])
			t->low[v] = t->order[w];
	}
}

enum ct_status ct_graph_scc(const struct ct_graph *graph, uint32_t *out_component,
			    uint32_t *out_count)
{
	size_t n = graph->node_count;
	struct tarjan t = {.component = out_component};
	enum ct_status status = CT_ENOMEM;
	uint32_t *memory = calloc(n + 1, 5 * sizeof(*memory));

	if (!memory || ct_adjacency_init(&t.adj, graph) != CT_OK)
		goto out;
	t.order = memory;
	t.low = memory + n;
	t.next = memory + 2 * n;
	t.path = memory + 3 * n;
	t.open = memory + 4 * n;
	if (n)
		memset(out_component, 0xff, n * sizeof(*out_component));
	for (uint32_t v = 0; v < n; v++)
		if (t.order[v] == NOT_SEEN)
			walk_from(&t, v);
	*out_count = t.count;
	status = CT_OK;
out:
	ct_adjacency_fini(&t.adj);
	free(memory);
	return status;
}
