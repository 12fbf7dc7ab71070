#ifndef CT_GRADE_JOB_H
#define CT_GRADE_JOB_H
/*
 * One command of somebody whom nobody trusts (a build, a run of `conctrace run`): with limits, in a
 * sandbox where there is one, and nothing of it is left when it is over, whatever it did: children
 * that ran away, killed process groups, fork bombs, endless output.
 *
 * Not thread-safe: a job is run by a process that has no other children.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/* 0 is no limit. */
struct ct_job_limits {
	uint64_t wall_ms;
	uint64_t memory_bytes; /* of all its processes together, resident */
	uint64_t own_bytes;    /* not 0: its first process is ours, has this for itself, and
				* does not count for what else is limited */
	uint64_t output_bytes; /* of standard output and error, each */
	uint64_t file_bytes;   /* that it may write below `folder` in all */
	uint32_t processes;    /* at once, threads counted */
};

enum ct_sandbox {
	CT_SANDBOX_AUTO, /* bubblewrap if it works here, else none */
	CT_SANDBOX_NONE, /* limits only; as root: a user id of its own all the same */
	CT_SANDBOX_BWRAP,
};

struct ct_job {
	const char *const *argv;	/* NULL-terminated; argv[0] is looked up in PATH */
	const char *const *environment; /* "NAME=value", NULL-terminated: all that it gets */
	const char *folder;		/* absolute: works in it, the only place it may write to */
	const char *const *readable;	/* NULL-terminated: further places it needs to see */
	const char *const *hidden;	/* or NULL; folders that it shall not see, if it can be kept
					 * from it: what is readable within them it sees */
	const char *input;		/* file; NULL: /dev/null */
	const char *output, *error_output; /* files, made anew; the same name: one file */
	struct ct_job_limits limits;
	enum ct_sandbox sandbox;
};

/* What ended it. */
enum ct_job_ending {
	CT_JOB_EXITED,
	CT_JOB_SIGNALLED,
	CT_JOB_TIME, /* these four: the limit, and it was killed */
	CT_JOB_MEMORY,
	CT_JOB_OUTPUT,
	CT_JOB_PROCESSES,
	CT_JOB_INTERRUPTED, /* we were told to end */
	CT_JOB_FILES,	    /* as those four: more than file_bytes */
};

struct ct_job_end {
	enum ct_job_ending ending;
	int status;	  /* exit status, or the signal */
	uint64_t wall_ms; /* from start to end */
	uint64_t peak_memory_bytes;
	uint32_t peak_processes;
	bool own_memory;  /* CT_JOB_MEMORY: it was own_bytes */
	bool own_alone;	  /* when last looked at, its first process was alone, and ran */
	bool left_behind; /* processes of it had to be killed after it ended */
};

/* Runs it to its end. An error is our own failure (cannot fork, no such sandbox, disk full): the
 * command was not run, or what came of it is not known. CT_ENOTFOUND: there is no such command.
 * `folder` and all in it are our own before and after; only if we are killed meanwhile they may
 * belong to another user: ct_job_take_back.
 *
 * SIGINT, SIGTERM and SIGHUP are blocked meanwhile: they end the job, stay pending, and reach the
 * caller as they would have when all is over. */
CT_MUST_CHECK enum ct_status ct_job_run(const struct ct_job *job, struct ct_error *error,
					struct ct_job_end *out_end);

/* Makes `folder` and all in it our own again, so that it can be read and removed. */
CT_MUST_CHECK enum ct_status ct_job_take_back(const char *folder, struct ct_error *error);

/* To be called first thing in main() of whoever runs jobs: the executable starts itself again
 * inside the sandbox. True: this is such a process, and it is to end with `*out_status`. */
CT_MUST_CHECK bool ct_job_inside(int argc, char **argv, int *out_status);

/* Whether bubblewrap works here; if not, why (static or until the next call). Runs it once. */
bool ct_sandbox_works(const char **out_why_not);

/* "exited with status 3", "was killed: more than 64 processes" */
struct ct_text;
void ct_job_end_text(struct ct_text *out, const struct ct_job *job, const struct ct_job_end *end);

#endif
