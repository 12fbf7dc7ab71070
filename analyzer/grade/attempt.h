#ifndef CT_GRADE_ATTEMPT_H
#define CT_GRADE_ATTEMPT_H
/*
 * One run of a submission under `conctrace run`, and what came of it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "finding/finding.h"
#include "grade/job.h"
#include "grade/rubric.h"
#include "grade/verdict.h"
#include "report/reporter.h"

/* A finding of the JSON report. */
struct ct_seen {
	const char *id, *about; /* about: or NULL */
	const struct ct_rule *rule;
	enum ct_severity severity;
	enum ct_evidence evidence;
	bool fails;
	bool hangs; /* it tells of threads that wait, and why nobody wakes them */
	const char *headline, *fix, *details;
	const char *file, *function; /* or NULL */
	int64_t line;		     /* 0: not known */
};

struct ct_attempt {
	uint64_t seed;
	enum ct_verdict verdict;
	const char *why; /* "exited with status 3, not 0"; "" if it is clean */
	bool went_wrong; /* crash, exit status, limit: also if a finding is worse */
	bool slow, hung;
	bool reported;		/* uses and findings are known */
	const char *difference; /* what is wrong with its output, or NULL */
	struct ct_seen *findings;
	size_t finding_count;
	const char **uses; /* what it used at all, by the names of the report */
	size_t use_count;
	const char **unseen; /* what the report lacks, a sentence each */
	size_t unseen_count;
	bool races_looked_for;
	bool cpu_known;
	uint64_t cpu_ms;
};

/* What all runs of a submission have in common; paths are absolute. */
struct ct_attempt_setting {
	struct ct_arena *arena; /* of all that is in the attempts */
	const struct ct_rubric *rubric;
	const struct ct_rubric_names *names;
	const char *conctrace;		/* the command itself */
	const char *const *environment; /* of all jobs */
	const char *const *readable, *const *hidden;
	const char *built;   /* folder with the program, not touched */
	const char *work;    /* is made of it for each run, and removed */
	const char *results; /* gets a folder named by the seed */
	enum ct_sandbox sandbox;
	bool keep_traces;
};

/* CT_EINTR: it was told to end. Other errors are ours. */
CT_MUST_CHECK enum ct_status ct_attempt_run(const struct ct_attempt_setting *setting, uint64_t seed,
					    struct ct_error *error, struct ct_attempt *out);

struct ct_attempt_report {
	struct ct_program_end end;
	int exit_status; /* of conctrace */
};

/* Reads the JSON report, which the program could write to: nothing in it is believed that does not
 * have the right type. Fills findings, uses and processor time of the attempt. CT_EFORMAT: it is
 * damaged, or not ours. */
CT_MUST_CHECK enum ct_status ct_attempt_report_read(const char *text, size_t length,
						    const struct ct_rubric_names *names,
						    struct ct_arena *arena,
						    struct ct_attempt *attempt,
						    struct ct_attempt_report *out);

/* What is wrong with the output, in the arena; NULL: nothing. CT_EIO, CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_attempt_output_check(const struct ct_rubric *rubric,
						     const char *path, struct ct_arena *arena,
						     const char **out_difference);

#endif
