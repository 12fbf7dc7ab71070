/* report/graph_*.c: what is drawn for states that the golden traces do not have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graph/graph.h"
#include "model/lockorder.h"
#include "model/waitfor.h"
#include "report/graphs.h"

#include "report_fixture.h"

#include <stdlib.h>

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof(*f));

	fixture_init(f);
	f->threads[0].started = f->threads[1].started = true;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture_fini(*state);
	free(*state);
	return 0;
}

/* The node with that label. */
static const struct ct_graph_node *node_of(const struct ct_graph *graph, const char *label)
{
	for (size_t i = 0; i < graph->node_count; i++)
		if (strcmp(graph->nodes[i].label, label) == 0)
			return &graph->nodes[i];
	fail_msg("no node \"%s\"", label);
	return NULL;
}

/* There is exactly one edge between these nodes, with that label and look. */
static void assert_edge(const struct ct_graph *graph, const char *from, const char *to,
			const char *label, enum ct_graph_style style, bool highlighted)
{
	size_t a = (size_t)(node_of(graph, from) - graph->nodes);
	size_t b = (size_t)(node_of(graph, to) - graph->nodes);
	const struct ct_graph_edge *found = NULL;

	for (size_t i = 0; i < graph->edge_count; i++) {
		if (graph->edges[i].from != a || graph->edges[i].to != b)
			continue;
		assert_null(found);
		found = &graph->edges[i];
	}
	if (!found)
		fail_msg("no edge from \"%s\" to \"%s\"", from, to);
	assert_string_equal(found->label, label);
	assert_int_equal(found->style, style);
	assert_int_equal(found->highlighted, highlighted);
}

static void test_lock_order_manners(void **state)
{
	struct fixture *f = *state;
	struct ct_lock_edge edges[2] = {
		{.from = &f->objects[0],
		 .to = &f->objects[1],
		 .from_mode = CT_MODE_EXCLUSIVE,
		 .to_mode = CT_MODE_EXCLUSIVE,
		 .thread = &f->threads[0],
		 .to_stack = 2,
		 .try = true,
		 .timed = true},
		{.from = &f->objects[1],
		 .to = &f->objects[0],
		 .from_mode = CT_MODE_SHARED,
		 .to_mode = CT_MODE_SHARED,
		 .thread = &f->threads[1]},
	};
	struct ct_lock_edge *list[2] = {&edges[0], &edges[1]};
	struct ct_lockorder order = {.model = &f->model, .edges = list, .edge_count = 2};
	struct ct_graph graph;

	f->objects[1].kind = CT_OBJECT_RWLOCK;
	ct_graph_init(&graph);
	assert_int_equal(ct_graph_lock_order(&order, &f->naming, &graph), CT_OK);
	assert_int_equal(graph.node_count, 2);
	assert_edge(&graph, "accounts\nmutex, first used at bank.c:40",
		    "RW1\nread-write lock, initialised at bank.c:41",
		    "main\nbank.c:12\ntry, time limit", CT_GRAPH_SOLID, false);
	assert_edge(&graph, "RW1\nread-write lock, initialised at bank.c:41",
		    "accounts\nmutex, first used at bank.c:40", "T2\nholds to read, asks to read",
		    CT_GRAPH_SOLID, false);
	ct_graph_fini(&graph);
}

static enum ct_status draw(struct fixture *f, struct ct_waitfor_edge *edges, size_t count,
			   struct ct_graph *graph)
{
	struct ct_waitfor waitfor = {.model = &f->model, .edges = edges, .edge_count = count};

	ct_graph_init(graph);
	return ct_graph_wait_for(&waitfor, &f->naming, graph);
}

/* A parent that waits for its child, which waits for what only the parent could write; there is
 * no cycle of owners, so all that is stuck is red. */
static void test_two_processes(void **state)
{
	struct fixture *f = *state;
	struct ct_process child = {.number = 2, .command = "./child", .name = "child"};
	struct ct_process *processes[2] = {&f->process, &child};
	struct ct_thread *of_child = &f->threads[1], *of_parent = &f->threads[0];
	struct ct_waitfor_edge edges[2] = {
		{.from = of_parent, .process = &child, .why = CT_WAITFOR_CHILD, .in_knot = true},
		{.from = of_child, .to = of_parent, .why = CT_WAITFOR_HELPER, .in_knot = true},
	};
	struct ct_graph graph;

	of_child->name = "main of ./child";
	of_child->process = &child;
	child.threads = &of_child;
	child.thread_count = 1;
	f->model.processes = processes;
	f->model.process_count = 2;
	f->objects[1].kind = CT_OBJECT_PIPE;
	of_parent->wait.kind = CT_WAIT_CHILD;
	of_parent->wait.stack = 2;
	of_child->wait.kind = CT_WAIT_READ;
	of_child->wait.object = &f->objects[1];
	assert_int_equal(draw(f, edges, 2, &graph), CT_OK);
	assert_int_equal(graph.cluster_count, 2);
	assert_string_equal(graph.clusters[0].label, ct_name_process(&f->naming, &f->process));
	assert_string_equal(graph.clusters[1].label, ct_name_process(&f->naming, &child));
	assert_int_equal(node_of(&graph, "main")->cluster, 0);
	assert_int_equal(node_of(&graph, "main of ./child")->cluster, 1);
	assert_int_equal(node_of(&graph, "main")->shape, CT_GRAPH_ELLIPSE);
	assert_edge(&graph, "main", "main of ./child", "waits for the end of\nbank.c:12",
		    CT_GRAPH_SOLID, true);
	assert_edge(&graph, "main of ./child", "P1\npipe, initialised at bank.c:41",
		    "waits to read from", CT_GRAPH_SOLID, true);
	assert_edge(&graph, "P1\npipe, initialised at bank.c:41", "main", "could be written by",
		    CT_GRAPH_DASHED, true);
	ct_graph_fini(&graph);
}

/* A lock whose holder has ended, and a child that was never seen. */
static void test_ended_and_unknown(void **state)
{
	struct fixture *f = *state;
	struct ct_process unseen = {.number = 9, .command = "./other", .name = "other"};
	struct ct_held_lock held = {.object = &f->objects[0], .mode = CT_MODE_SHARED, .stack = 1};
	struct ct_waitfor_edge edges[2] = {
		{.from = &f->threads[0], .process = &unseen, .why = CT_WAITFOR_CHILD},
		{.from = &f->threads[0], .why = CT_WAITFOR_NOBODY},
	};
	struct ct_graph graph;

	f->threads[0].wait.kind = CT_WAIT_CHILD;
	f->threads[1].exited = true;
	f->threads[1].held = &held;
	f->threads[1].held_count = 1;
	assert_int_equal(draw(f, edges, 2, &graph), CT_OK);
	assert_edge(&graph, "accounts\nmutex, first used at bank.c:40", "T2\n(ended)",
		    "held by\nbank.c:11", CT_GRAPH_DASHED, false);
	assert_edge(&graph, "main", ct_name_process(&f->naming, &unseen), "waits for the end of",
		    CT_GRAPH_SOLID, false);
	assert_edge(&graph, "main", "nobody", "waits for the end of", CT_GRAPH_SOLID, false);
	ct_graph_fini(&graph);
}

/* Threads that have ended and hold nothing, and locks that nobody holds or wants, are left out. */
static void test_nothing_stands(void **state)
{
	struct fixture *f = *state;
	struct ct_graph graph;

	f->threads[1].exited = true;
	assert_int_equal(draw(f, NULL, 0, &graph), CT_OK);
	assert_int_equal(graph.node_count, 1);
	assert_int_equal(graph.edge_count, 0);
	ct_graph_fini(&graph);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lock_order_manners),
		TEST(test_two_processes),
		TEST(test_ended_and_unknown),
		TEST(test_nothing_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
