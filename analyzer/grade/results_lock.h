#ifndef CT_GRADE_RESULTS_LOCK_H
#define CT_GRADE_RESULTS_LOCK_H
/*
 * One grader at a time writes to a folder of results: two would mix their runs of a submission.
 */
#include "base/status.h"

/* Locks a folder, by a file in it, so that other machines see it, too. Held until this process and
 * its workers have closed `out_fd`, however they end. CT_EUSAGE: another grader has it; CT_EWRITE.
 * A file system without locks is no error. */
CT_MUST_CHECK enum ct_status ct_results_lock(const char *folder, int *out_fd,
					     struct ct_error *error);

#endif
