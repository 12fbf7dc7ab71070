#ifndef CT_REPORT_SARIF_JOIN_H
#define CT_REPORT_SARIF_JOIN_H
/*
 * SARIF logs of several runs, made one: private to report_sarif.c.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct ct_report_run;
struct ct_text;

/* See ct_reporter.join. A run's automationDetails.id ends with its number and a slash. Of more than
 * code hosts take, runs that found nothing are left out first; those that found something and have
 * no room are told of in a notification. */
CT_MUST_CHECK enum ct_status ct_sarif_join(struct ct_text *whole, const struct ct_text *part,
					   const struct ct_report_run *run);

#endif
