#ifndef CT_MODEL_ONE_PROCESS_H
#define CT_MODEL_ONE_PROCESS_H
/*
 * Things in memory that processes share which work within one process only, as they were not
 * initialised with PTHREAD_PROCESS_SHARED: the kernel looks for who sleeps there in the process of
 * the caller, so that what another process gives wakes nobody. futex(2), FUTEX_PRIVATE_FLAG.
 */
#include "model/traffic.h"

/* Whether its initialiser was told that processes share it; docs/trace-format.md has the bits. */
bool ct_is_meant_shared(const struct ct_object *object);

/* The thread waits, and sleeps as the kernel says, at a condition, semaphore or mutex that works
 * within its process only, which `process` is not: that cannot end the wait any more. */
bool ct_is_cut_off(const struct ct_model *model, const struct ct_thread *thread,
		   const struct ct_process *process);

/* The last signal, post or unlock there, by another process during the wait: it came to nobody.
 * NULL: there is none, or something else keeps the thread from going on. */
const struct ct_deed *ct_gift_in_vain(const struct ct_model *model, const struct ct_thread *thread);

/* For model/ itself: the step may initialise what is copied into shared memory afterwards, so that
 * nothing is known of what is there without an initialisation. */
void ct_one_process_note(const struct ct_model *model, const struct ct_step *step);

#endif
