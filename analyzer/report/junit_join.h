#ifndef CT_REPORT_JUNIT_JOIN_H
#define CT_REPORT_JUNIT_JOIN_H
/*
 * The JUnit reports of several runs as one: a suite each.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct ct_report_run;
struct ct_text;

/* As ct_reporter.join. */
enum ct_status ct_junit_join(struct ct_text *whole, const struct ct_text *part,
			     const struct ct_report_run *run);

#endif
