#ifndef CT_DETECT_FAILED_LOCK_H
#define CT_DETECT_FAILED_LOCK_H
/*
 * Which locks and semaphores a thread asked for in vain, and has not taken since: what it unlocks
 * then is not its own, as it did not look at the result. That is told as ignored-error; the
 * detector of other wrong unlocks asks here what not to tell again.
 */
#include "base/map.h"
#include "model/model.h"

struct ct_failed_lock {
	uint64_t address; /* of the lock, in the thread's process */
	uint32_t stack;
	uint64_t time;
	uint16_t call; /* the event of the call that failed */
	int error;
};

struct ct_failed_locks {
	struct ct_map index; /* mix of thread and address: place in `items` */
	struct ct_failed_lock *items;
	size_t count, cap;
};

void ct_failed_locks_init(struct ct_failed_locks *failed);
void ct_failed_locks_fini(struct ct_failed_locks *failed);

/* To be called with every step, before or after what else is done with it. */
CT_MUST_CHECK enum ct_status ct_failed_locks_step(struct ct_failed_locks *failed,
						  const struct ct_step *step);

/* Of a step that unlocks: the failure of the thread's last try to take the lock, if that is why it
 * does not hold it; else NULL. Borrowed until the next ct_failed_locks_step. */
const struct ct_failed_lock *ct_failed_lock_unlocked(const struct ct_failed_locks *failed,
						     const struct ct_step *step);

/* The failure of the thread's last try to take the lock or semaphore at `address`; NULL: it has
 * taken it since, or another object began there. Borrowed likewise. */
const struct ct_failed_lock *ct_failed_lock_last(const struct ct_failed_locks *failed,
						 const struct ct_thread *thread,
						 const struct ct_object *object, uint64_t address);

#endif
