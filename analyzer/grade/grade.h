#ifndef CT_GRADE_GRADE_H
#define CT_GRADE_GRADE_H
/*
 * A class of submissions: each is built, run and judged in a process of its own, and what came of
 * it lies in a folder of its name. What has a result already is left alone.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "grade/job.h"
#include "grade/rubric.h"
#include "grade/submission.h"

/* What a worker says of its submission. */
enum ct_grade_status {
	CT_GRADE_DONE,
	CT_GRADE_SKIPPED, /* it had a result */
	CT_GRADE_INTERRUPTED,
	CT_GRADE_FAILED, /* for reasons of ours */
};

struct ct_grade {
	const struct ct_rubric *rubric;
	const struct ct_rubric_names *names;
	const struct ct_submissions *list;
	const char *submissions, *results; /* folders; absolute */
	const char *rubric_folder;	   /* absolute */
	const char *conctrace;		   /* absolute path of the command */
	const char *library;		   /* absolute path of what it preloads */
	const char *race;		   /* folder of what it links programs with; or NULL */
	const char *version;
	size_t workers; /* 0: as many as there are processors */
	enum ct_sandbox sandbox;
	bool again, keep_traces;
	/* In the order in which they are done; never CT_GRADE_INTERRUPTED. */
	void (*done)(void *context, size_t index, enum ct_grade_status status);
	/* In the process of a worker: what is done with CT_GRADE_FAILED, and why. */
	void (*failed)(void *context, const char *name, const char *why);
	void (*tick)(void *context);
	void *context;
};

/* CT_EINTR: *out_signal told it to end; what was done is there. Of what could not be graded for
 * reasons of ours there is a result that says so. */
CT_MUST_CHECK enum ct_status ct_grade_all(const struct ct_grade *grade, int *out_signal,
					  struct ct_error *error);

/* All names of "uses" in the JSON report, NULL-terminated; the caller frees the array. NULL: no
 * memory. */
const char **ct_grade_uses(void);

#endif
