#ifndef CT_GRADE_JOB_SIGNALS_H
#define CT_GRADE_JOB_SIGNALS_H
/*
 * The signals that tell us to end. They are blocked while jobs run, and stay pending in who runs
 * one: so that what comes next sees them as well, and no handler needs a global to write to.
 */
#include <signal.h>

struct ct_job_signals_before {
	sigset_t mask;
	struct sigaction child;
};

/* SIGINT, SIGTERM, SIGHUP, but those that are ignored. */
void ct_job_signals(sigset_t *out);

/* Blocks them and SIGCHLD. SIGCHLD is no longer ignored: the kernel would reap for us. */
void ct_job_signals_block(struct ct_job_signals_before *out_before);
void ct_job_signals_unblock(const struct ct_job_signals_before *before);

/* One that has come and is pending, or 0. */
int ct_job_signals_came(void);

#endif
