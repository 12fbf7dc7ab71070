#ifndef CT_GRADE_JOB_OUTSIDE_H
#define CT_GRADE_JOB_OUTSIDE_H
/*
 * What a job without a sandbox leaves outside its folder: where everybody may write, and in System
 * V shared memory, semaphores and message queues. For a user id that only jobs have.
 */
#include <stdint.h>
#include <sys/types.h>

/* What belongs to `user`; nothing is free. `folder`, the job's own, is not looked at. Gives up
 * above `limit`. */
uint64_t ct_job_outside_bytes(uid_t user, const char *folder, uint64_t limit);

/* Removes it. No process of `user` is left. */
void ct_job_outside_remove(uid_t user, const char *folder);

#endif
