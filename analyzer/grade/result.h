#ifndef CT_GRADE_RESULT_H
#define CT_GRADE_RESULT_H
/*
 * What came of one submission; written to its folder as result.json, from which the class table is
 * made again (docs/grading.md).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "grade/attempt.h"
#include "grade/verdict.h"

/* A finding over all runs. */
struct ct_result_finding {
	const struct ct_seen *seen; /* of the run where its evidence is best */
	const char *seeds;	    /* "1, 4": of the runs that show it */
	int64_t points;		    /* that it costs */
};

struct ct_deduction {
	int64_t points;
	const char *reason;
	const struct ct_result_finding *finding; /* or NULL */
};

/* Strings and arrays live in the arena. */
struct ct_result {
	struct ct_arena arena;
	const char *name; /* UTF-8, else any bytes */
	uint64_t key, rubric_key;
	enum ct_verdict verdict;
	const char *why;
	int64_t points, of;
	struct ct_attempt *attempts;
	size_t attempt_count;
	struct ct_result_finding *findings; /* worst first */
	size_t finding_count;
	struct ct_deduction *deductions;
	size_t deduction_count;
	const char **unseen; /* what the runs did not show, so that something may be missed */
	size_t unseen_count;
	const char *build_command, *build_log; /* "" */
};

void ct_result_init(struct ct_result *result);
void ct_result_fini(struct ct_result *result);

/* So many findings of a rule decide the exit status of conctrace, or cost points. */
size_t ct_result_rule_count(const struct ct_result *result, const struct ct_rule *rule);

CT_MUST_CHECK enum ct_status ct_result_json(const struct ct_result *result,
					    const struct ct_rule *const *rules,
					    struct ct_text *out);

/* What the table needs of a result.json. */
struct ct_result_row {
	uint64_t key, rubric_key;
	bool incomplete; /* not all of the runs could be observed */
	enum ct_verdict verdict;
	int64_t points, of;
	uint64_t *counts; /* of findings, in the order of the rules; owned */
};

/* CT_ENOTFOUND: there is none, or it is damaged: grade it again. */
CT_MUST_CHECK enum ct_status
ct_result_row_read(const char *path, const struct ct_rule *const *rules, struct ct_result_row *out);

#endif
