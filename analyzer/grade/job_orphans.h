#ifndef CT_GRADE_JOB_ORPHANS_H
#define CT_GRADE_JOB_ORPHANS_H
/*
 * Processes of jobs whose runner was killed. They are below the caller, who was a subreaper by
 * then.
 */
#include <stddef.h>
#include <sys/types.h>

/* Ends all processes below the caller but `spared` and what is below those. Who
 * has ended is left for the caller to wait for. */
void ct_job_orphans_end(const pid_t *spared, size_t count);

#endif
