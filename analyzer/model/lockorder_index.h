#ifndef CT_MODEL_LOCKORDER_INDEX_H
#define CT_MODEL_LOCKORDER_INDEX_H
/*
 * Who keeps what from others and who asks for it, as the search for cycles needs it. Resources are
 * the locks, by object id, and then the threads, as what a joiner waits for. Private to model/.
 */
#include "model/lockorder_private.h"

struct ct_lock_holder {
	struct ct_lock_node *node;
	size_t held; /* index in its held set, or CT_LOCK_NOT_HELD: its thread's end */
};

struct ct_lock_list { /* of resource i: from start[i] to start[i + 1] */
	struct ct_lock_holder *holders;
	size_t *start;
};

struct ct_lock_index {
	struct ct_lock_list holders, askers;
	size_t *ranks;	     /* by resource: see ct_lock_goes_back */
	uint32_t *distances; /* by resource: see ct_lock_measure */
	size_t *queue;
};

CT_MUST_CHECK enum ct_status ct_lock_index_new(const struct ct_lockorder *order,
					       struct ct_lock_index *index);
void ct_lock_index_free(struct ct_lock_index *index);
size_t ct_lock_resources(const struct ct_lockorder *order);
/* What a dependency asks for, and what it keeps. */
size_t ct_lock_awaited(const struct ct_lockorder *order,
		       const struct ct_lock_dependency *dependency);
size_t ct_lock_kept(const struct ct_lockorder *order, const struct ct_lock_dependency *dependency,
		    size_t held);
/* Puts the resources into a line; then every circle has a step that goes back in it, from what it
 * keeps to what it asks for. Those that are dropped do not count. */
CT_MUST_CHECK enum ct_status ct_lock_rank(const struct ct_lockorder *order,
					  struct ct_lock_index *index);
bool ct_lock_goes_back(const struct ct_lockorder *order, const struct ct_lock_index *index,
		       const struct ct_lock_dependency *dependency, size_t held);
/* Fills distances up to `most`: from asking for a resource, how many more steps it takes at least
 * to ask for something that `first` keeps and goes back from; UINT32_MAX: more than that or, with
 * *out_all, it leads nowhere. Returns the work that it was. */
uint64_t ct_lock_measure(const struct ct_lockorder *order, struct ct_lock_index *index,
			 const struct ct_lock_dependency *first, uint32_t most, bool *out_all);

#endif
