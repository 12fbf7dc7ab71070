#ifndef CT_GRADE_JOB_USER_H
#define CT_GRADE_JOB_USER_H
/*
 * A user id for one job, if we are root: nobody else's process has it, so that limits count the
 * job alone, its signals reach only itself, and one call kills all of it at once.
 */
#include <stdbool.h>
#include <sys/types.h>

#include "base/status.h"
#include "grade/job_folder.h"

struct ct_job_user {
	bool own;     /* false: we are not root, all runs as ourselves */
	uid_t id;     /* also the group's */
	uid_t killer; /* may kill those of `id`, who may not kill it */
	int lock;     /* as long as it is open nobody else takes this id */
};

/* Takes a free one. */
CT_MUST_CHECK enum ct_status ct_job_user_take(struct ct_job_user *out, struct ct_error *error);
void ct_job_user_release(struct ct_job_user *user);

/* All ids that jobs may have; ourselves if we are not root. */
struct ct_job_owners ct_job_users(void);

/* The one with that id, from a runner that was killed, whatever is left of it. False: jobs do not
 * have it, or somebody has taken it. */
CT_MUST_CHECK bool ct_job_user_inherit(uid_t id, struct ct_job_user *out);

/* In a child: becomes it for good. False: errno tells why not. */
CT_MUST_CHECK bool ct_job_user_become(const struct ct_job_user *user);

/* Kills all of its processes at one instant: who is amid a fork does not get to its end. For a user
 * of its own only. False: no process could be started for that. */
CT_MUST_CHECK bool ct_job_user_kill(const struct ct_job_user *user);

#endif
