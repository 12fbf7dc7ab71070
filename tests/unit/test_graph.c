/* graph/: against brute force on seeded random graphs, huge chains, limits, and the DOT text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "graph/dot.h"
#include "graph/graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 8, MOST_CYCLES = 20000 };

/* The reference: an adjacency matrix and the cycles found by trying every path. */
struct reference {
	uint32_t n;
	bool edge[MOST_NODES][MOST_NODES];
	bool reach[MOST_NODES][MOST_NODES];
	uint32_t path[MOST_NODES];
	size_t count;
	struct {
		size_t length;
		uint32_t nodes[MOST_NODES];
	} cycles[MOST_CYCLES];
};

static void add_nodes(struct ct_graph *graph, uint32_t count)
{
	struct ct_graph_node node = {.cluster = CT_GRAPH_NO_CLUSTER};

	for (uint32_t v = 0; v < count; v++)
		assert_int_equal(ct_graph_add_node(graph, &node, NULL), CT_OK);
}

static void add_edge(struct ct_graph *graph, uint32_t from, uint32_t to)
{
	struct ct_graph_edge edge = {.from = from, .to = to};

	assert_int_equal(ct_graph_add_edge(graph, &edge, NULL), CT_OK);
}

/* With parallel edges and self-loops. */
static void make_random(struct ct_graph *graph, struct reference *ref)
{
	uint32_t edges;

	memset(ref->edge, 0, sizeof(ref->edge));
	ref->n = (uint32_t)rand() % MOST_NODES + 1;
	edges = (uint32_t)rand() % (ref->n * ref->n / (1 + (uint32_t)rand() % 3) + 1);
	ct_graph_init(graph);
	add_nodes(graph, ref->n);
	for (uint32_t i = 0; i < edges; i++) {
		uint32_t from = (uint32_t)rand() % ref->n;
		uint32_t to = (uint32_t)rand() % ref->n;

		add_edge(graph, from, to);
		ref->edge[from][to] = true;
	}
}

static void close_transitively(struct reference *ref)
{
	memcpy(ref->reach, ref->edge, sizeof(ref->reach));
	for (uint32_t k = 0; k < ref->n; k++)
		for (uint32_t i = 0; i < ref->n; i++)
			for (uint32_t j = 0; j < ref->n; j++)
				ref->reach[i][j] |= ref->reach[i][k] && ref->reach[k][j];
}

static void try_all_paths(struct reference *ref, size_t length, size_t max_length)
{
	uint32_t last = ref->path[length - 1];

	if (ref->edge[last][ref->path[0]]) {
		assert_true(ref->count < MOST_CYCLES);
		ref->cycles[ref->count].length = length;
		memcpy(ref->cycles[ref->count].nodes, ref->path, sizeof(ref->path));
		ref->count++;
	}
	for (uint32_t w = ref->path[0] + 1; w < ref->n && length < max_length; w++) {
		bool used = false;

		for (size_t i = 0; i < length; i++)
			used |= ref->path[i] == w;
		if (!used && ref->edge[last][w]) {
			ref->path[length] = w;
			try_all_paths(ref, length + 1, max_length);
		}
	}
}

static void find_cycles(struct reference *ref, size_t max_length)
{
	ref->count = 0;
	for (uint32_t start = 0; start < ref->n; start++) {
		ref->path[0] = start;
		try_all_paths(ref, 1, max_length);
	}
}

static void check_components(const struct ct_graph *graph, const struct reference *ref)
{
	uint32_t component[MOST_NODES];
	uint32_t count = 0;
	uint32_t top = 0;

	assert_int_equal(ct_graph_scc(graph, component, &count), CT_OK);
	for (uint32_t i = 0; i < ref->n; i++) {
		top = component[i] + 1 > top ? component[i] + 1 : top;
		for (uint32_t j = 0; j < ref->n; j++) {
			bool same = i == j || (ref->reach[i][j] && ref->reach[j][i]);

			assert_int_equal(component[i] == component[j], same);
			assert_true(!ref->edge[i][j] || component[i] >= component[j]);
		}
	}
	assert_int_equal(count, top);
}

static void test_scc_of_random_graphs(void **state)
{
	struct reference *ref = *state;

	srand(11);
	for (int round = 0; round < 3000; round++) {
		struct ct_graph graph;

		make_random(&graph, ref);
		close_transitively(ref);
		check_components(&graph, ref);
		ct_graph_fini(&graph);
	}
}

struct checker {
	const struct ct_graph *graph;
	const struct reference *ref;
	size_t seen;
	size_t stop_after; /* 0: never */
};

static bool check_cycle(void *context, const struct ct_graph_cycle *cycle)
{
	struct checker *check = context;
	const struct ct_graph *graph = check->graph;

	assert_true(check->seen < check->ref->count);
	assert_int_equal(cycle->length, check->ref->cycles[check->seen].length);
	assert_memory_equal(cycle->nodes, check->ref->cycles[check->seen].nodes,
			    cycle->length * sizeof(*cycle->nodes));
	for (size_t i = 0; i < cycle->length; i++) {
		const struct ct_graph_edge *edge = &graph->edges[cycle->edges[i]];

		assert_int_equal(edge->from, cycle->nodes[i]);
		assert_int_equal(edge->to, cycle->nodes[(i + 1) % cycle->length]);
		for (uint32_t e = 0; e < cycle->edges[i]; e++)
			assert_false(graph->edges[e].from == edge->from &&
				     graph->edges[e].to == edge->to);
	}
	check->seen++;
	return check->seen != check->stop_after;
}

/* The same cycles in the same order; and if none was said to be missing, none is. */
static void check_lengths(const struct ct_graph *graph, struct reference *ref)
{
	size_t all;

	find_cycles(ref, MOST_NODES);
	all = ref->count;
	for (size_t max_length = 0; max_length <= ref->n + 1; max_length++) {
		struct ct_graph_cycle_limits limits = {.max_length = max_length};
		struct ct_graph_cycle_summary summary = {0};
		struct checker check = {.graph = graph, .ref = ref};

		find_cycles(ref, max_length ? max_length : MOST_NODES);
		assert_int_equal(ct_graph_cycles(graph, &limits, check_cycle, &check, &summary),
				 CT_OK);
		assert_int_equal(check.seen, ref->count);
		assert_int_equal(summary.count, ref->count);
		assert_true(summary.length_hit || ref->count == all);
		if (max_length == 0 || max_length >= ref->n)
			assert_false(summary.length_hit);
		assert_false(summary.count_hit);
		assert_false(summary.stopped);
	}
}

static void check_counts(const struct ct_graph *graph, struct reference *ref)
{
	find_cycles(ref, MOST_NODES);
	for (size_t max_count = 1; max_count <= ref->count + 1; max_count += 1 + ref->count / 5) {
		struct ct_graph_cycle_limits limits = {.max_count = max_count};
		struct ct_graph_cycle_summary summary = {0};
		struct checker check = {.graph = graph, .ref = ref};

		assert_int_equal(ct_graph_cycles(graph, &limits, check_cycle, &check, &summary),
				 CT_OK);
		assert_int_equal(check.seen, max_count < ref->count ? max_count : ref->count);
		assert_int_equal(summary.count_hit, ref->count > max_count);
		assert_false(summary.stopped);

		check.seen = 0;
		check.stop_after = max_count;
		limits.max_count = 0;
		assert_int_equal(ct_graph_cycles(graph, &limits, check_cycle, &check, &summary),
				 CT_OK);
		assert_int_equal(check.seen, max_count < ref->count ? max_count : ref->count);
		assert_int_equal(summary.stopped, ref->count >= max_count);
		assert_false(summary.count_hit);
	}
}

static void test_cycles_of_random_graphs(void **state)
{
	srand(12);
	for (int round = 0; round < 400; round++) {
		struct ct_graph graph;

		make_random(&graph, *state);
		check_lengths(&graph, *state);
		check_counts(&graph, *state);
		ct_graph_fini(&graph);
	}
}

static bool count_only(void *context, const struct ct_graph_cycle *cycle)
{
	*(size_t *)context += cycle->length;
	return true;
}

static void test_empty_graph(void **state)
{
	struct ct_graph_cycle_limits limits = {0};
	struct ct_graph_cycle_summary summary;
	struct ct_graph graph;
	size_t edges = 0;
	uint32_t count = 9;

	(void)state;
	ct_graph_init(&graph);
	assert_int_equal(ct_graph_scc(&graph, NULL, &count), CT_OK);
	assert_int_equal(count, 0);
	assert_int_equal(ct_graph_cycles(&graph, &limits, count_only, &edges, &summary), CT_OK);
	assert_int_equal(summary.count, 0);
	ct_graph_fini(&graph);
}

/* A million nodes in a row, then closed to a ring: no recursion, no quadratic time. */
static void test_huge_chain_and_ring(void **state)
{
	enum { LENGTH = 1000000 };
	struct ct_graph_cycle_limits limits = {0};
	struct ct_graph_cycle_summary summary;
	uint32_t *component = calloc(LENGTH, sizeof(*component));
	uint32_t count = 0;
	struct ct_graph graph;
	size_t edges = 0;

	(void)state;
	ct_graph_init(&graph);
	add_nodes(&graph, LENGTH);
	for (uint32_t v = 0; v + 1 < LENGTH; v++)
		add_edge(&graph, v, v + 1);
	assert_int_equal(ct_graph_scc(&graph, component, &count), CT_OK);
	assert_int_equal(count, LENGTH);
	for (uint32_t v = 0; v < LENGTH; v++)
		assert_int_equal(component[v], LENGTH - 1 - v);
	add_edge(&graph, LENGTH - 1, 0);
	assert_int_equal(ct_graph_scc(&graph, component, &count), CT_OK);
	assert_int_equal(count, 1);
	assert_int_equal(ct_graph_cycles(&graph, &limits, count_only, &edges, &summary), CT_OK);
	assert_int_equal(summary.count, 1);
	assert_int_equal(edges, LENGTH);
	limits.max_length = 10;
	assert_int_equal(ct_graph_cycles(&graph, &limits, count_only, &edges, &summary), CT_OK);
	assert_int_equal(summary.count, 0);
	assert_true(summary.length_hit);
	free(component);
	ct_graph_fini(&graph);
}

/* 0 <-> 1 <-> a dense acyclic part: a search without look-ahead would walk all 2^38 dead ends. */
static void test_dead_ends_are_not_walked(void **state)
{
	enum { DENSE = 40 };
	struct ct_graph_cycle_limits limits = {.max_count = 100};
	struct ct_graph_cycle_summary summary;
	struct ct_graph graph;
	size_t edges = 0;

	(void)state;
	ct_graph_init(&graph);
	add_nodes(&graph, DENSE);
	add_edge(&graph, 0, 1);
	add_edge(&graph, 1, 0);
	for (uint32_t v = 2; v < DENSE; v++) {
		add_edge(&graph, 1, v);
		for (uint32_t w = v + 1; w < DENSE; w++)
			add_edge(&graph, v, w);
	}
	add_edge(&graph, DENSE - 1, 1);
	assert_int_equal(ct_graph_cycles(&graph, &limits, count_only, &edges, &summary), CT_OK);
	assert_int_equal(summary.count, 100);
	assert_true(summary.count_hit);
	limits.max_count = 1;
	edges = 0;
	assert_int_equal(ct_graph_cycles(&graph, &limits, count_only, &edges, &summary), CT_OK);
	assert_int_equal(edges, 2);
	assert_true(summary.count_hit);
	ct_graph_fini(&graph);
}

static void test_wrong_indices(void **state)
{
	struct ct_graph_node node = {.cluster = 0};
	struct ct_graph_edge edge = {.from = 0, .to = 1};
	struct ct_graph_cluster cluster = {.parent = 0};
	struct ct_graph graph;

	(void)state;
	ct_graph_init(&graph);
	assert_int_equal(ct_graph_add_node(&graph, &node, NULL), CT_EUSAGE);
	assert_int_equal(ct_graph_add_cluster(&graph, &cluster, NULL), CT_EUSAGE);
	node.cluster = -2;
	assert_int_equal(ct_graph_add_node(&graph, &node, NULL), CT_EUSAGE);
	add_nodes(&graph, 1);
	assert_int_equal(ct_graph_add_edge(&graph, &edge, NULL), CT_EUSAGE);
	assert_int_equal(graph.node_count, 1);
	assert_int_equal(graph.edge_count, 0);
	assert_int_equal(graph.cluster_count, 0);
	ct_graph_fini(&graph);
}

static void fill_drawing(struct ct_graph *graph)
{
	char label[] = "main\n\"M1\" \\ x";
	const struct ct_graph_cluster clusters[] = {
		{.label = "outer", .parent = CT_GRAPH_NO_CLUSTER},
		{.label = NULL, .parent = CT_GRAPH_NO_CLUSTER},
		{.label = "inner", .parent = 0},
	};
	const struct ct_graph_node nodes[] = {
		{.label = label, .cluster = 2, .highlighted = true},
		{.label = "T1", .cluster = CT_GRAPH_NO_CLUSTER, .shape = CT_GRAPH_ELLIPSE},
		{.label = "M2", .tooltip = "a.c:1\nb.c:2", .cluster = 0},
	};
	const struct ct_graph_edge edges[] = {
		{.from = 1, .to = 0, .label = "waits", .highlighted = true},
		{.from = 0, .to = 2, .style = CT_GRAPH_DASHED, .tooltip = "t"},
	};

	for (size_t i = 0; i < 3; i++) {
		int32_t cluster = -7;
		uint32_t node = 99;

		assert_int_equal(ct_graph_add_cluster(graph, &clusters[i], &cluster), CT_OK);
		assert_int_equal(cluster, i);
		if (i < 2)
			continue;
		for (uint32_t v = 0; v < 3; v++) {
			assert_int_equal(ct_graph_add_node(graph, &nodes[v], &node), CT_OK);
			assert_int_equal(node, v);
		}
	}
	for (uint32_t e = 0; e < 2; e++)
		assert_int_equal(ct_graph_add_edge(graph, &edges[e], NULL), CT_OK);
	memset(label, '!', sizeof(label) - 1); /* the graph must have its own copy */
}

static const char drawing[] =
	"digraph G {\n"
	"\tgraph [fontname=\"Helvetica\", labelloc=t, label=\"the \\\"title\\\"\"];\n"
	"\tnode [fontname=\"Helvetica\"];\n"
	"\tedge [fontname=\"Helvetica\"];\n"
	"\tsubgraph cluster_0 {\n"
	"\t\tlabel=\"outer\";\n"
	"\t\tn2 [shape=box, label=\"M2\", tooltip=\"a.c:1\\nb.c:2\"];\n"
	"\t\tsubgraph cluster_2 {\n"
	"\t\t\tlabel=\"inner\";\n"
	"\t\t\tn0 [shape=box, label=\"main\\n\\\"M1\\\" \\\\ x\", color=\"#c0232c\", "
	"penwidth=2.5];\n"
	"\t\t}\n"
	"\t}\n"
	"\tsubgraph cluster_1 {\n"
	"\t\tlabel=\"\";\n"
	"\t}\n"
	"\tn1 [shape=ellipse, label=\"T1\"];\n"
	"\tn1 -> n0 [style=solid, label=\"waits\", color=\"#c0232c\", penwidth=2.5];\n"
	"\tn0 -> n2 [style=dashed, tooltip=\"t\"];\n"
	"}\n";

static void test_dot(void **state)
{
	struct ct_graph graph;
	struct ct_text text;

	(void)state;
	ct_graph_init(&graph);
	ct_text_init(&text);
	fill_drawing(&graph);
	assert_int_equal(ct_graph_to_dot(&graph, "the \"title\"", &text), CT_OK);
	assert_string_equal(ct_text_str(&text), drawing);
	ct_text_fini(&text);
	ct_graph_fini(&graph);
}

static void make_random_nesting(struct ct_graph *graph, int32_t clusters, int32_t nodes)
{
	ct_graph_init(graph);
	for (int32_t c = 0; c < clusters; c++) {
		struct ct_graph_cluster cluster = {.parent = rand() % (c + 1) - 1};

		assert_int_equal(ct_graph_add_cluster(graph, &cluster, NULL), CT_OK);
	}
	for (int32_t v = 0; v < nodes; v++) {
		struct ct_graph_node node = {.cluster = rand() % (clusters + 1) - 1};

		assert_int_equal(ct_graph_add_node(graph, &node, NULL), CT_OK);
	}
}

/* The cluster whose braces enclose the line of node v; braces occur nowhere but in structure. */
static int32_t cluster_of(const char *dot, int32_t v)
{
	int32_t open[32] = {CT_GRAPH_NO_CLUSTER};
	size_t depth = 0;

	for (; *dot; dot = strchr(dot, '\n') + 1) {
		const char *line = dot + strspn(dot, "\t");
		int number;

		if (sscanf(line, "subgraph cluster_%d {", &number) == 1)
			open[++depth] = number;
		else if (*line == '}' && depth > 0)
			depth--;
		else if (sscanf(line, "n%d [", &number) == 1 && number == v)
			return open[depth];
	}
	fail_msg("node %d is missing", v);
	return CT_GRAPH_NO_CLUSTER;
}

/* Random nesting: what is opened is closed, and every node is where it belongs. */
static void test_dot_nesting(void **state)
{
	(void)state;
	srand(13);
	for (int round = 0; round < 200; round++) {
		int32_t clusters = rand() % 12;
		struct ct_graph graph;
		struct ct_text text;
		int depth = 0;
		int opened = 0;

		ct_text_init(&text);
		make_random_nesting(&graph, clusters, 20);
		assert_int_equal(ct_graph_to_dot(&graph, NULL, &text), CT_OK);
		for (const char *c = ct_text_str(&text); *c; c++) {
			opened += *c == '{';
			depth += (*c == '{') - (*c == '}');
			assert_true(depth >= 0);
		}
		assert_int_equal(depth, 0);
		assert_int_equal(opened, clusters + 1);
		for (int32_t v = 0; v < 20; v++)
			assert_int_equal(cluster_of(ct_text_str(&text), v), graph.nodes[v].cluster);
		ct_text_fini(&text);
		ct_graph_fini(&graph);
	}
}

static int setup(void **state)
{
	*state = malloc(sizeof(struct reference));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scc_of_random_graphs),
		cmocka_unit_test(test_cycles_of_random_graphs),
		cmocka_unit_test(test_empty_graph),
		cmocka_unit_test(test_huge_chain_and_ring),
		cmocka_unit_test(test_dead_ends_are_not_walked),
		cmocka_unit_test(test_wrong_indices),
		cmocka_unit_test(test_dot),
		cmocka_unit_test(test_dot_nesting),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
