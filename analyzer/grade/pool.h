#ifndef CT_GRADE_POOL_H
#define CT_GRADE_POOL_H
/*
 * Runs a list of pieces of work, several at a time, each in a process of its own. SIGINT, SIGTERM
 * or SIGHUP end all of it: no further piece begins, and the workers are told by SIGTERM.
 *
 * In a worker these signals are blocked and stay pending: ct_job_run returns CT_JOB_INTERRUPTED
 * at once then, and ct_pool_is_ending says so to everybody else. Nothing is cut in the middle.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* In a worker: does piece `index`, returns 0 to 127. */
typedef int ct_pool_work_fn(void *context, size_t index);
/* In the parent: the piece has been done. `status` is what its work returned; -1: its process died
 * and what came of it is not known. */
typedef void ct_pool_done_fn(void *context, size_t index, int status);

struct ct_pool_options {
	size_t workers; /* at the same time; 0: as many as there are processors */
	size_t count;	/* of pieces */
	ct_pool_done_fn *done;
	void (*tick)(void *context); /* some times a second, for a clock on the terminal; or NULL */
};

/* CT_EINTR: it was told to end, and `*out_signal` is by what; pieces that had begun are done or
 * have seen that they are to end, and none of their processes is left. CT_EIO: no worker could be
 * started. The caller has no children of its own meanwhile. */
CT_MUST_CHECK enum ct_status ct_pool_run(const struct ct_pool_options *options,
					 ct_pool_work_fn *work, void *context, int *out_signal,
					 struct ct_error *error);

/* In a worker: a signal that ends everything has come. */
bool ct_pool_is_ending(void);

#endif
