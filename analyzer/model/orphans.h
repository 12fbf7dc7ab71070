#ifndef CT_MODEL_ORPHANS_H
#define CT_MODEL_ORPHANS_H
/*
 * Locks whose holder is gone, so that nobody is left who may give them back.
 */
#include "model/model.h"

enum ct_orphan_how {
	CT_ORPHAN_THREAD_ENDED,
	CT_ORPHAN_PROCESS_ENDED,
	CT_ORPHAN_EXEC, /* the holder's process runs another program */
	CT_ORPHAN_FORK, /* another thread held it when fork copied it into this process */
};

struct ct_orphan {
	enum ct_orphan_how how;
	enum ct_mode mode;
	const struct ct_thread *holder;
	uint32_t stack; /* where it took the lock, id in the holder's process; 0 unknown */
	uint64_t since;
	const struct ct_thread *forker; /* of a fork, else NULL */
	uint32_t fork_stack;		/* id in the forker's process */
	uint64_t fork_time;
};

/* Whether the thread waits for a lock that is an orphan, and how that came. */
bool ct_orphan_of(const struct ct_model *model, const struct ct_thread *waiter,
		  struct ct_orphan *out);

/* How a fork or exec made the lock one, and nobody has taken it or given it back since; or NULL. */
const struct ct_orphan *ct_orphan_left(const struct ct_object *lock);

/* For model/ itself. The lock was taken, or given back: it is no orphan of a fork or exec. */
void ct_orphan_found(const struct ct_object *lock);
/* `thread` held the lock until its process began another program. */
CT_MUST_CHECK enum ct_status ct_orphan_by_exec(struct ct_model *model,
					       const struct ct_thread *thread,
					       const struct ct_held_lock *lock);
/* The copies, in the child whose first thread is `first`, of what other threads than the forking
 * one hold. */
CT_MUST_CHECK enum ct_status
ct_orphans_by_fork(struct ct_model *model, const struct ct_thread *forker, struct ct_thread *first);

#endif
