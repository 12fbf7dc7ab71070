#ifndef CT_GRADE_JOB_START_H
#define CT_GRADE_JOB_START_H
/*
 * From the fork to the command: limits, user, descriptors, sandbox.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

struct ct_job;
struct ct_job_signals_before;
struct ct_job_user;

struct ct_job_started {
	pid_t pid;
	int output, error_output; /* to read from; the second is -1 if it is the same */
	int news;		  /* struct ct_job_news comes from it */
	uint32_t helpers;	  /* processes of ours among those of the job */
};

/* What the sandbox and we who start it have to say. */
struct ct_job_news {
	enum ct_job_news_kind {
		CT_JOB_CANNOT_PREPARE = 1, /* status: errno */
		CT_JOB_CANNOT_EXECUTE,	   /* likewise: the command or the sandbox */
		CT_JOB_OVER,		   /* status: as of wait(); `left_behind` */
	} kind;
	int status;
	bool left_behind;
};

CT_MUST_CHECK enum ct_status ct_job_start(const struct ct_job *job, const struct ct_job_user *user,
					  bool in_sandbox,
					  const struct ct_job_signals_before *before,
					  struct ct_job_started *out, struct ct_error *error);

/* Waits a moment for children that are about to end. True: there are others still. */
bool ct_job_reap_rest(void);

/* All descriptors above 2 are closed when another program is executed. */
void ct_job_close_on_exec(void);

#endif
