#ifndef CT_GRADE_SUBMISSION_GRADE_H
#define CT_GRADE_SUBMISSION_GRADE_H
/*
 * One submission from its files to its result.
 */
#include "grade/grade.h"

/* In a worker, which has no other children. `scratch`: a folder of its own that does not exist, and
 * does not afterwards. */
enum ct_grade_status ct_submission_grade(const struct ct_grade *grade, const char *name,
					 const char *scratch);

#endif
