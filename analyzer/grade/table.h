#ifndef CT_GRADE_TABLE_H
#define CT_GRADE_TABLE_H
/*
 * The class table: a CSV file (RFC 4180) with a line for each submission, and how many findings of
 * each rule it has. Two runs of the same submissions give the same bytes.
 */
#include <stddef.h>

#include "base/status.h"
#include "grade/result.h"

struct ct_text;

struct ct_class_table_row {
	char *name; /* owned */
	struct ct_result_row result;
	size_t folder; /* of those that were read */
};

struct ct_class_table {
	const struct ct_rule *const *rules;
	struct ct_class_table_row *rows; /* owned */
	size_t count, cap;
};

/* The results in each of the folders. One submission in two of them counts once if the result is
 * of the same key, else CT_EUSAGE names both. CT_EIO. */
CT_MUST_CHECK enum ct_status ct_class_table_read(const char *const *folders,
						 const struct ct_rule *const *rules,
						 struct ct_error *error,
						 struct ct_class_table *out);
/* CT_EUSAGE names two that are by another rubric. */
CT_MUST_CHECK enum ct_status ct_class_table_check(const struct ct_class_table *table,
						  const char *const *folders,
						  struct ct_error *error);
/* Leaves the submissions that are listed, by that rubric (ct_rubric_key); returns how many go. */
struct ct_submissions;
size_t ct_class_table_keep(struct ct_class_table *table, const struct ct_submissions *list,
			   uint64_t rubric_key);
void ct_class_table_fini(struct ct_class_table *table);

CT_MUST_CHECK enum ct_status ct_class_table_csv(const struct ct_class_table *table,
						struct ct_text *out);

#endif
