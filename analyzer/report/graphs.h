#ifndef CT_REPORT_GRAPHS_H
#define CT_REPORT_GRAPHS_H
/*
 * The drawings of a trace. What is red and bold in them is what can deadlock, or did.
 */
#include "base/status.h"

struct ct_graph;
struct ct_lockorder;
struct ct_model;
struct ct_naming;
struct ct_waitfor;

struct ct_graph_kind {
	const char *name;  /* "lock-order", as in `conctrace graph lock-order` */
	const char *title; /* for ct_graph_to_dot */
	/* Runs `model`, which must be fresh, and adds to `out`, which must be empty. */
	enum ct_status (*build)(struct ct_model *model, struct ct_naming *naming,
				struct ct_graph *out, struct ct_error *error);
};

/* NULL-terminated. */
extern const struct ct_graph_kind *const ct_graph_kinds[];

/* NULL when there is no such kind. */
const struct ct_graph_kind *ct_graph_kind_find(const char *name);

extern const struct ct_graph_kind ct_graph_kind_lock_order;
extern const struct ct_graph_kind ct_graph_kind_wait_for;

/* The same from what is at hand already: after ct_lockorder_cycles, or after ct_waitfor_stuck.
 * CT_ENOMEM: `out` holds a part. */

/* Locks, and an edge for each order in which a thread took two of them. */
CT_MUST_CHECK enum ct_status ct_graph_lock_order(const struct ct_lockorder *order,
						 struct ct_naming *naming, struct ct_graph *out);
/* Threads that live, what they wait for, and who holds it. */
CT_MUST_CHECK enum ct_status ct_graph_wait_for(const struct ct_waitfor *waitfor,
					       struct ct_naming *naming, struct ct_graph *out);

#endif
