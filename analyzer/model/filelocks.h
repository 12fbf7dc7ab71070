#ifndef CT_MODEL_FILELOCKS_H
#define CT_MODEL_FILELOCKS_H
/*
 * Who holds which bytes of a file: flock, lockf, fcntl. Private to model/.
 *
 * These locks belong to a process or to an open file, not to a thread, so no thread's held set has
 * them. Which descriptors share an open file is not known: each counts as an open file of its own,
 * which is exact as long as none is duplicated.
 */
#include "model/kernel_view.h"
#include "model/state.h"

/* A FILE_LOCK that was done: locks, changes or unlocks. */
CT_MUST_CHECK enum ct_status ct_file_lock_apply(const struct ct_step *step);

/* The thread that took the `index`-th of those locks on a file which exclude one that `wants` asks
 * for, or NULL. */
const struct ct_thread *ct_file_lock_blocker(const struct ct_object *file,
					     const struct ct_thread *wants,
					     const struct ct_payload_file_lock *wanted,
					     size_t index);

/* As the kernel has it, but for device and inode, which the trace does not tell. */
struct ct_kernel_lock ct_file_lock_wanted(const struct ct_payload_file_lock *wanted);

/* Where `process` took the lock that excludes the wanted one; false: the trace does not tell, as of
 * one that came by a fork. Whether it still holds it, model->kernel_view tells. */
bool ct_file_lock_taken(const struct ct_object *file, const struct ct_thread *wants,
			const struct ct_payload_file_lock *wanted, const struct ct_process *process,
			struct ct_held_lock *out);

void ct_file_locks_free(struct ct_file_locks *locks);

#endif
