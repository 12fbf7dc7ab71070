#include "graph/adjacency.h"
#include "graph/graph.h"

#include <stdlib.h>

/*
 * The search extends a path from `start`, the smallest node of the cycles it looks for. Invariant:
 * some continuation of the path closes a cycle within the length limit, so no step is in vain.
 */
struct search {
	struct ct_adjacency successors;
	struct ct_adjacency predecessors;
	uint32_t *component;
	uint32_t start;
	size_t max_length; /* at most the number of nodes */
	size_t max_count;  /* SIZE_MAX: none */

	uint32_t *path; /* nodes */
	uint32_t *path_edge;
	size_t path_len;
	bool *on_path; /* by node */

	/* Ways to go on, as positions in `successors`: those of path[i] lie from choice_next[i] up
	 * to the first of path[i + 1], and those of the last one up to choice_len. */
	uint32_t *choice;
	size_t *choice_first; /* by position in the path */
	size_t *choice_next;
	size_t choice_len;

	uint64_t *mark; /* by node; == stamp: can close the cycle from here */
	uint64_t stamp;
	uint32_t *queue;

	ct_graph_cycle_visit *visit;
	void *context;
	struct ct_graph_cycle_summary summary;
};

/* May a cycle through start that avoids the path go through v? */
static bool is_usable(const struct search *s, uint32_t v)
{
	return v > s->start && s->component[v] == s->component[s->start] && !s->on_path[v];
}

/* Put v's predecessors that are new in the queue. False: there are some, but they are too far. */
static bool mark_predecessors(struct search *s, uint32_t v, bool too_far, size_t *tail)
{
	for (uint32_t i = s->predecessors.first[v]; i < s->predecessors.first[v + 1]; i++) {
		uint32_t p = s->predecessors.node[i];

		if (s->mark[p] == s->stamp || !is_usable(s, p))
			continue;
		if (too_far)
			return false;
		s->mark[p] = s->stamp;
		s->queue[(*tail)++] = p;
	}
	return true;
}

/* Mark start and the usable nodes from which at most `budget` edges lead to it past the path. */
static void mark_closing(struct search *s, size_t budget)
{
	size_t level = 0;
	size_t level_end = 1;
	size_t tail = 1;

	s->mark[s->start] = ++s->stamp;
	s->queue[0] = s->start;
	for (size_t head = 0; head < tail; head++) {
		if (head == level_end) {
			level_end = tail;
			level++;
		}
		if (!mark_predecessors(s, s->queue[head], level == budget, &tail)) {
			s->summary.length_hit = true;
			return;
		}
	}
}

/* If all of v's successors but one are out of the question, its position; else UINT32_MAX. */
static uint32_t only_choice(const struct search *s, uint32_t v)
{
	uint32_t found = UINT32_MAX;

	for (uint32_t i = s->successors.first[v]; i < s->successors.first[v + 1]; i++) {
		uint32_t w = s->successors.node[i];

		if (w != s->start && !is_usable(s, w))
			continue;
		if (found != UINT32_MAX)
			return UINT32_MAX;
		found = i;
	}
	return found;
}

/* Make v the last node of the path and list the ways to go on from it. */
static void push(struct search *s, uint32_t v)
{
	uint32_t only;

	s->path[s->path_len] = v;
	s->choice_first[s->path_len] = s->choice_next[s->path_len] = s->choice_len;
	s->path_len++;
	s->on_path[v] = true;
	/* By the invariant the only way is a good one. For start it is not known to hold. */
	only = v == s->start ? UINT32_MAX : only_choice(s, v);
	if (only != UINT32_MAX) {
		s->choice[s->choice_len++] = only;
		return;
	}
	mark_closing(s, s->max_length - s->path_len);
	for (uint32_t i = s->successors.first[v]; i < s->successors.first[v + 1]; i++)
		if (s->mark[s->successors.node[i]] == s->stamp)
			s->choice[s->choice_len++] = i;
}

static void pop(struct search *s)
{
	s->path_len--;
	s->on_path[s->path[s->path_len]] = false;
	s->choice_len = s->choice_first[s->path_len];
}

/* The path is a cycle. False: the enumeration is over. */
static bool report(struct search *s)
{
	struct ct_graph_cycle cycle = {
		.nodes = s->path,
		.edges = s->path_edge,
		.length = s->path_len,
	};

	if (s->summary.count == s->max_count) {
		s->summary.count_hit = true;
		return false;
	}
	s->summary.count++;
	if (!s->visit(s->context, &cycle))
		s->summary.stopped = true;
	return !s->summary.stopped;
}

/* Visit the cycles whose smallest node is `start`. False: the enumeration is over. */
static bool search_from(struct search *s, uint32_t start)
{
	s->start = start;
	push(s, start);
	while (s->path_len) {
		size_t last = s->path_len - 1;

		if (s->choice_next[last] == s->choice_len) {
			pop(s);
			continue;
		}
		uint32_t i = s->choice[s->choice_next[last]++];

		s->path_edge[last] = s->successors.edge[i];
		if (s->successors.node[i] != start)
			push(s, s->successors.node[i]);
		else if (!report(s))
			return false;
	}
	return true;
}

static void search_fini(struct search *s)
{
	ct_adjacency_fini(&s->successors);
	ct_adjacency_fini(&s->predecessors);
	free(s->component);
	free(s->path);
	free(s->path_edge);
	free(s->on_path);
	free(s->choice);
	free(s->choice_first);
	free(s->choice_next);
	free(s->mark);
	free(s->queue);
}

/* To be released with search_fini, also after CT_ENOMEM. */
static enum ct_status search_init(struct search *s, const struct ct_graph *graph)
{
	size_t n = graph->node_count + 1; /* never 0, see adjacency.c */
	uint32_t component_count;

	s->component = calloc(n, sizeof(*s->component));
	s->path = calloc(n, sizeof(*s->path));
	s->path_edge = calloc(n, sizeof(*s->path_edge));
	s->on_path = calloc(n, sizeof(*s->on_path));
	s->choice = calloc(graph->edge_count + 1, sizeof(*s->choice));
	s->choice_first = calloc(n, sizeof(*s->choice_first));
	s->choice_next = calloc(n, sizeof(*s->choice_next));
	s->mark = calloc(n, sizeof(*s->mark));
	s->queue = calloc(n, sizeof(*s->queue));
	if (!s->component || !s->path || !s->path_edge || !s->on_path || !s->choice ||
	    !s->choice_first || !s->choice_next || !s->mark || !s->queue)
		return CT_ENOMEM;
	if (ct_adjacency_init(&s->successors, graph) != CT_OK ||
	    ct_adjacency_init_reverse(&s->predecessors, graph) != CT_OK)
		return CT_ENOMEM;
	return ct_graph_scc(graph, s->component, &component_count);
}

enum ct_status ct_graph_cycles(const struct ct_graph *graph,
			       const struct ct_graph_cycle_limits *limits,
			       ct_graph_cycle_visit *visit, void *context,
			       struct ct_graph_cycle_summary *out_summary)
{
	struct search s = {.visit = visit, .context = context};
	enum ct_status status = search_init(&s, graph);
	bool more = true;

	if (status)
		goto out;
	s.max_length = limits->max_length;
	if (s.max_length == 0 || s.max_length > graph->node_count)
		s.max_length = graph->node_count;
	s.max_count = limits->max_count ? limits->max_count : SIZE_MAX;
	for (uint32_t v = 0; more && v < graph->node_count; v++)
		more = search_from(&s, v);
	*out_summary = s.summary;
out:
	search_fini(&s);
	return status;
}
