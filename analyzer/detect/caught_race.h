#ifndef CT_DETECT_CAUGHT_RACE_H
#define CT_DETECT_CAUGHT_RACE_H
/*
 * Findings of accesses that were caught in the act. What is done at the same two lines to the same
 * variable is one finding, whichever of their instructions met, and the surest is told. Where lines
 * are not known, instructions that are close together count as one.
 */
#include "finding/finding.h"
#include "model/caught.h"

CT_MUST_CHECK enum ct_status ct_caught_tell(const struct ct_rule *rule,
					    const struct ct_model *model,
					    const struct ct_caught *caught,
					    struct ct_findings *findings);

#endif
