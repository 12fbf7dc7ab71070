#ifndef CT_GRADE_POINTS_H
#define CT_GRADE_POINTS_H
/*
 * From the runs of a submission to its verdict and points. What counts is the union of all runs: a
 * finding costs once, however many runs show it.
 */
#include "base/status.h"

struct ct_result;
struct ct_rubric;

/* Of a result that has its attempts: the worst verdict, findings, deductions, points. CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_points_judge(const struct ct_rubric *rubric,
					     struct ct_result *result);
/* Of one that does not build, for the reason that `result->why` says. */
CT_MUST_CHECK enum ct_status ct_points_no_build(const struct ct_rubric *rubric,
						struct ct_result *result);

#endif
