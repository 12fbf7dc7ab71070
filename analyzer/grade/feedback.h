#ifndef CT_GRADE_FEEDBACK_H
#define CT_GRADE_FEEDBACK_H
/*
 * The page that a student gets: verdict, points, and what cost them, with all that is known of it.
 */
#include "base/status.h"

struct ct_result;
struct ct_rubric;
struct ct_text;

CT_MUST_CHECK enum ct_status ct_feedback_html(const struct ct_rubric *rubric,
					      const struct ct_result *result, struct ct_text *out);

#endif
