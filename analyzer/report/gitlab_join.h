#ifndef CT_REPORT_GITLAB_JOIN_H
#define CT_REPORT_GITLAB_JOIN_H
/*
 * Code Quality reports of several runs, made one: private to report_gitlab.c.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct ct_report_run;
struct ct_text;

/* See ct_reporter.join. A finding that a later run has again, with better evidence, stands there
 * once, as the later run has it: GitLab wants each fingerprint once. */
CT_MUST_CHECK enum ct_status ct_gitlab_join(struct ct_text *whole, const struct ct_text *part,
					    const struct ct_report_run *run);

#endif
