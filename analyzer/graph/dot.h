/*
 * A graph in Graphviz's DOT language (https://graphviz.org/doc/info/lang.html).
 */
#ifndef CT_GRAPH_DOT_H
#define CT_GRAPH_DOT_H

#include "base/status.h"

struct ct_graph;
struct ct_text;

/*
 * Append `graph` to `out`; the same graph gives the same bytes. Node v is called nV, cluster c
 * cluster_C. `title` stands above the drawing; NULL: none. CT_ENOMEM: `out` holds a part.
 */
CT_MUST_CHECK enum ct_status ct_graph_to_dot(const struct ct_graph *graph, const char *title,
					     struct ct_text *out);

#endif
