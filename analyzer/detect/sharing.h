#ifndef CT_DETECT_SHARING_H
#define CT_DETECT_SHARING_H
/*
 * What processes may mean to share, each thing with the copies that forks made of it: who uses
 * them, and which two processes do at a time. Private to detect_process_shared.c.
 */
#include "base/map.h"
#include "model/one_process.h"
#include "model/past.h"

struct ct_use {
	const struct ct_object *object; /* the user's own copy, or the shared one; NULL: no use */
	struct ct_deed deed;
};

/* One thing, with its copies. */
struct ct_sharing {
	const struct ct_object *root;
	struct ct_use last;	     /* by whatever process */
	struct ct_use first, second; /* of two processes at a time */
	bool in_turn; /* a semaphore in private memory: the first process was over by then */
	bool handled; /* a child gave back what its parent took: handlers of fork see to it */
};

enum ct_role { CT_GIVES = 1, CT_TAKES = 2 };

/* What one process does with its copy. */
struct ct_copy {
	const struct ct_thread *thread;
	bool several;	   /* threads use it */
	unsigned roles;	   /* enum ct_role */
	uint64_t children; /* of its process at the last use; roles are those since then */
};

struct ct_life {
	uint64_t birth, children; /* birth: it was there by then */
	bool reaped;
	struct ct_deed fork; /* that made it */
};

struct ct_sharings {
	struct ct_sharing *items;
	struct ct_copy *copies;
	struct ct_life *lives;
	size_t count, cap, copy_count, copy_cap;
	struct ct_map index, copy_index;   /* object id: index */
	struct ct_map life_index;	   /* process number: index */
	bool copied_into[CT_OBJECT_KINDS]; /* shared memory: a private one may have been */
};

/* To be given back with ct_sharings_fini, also if it fails. */
CT_MUST_CHECK enum ct_status ct_sharings_init(struct ct_sharings *sharings,
					      const struct ct_trace *trace);
void ct_sharings_fini(struct ct_sharings *sharings);
CT_MUST_CHECK enum ct_status ct_sharings_step(struct ct_sharings *sharings,
					      const struct ct_model *model,
					      const struct ct_step *step);

/* NULL: nothing is known. */
const struct ct_copy *ct_copy_of(const struct ct_sharings *sharings, const struct ct_use *use);
const struct ct_life *ct_life_of(const struct ct_sharings *sharings,
				 const struct ct_process *process);

#endif
