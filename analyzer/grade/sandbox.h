#ifndef CT_GRADE_SANDBOX_H
#define CT_GRADE_SANDBOX_H
/*
 * The command in namespaces of its own, made by bubblewrap: all of the machine's files can only be
 * read, homes and temporary folders are empty, there is no network. Our own executable is process 1
 * there: nothing in it can kill that, and when it ends the kernel kills all the rest.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"

struct ct_job;

enum { CT_SANDBOX_HELPERS = 2 }; /* bubblewrap and process 1 */

struct ct_sandbox_command {
	struct ct_arena arena;
	char **argv; /* argv[0] is a path; NULL: none was made */
};

/* What runs `job` in a sandbox and writes struct ct_job_news to descriptor `news`. */
CT_MUST_CHECK enum ct_status ct_sandbox_command_make(struct ct_sandbox_command *out,
						     const struct ct_job *job, int news,
						     struct ct_error *error);
void ct_sandbox_command_fini(struct ct_sandbox_command *command);

#endif
