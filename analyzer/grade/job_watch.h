#ifndef CT_GRADE_JOB_WATCH_H
#define CT_GRADE_JOB_WATCH_H
/*
 * Looks from time to time at how much a job uses of what has a limit. A look may take one part in
 * twenty of the time, so that on a machine with many processes it is made less often.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "grade/job_tree.h"

struct ct_job;
struct ct_job_end;

struct ct_job_watch {
	const struct ct_job *job;
	uint32_t helpers; /* processes of ours among those of the job */
	bool outside;	  /* the job can write outside its folder; `user` is its own */
	uid_t user;
	uint64_t processes_at, folder_at;
	struct ct_job_tree tree;
};

uint64_t ct_job_now_ms(void);

/* When it wants to be called again, in ct_job_now_ms() time. */
uint64_t ct_job_watch_next(const struct ct_job_watch *watch);

/* Raises the peaks in `end`. True: a limit is passed, end->ending says which. */
bool ct_job_watch_look(struct ct_job_watch *watch, struct ct_job_end *end);
/* The same of its files alone, when nothing of it runs any more. */
bool ct_job_watch_look_at_files(const struct ct_job_watch *watch, struct ct_job_end *end);

void ct_job_watch_fini(struct ct_job_watch *watch);

#endif
