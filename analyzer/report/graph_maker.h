#ifndef CT_REPORT_GRAPH_MAKER_H
#define CT_REPORT_GRAPH_MAKER_H
/*
 * What the drawings of a trace share. Private to graph_*.c.
 */
#include "base/map.h"
#include "base/text.h"
#include "graph/graph.h"
#include "model/names.h"

/* A drawing on its way. */
struct ct_graph_maker {
	struct ct_graph *graph;
	struct ct_naming *naming;
	struct ct_map objects; /* object id: node */
	struct ct_text label;  /* of what is being added */
};

void ct_graph_maker_begin(struct ct_graph_maker *maker, struct ct_naming *naming,
			  struct ct_graph *graph);
void ct_graph_maker_end(struct ct_graph_maker *maker);

/* The node of an object, made when it is asked for first. */
CT_MUST_CHECK enum ct_status ct_graph_maker_object(struct ct_graph_maker *maker,
						   const struct ct_object *object,
						   uint32_t *out_node);

/* Appends the place of a stack in few words to maker->label: `at` and "bank.c:31", or `in` and
 * "setup" if no file is known; nothing if nothing is. */
void ct_graph_maker_place(struct ct_graph_maker *maker, const struct ct_thread *thread,
			  uint32_t stack, const char *at, const char *in);

/* An edge with maker->label as its label. */
CT_MUST_CHECK enum ct_status ct_graph_maker_edge(struct ct_graph_maker *maker,
						 struct ct_graph_edge edge);

#endif
