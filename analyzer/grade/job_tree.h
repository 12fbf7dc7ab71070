#ifndef CT_GRADE_JOB_TREE_H
#define CT_GRADE_JOB_TREE_H
/*
 * The processes below the calling one, by /proc. The caller is a subreaper: whoever loses its
 * parent becomes its child, so that nobody gets out of the tree.
 * Source: proc_pid_stat(5).
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

struct ct_job_process {
	pid_t pid, parent;
	char state;	  /* Z: is over */
	uint64_t start;	  /* with pid, it names one process for good */
	uint64_t threads; /* a zombie has none */
	uint64_t resident_bytes;
};

struct ct_job_tree {
	struct ct_job_process *list; /* owned */
	size_t count, cap;
	const pid_t *spared; /* borrowed: they and those below them are none of it */
	size_t spared_count;
};

/* Reads it anew. Who comes or goes meanwhile may be missed. */
CT_MUST_CHECK enum ct_status ct_job_tree_read(struct ct_job_tree *tree);
void ct_job_tree_fini(struct ct_job_tree *tree);

uint64_t ct_job_tree_threads(const struct ct_job_tree *tree);
/* The process that was started, whose `generation` forebears below the caller only start it: at
 * each step from the caller down, the child that has been there longest. NULL: it is over. */
const struct ct_job_process *ct_job_tree_first(const struct ct_job_tree *tree, uint32_t generation);
/* Of one. */
uint64_t ct_job_process_memory(const struct ct_job_process *process, bool exactly);
/* Resident memory. `exactly`: what several share is counted once; that takes long. */
uint64_t ct_job_tree_memory(const struct ct_job_tree *tree, bool exactly);

/* Stops all of them first: where a limit on processes is reached, each that is killed would only
 * make room for another. Reads the tree. */
CT_MUST_CHECK enum ct_status ct_job_tree_kill(struct ct_job_tree *tree);

/* Whose process it is; false: it is gone. */
CT_MUST_CHECK bool ct_job_process_user(pid_t pid, uid_t *out);
/* Threads of all processes of a user. */
uint64_t ct_job_threads_of(uid_t user);
/* A process of that user exists. */
bool ct_job_user_is_busy(uid_t user);

#endif
