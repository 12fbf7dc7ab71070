#ifndef CT_MODEL_LOCKORDER_PRIVATE_H
#define CT_MODEL_LOCKORDER_PRIVATE_H
/*
 * What the parts of lockorder share: lockorder.c collects, lockorder_guards.c knows what guards a
 * thread as a whole, lockorder_places.c picks the places of a cycle, lockorder_search.c finds
 * cycles of dependencies. Private to model/.
 */
#include "base/arena.h"
#include "base/map.h"
#include "model/lockorder.h"
#include "model/closure.h"
#include "model/vclock.h"

struct ct_lock_node { /* a dependency, with what the search needs */
	struct ct_lock_dependency dependency;
	struct ct_lock_node *same_hash;
	struct ct_lock_edge **edges; /* by held lock */
	size_t last;		     /* the place that was seen last */
	uint32_t index;
	uint32_t shortest; /* circle that can begin here; 0: not known yet */
	bool no_lock;	   /* what it asks for is none, after all */
	bool dropped;	   /* it cannot be part of a cycle */
};

/* A lock that another thread held around a thread's whole life. */
struct ct_lock_guard {
	struct ct_object *object;
	enum ct_mode mode;
	const struct ct_thread *holder;
	uint64_t since;
};

struct ct_lock_thread {
	struct ct_lock_guard *at_creation; /* what the creator held; heap */
	size_t at_creation_count;
	struct ct_lock_guard *guards; /* what it still held when it joined the thread; arena */
	size_t guard_count;
	bool joined_by_creator;
	struct ct_lock_clock *clocks; /* in order of position; heap */
	size_t clock_count, clock_cap;
};

/* The model's clock of a thread, from a request on. */
struct ct_lock_clock {
	uint32_t position;
	struct ct_vclock clock;
};

struct ct_lockorder_private {
	struct ct_arena arena;
	struct ct_map nodes;		/* hash: newest struct ct_lock_node */
	struct ct_map edges;		/* hash: newest struct ct_lock_edge_node */
	struct ct_lock_thread *threads; /* by id; heap */
	struct ct_reach *reach;
	struct ct_closure *closure; /* once the run is over */
	struct ct_map sites;	    /* process << 32 | stack: hash of its frames */
	struct ct_map told;	    /* hashes of the cycles in `cycles`: their index */
	struct ct_map found;	    /* hashes of the cycles that stand in cycles or ruled_out */
	size_t dependency_cap, edge_cap, cycle_cap, ruled_out_cap;
	uint64_t work;
};

static inline struct ct_lock_node *ct_lock_node(const struct ct_lock_dependency *dependency)
{
	return (struct ct_lock_node *)dependency;
}

static inline bool ct_lock_excludes(enum ct_mode a, enum ct_mode b)
{
	return a == CT_MODE_EXCLUSIVE || b == CT_MODE_EXCLUSIVE;
}

/* instances (lockorder_instances.c): notes another time of the request that the step makes. */
CT_MUST_CHECK enum ct_status ct_lock_note(struct ct_lockorder *order, struct ct_lock_request *place,
					  const struct ct_thread *thread);
/* Whether the steps' requests were made at some times of which none is surely over before another
 * begins; fills the steps' positions with the first such times. */
bool ct_lock_concurrent(struct ct_lockorder *order, struct ct_lock_cycle_step *steps,
			size_t length);
/* Whether the requests can be shown to stand at once, at some of their times; fills the positions
 * with them. */
CT_MUST_CHECK enum ct_status ct_lock_reachable(struct ct_lockorder *order,
					       struct ct_lock_cycle_step *steps, size_t length,
					       bool *out_reachable);
/* After ct_lock_reachable said yes: how far the threads have to go. */
CT_MUST_CHECK enum ct_status ct_lock_prefixes(struct ct_lockorder *order,
					      struct ct_lock_cycle *cycle);

/* units (lockorder_units.c): what turned out to be no lock leaves all held sets, edges and
 * requests. */
void ct_lock_forget_units(struct ct_lockorder *order);

/* guards */
CT_MUST_CHECK enum ct_status ct_lock_guards_created(struct ct_lockorder *order,
						    const struct ct_step *step);
CT_MUST_CHECK enum ct_status ct_lock_guards_joined(struct ct_lockorder *order,
						   const struct ct_step *step);
/* The lock that keeps the two dependencies from being under way at once, or NULL. */
const struct ct_object *ct_lock_guard_of(const struct ct_lockorder *order,
					 const struct ct_lock_dependency *a,
					 const struct ct_lock_dependency *b);

/* places: a number for the frames of a stack */
CT_MUST_CHECK enum ct_status ct_lock_site(struct ct_lockorder *order,
					  const struct ct_thread *thread, uint32_t stack,
					  uint64_t *out_site);
/* Adds the cycle of these dependencies (each with the index of the held lock that the one before
 * asks for), once per set of places whose requests are not ordered. *out_any: there is one. */
CT_MUST_CHECK enum ct_status ct_lock_add_cycles(struct ct_lockorder *order,
						struct ct_lock_cycle_step *steps, size_t length,
						bool *out_any);
CT_MUST_CHECK enum ct_status ct_lock_add_ruled_out(struct ct_lockorder *order,
						   struct ct_lock_cycle_step *steps, size_t length,
						   enum ct_lock_verdict verdict,
						   const struct ct_object *guard);

#endif
