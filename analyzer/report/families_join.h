#ifndef CT_REPORT_FAMILIES_JOIN_H
#define CT_REPORT_FAMILIES_JOIN_H
/*
 * The tests (families.h) of several runs as one: those of the run in which the most of them fail.
 */
#include <jansson.h>

#include "base/status.h"

struct ct_text;

/* How many tests of a report fail. */
typedef size_t ct_count_failed_fn(const json_t *report);

/* As ct_reporter.join. */
CT_MUST_CHECK enum ct_status ct_families_join(struct ct_text *whole, const struct ct_text *part,
					      ct_count_failed_fn *count_failed);

#endif
