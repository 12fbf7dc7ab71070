#ifndef CT_FINDING_BASELINE_H
#define CT_FINDING_BASELINE_H
/*
 * An old report, so that only what is new is told: the JSON of --json (docs/json.md), one run or
 * several. A finding is known if the old report has its fingerprint at least as often.
 */
#include "base/status.h"

struct ct_baseline;
struct ct_findings;

/* CT_EIO, CT_EFORMAT, CT_EVERSION: the message says what to do. */
CT_MUST_CHECK enum ct_status ct_baseline_read(const char *path, struct ct_error *error,
					      struct ct_baseline **out_baseline);
void ct_baseline_free(struct ct_baseline *baseline); /* NULL is nothing */

/* Sets `hiding` of what is known. A finding whose evidence is better than it was then is new. */
void ct_baseline_apply(const struct ct_baseline *baseline, struct ct_findings *findings);

#endif
