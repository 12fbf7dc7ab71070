#ifndef CT_MODEL_FILELOCKS_H
#define CT_MODEL_FILELOCKS_H
/*
 * Who holds which bytes of a file: flock, lockf, fcntl. Private to model/.
 *
 * These locks belong to a process or to an open file, not to a thread, so no thread's held set has
 * them. Which descriptors share an open file is not known: each counts as an open file of its own,
 * which is exact as long as none is duplicated.
 */
#include "model/state.h"

/* A FILE_LOCK that was done: locks, changes or unlocks. */
CT_MUST_CHECK enum ct_status ct_file_lock_apply(const struct ct_step *step);

/* The thread that took the `index`-th of those locks on a file which exclude one that `wants` asks
 * for, or NULL. */
const struct ct_thread *ct_file_lock_blocker(const struct ct_object *file,
					     const struct ct_thread *wants,
					     const struct ct_payload_file_lock *wanted,
					     size_t index);

void ct_file_locks_free(struct ct_file_locks *locks);

#endif
