#ifndef CT_GRADE_RUBRIC_H
#define CT_GRADE_RUBRIC_H
/*
 * What a teacher asks of submissions and what each thing costs: an INI file (docs/grading.md).
 * Points are counted in hundredths, so that they add up.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "finding/finding.h"

struct ct_text;

#define CT_POINT INT64_C(100)

/* Of a whole section where each key is a name. */
struct ct_rubric_price {
	const char *name; /* a rule's id; a name of "uses" in the JSON report */
	int64_t points;
};

struct ct_rubric_prices {
	struct ct_rubric_price *items; /* owned */
	size_t count, cap;
};

struct ct_rubric_file {
	const char *path; /* absolute; NULL: none */
	const char *text;
	size_t length;
};

struct ct_rubric {
	struct ct_arena arena;
	uint64_t hash; /* of the file and of those that it names */

	const char *title;
	int64_t points;
	uint64_t runs, seed;

	const char *build_command; /* for sh -c; NULL: make, or the compiler */
	uint64_t build_timeout_ms;
	bool race;

	const char *command;
	const char *races; /* as of `conctrace run --races` */
	struct ct_rubric_file input;
	uint64_t timeout_ms, memory_bytes, processes, output_bytes, exit_status;

	struct ct_rubric_file expect;
	const char *contains, *match;
	int64_t output_points;

	int64_t evidence_points[CT_OBSERVED + 1];
	uint64_t max_findings;
	int64_t deadlocked, failed, slow, incomplete, no_build;
	struct ct_rubric_prices rules;

	struct ct_rubric_prices require, forbid;
	int64_t busy_waiting;
	uint64_t cpu_ms; /* more processor time than that in a run is busy waiting */
};

/* What names there are; both NULL-terminated. */
struct ct_rubric_names {
	const struct ct_rule *const *rules;
	const char *const *uses;
};

/* All as it is when the file says nothing. */
void ct_rubric_init(struct ct_rubric *rubric);
void ct_rubric_fini(struct ct_rubric *rubric);

/* CT_EIO; CT_EFORMAT: the message begins with FILE:LINE. `out` is to be released in any case. */
CT_MUST_CHECK enum ct_status ct_rubric_read(const char *path, const struct ct_rubric_names *names,
					    struct ct_error *error, struct ct_rubric *out);
/* The same of a text in memory that is called `path`; files that it names are looked for below the
 * folder of `path`. */
CT_MUST_CHECK enum ct_status ct_rubric_parse(const char *text, const char *path,
					     const struct ct_rubric_names *names,
					     struct ct_error *error, struct ct_rubric *out);

/* Of the rubric as it was read, the seeds of the runs, and the version of conctrace: results with
 * another one do not belong together. */
uint64_t ct_rubric_key(const struct ct_rubric *rubric, const char *version);

/* A rubric with all keys, explained. */
extern const char ct_rubric_example[];

/* "7.5" */
void ct_points_add(struct ct_text *out, int64_t points);

#endif
