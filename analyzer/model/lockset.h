#ifndef CT_MODEL_LOCKSET_H
#define CT_MODEL_LOCKSET_H
/*
 * Sets of locks that threads hold at accesses to memory, each kept once and known by a number.
 * 0 is the empty set. Sets that differ only in where the locks were taken are of one class.
 */
#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/model.h"

struct ct_lockset_item {
	const struct ct_object *lock;
	enum ct_mode mode;
	uint32_t stack; /* where it was taken, id in the thread's process */
	uint64_t since;
};

struct ct_lockset {
	struct ct_lockset_item *items; /* in the order in which they were taken */
	size_t count;
	uint32_t class; /* the first set with the same locks and modes */
	uint32_t next;	/* with the same hash, or 0 */
};

struct ct_locksets {
	struct ct_arena arena;
	struct ct_lockset *sets;
	size_t count, cap;
	struct ct_map by_hash; /* first set of those with that hash */
	struct ct_map meets;   /* pair of classes: whether they exclude each other */
};

CT_MUST_CHECK enum ct_status ct_locksets_init(struct ct_locksets *sets);
void ct_locksets_fini(struct ct_locksets *sets);

/* The number of what the thread holds. `last`: what it was found to hold before, or 0. */
CT_MUST_CHECK enum ct_status ct_lockset_of(struct ct_locksets *sets, const struct ct_thread *thread,
					   uint32_t last, uint32_t *out_set);

/* Whether two threads cannot have these at once: a lock is in both, and not read-locked in both. */
CT_MUST_CHECK enum ct_status ct_locksets_exclude(struct ct_locksets *sets, uint32_t a, uint32_t b,
						 bool *out_exclude);

#endif
