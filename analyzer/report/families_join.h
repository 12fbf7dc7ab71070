#ifndef CT_REPORT_FAMILIES_JOIN_H
#define CT_REPORT_FAMILIES_JOIN_H
/*
 * The tests (families.h) of several runs as one: a test fails if it does in one of them, and says
 * then what it says in the first of those. A run has only findings that are new: the tests of one
 * run alone would pass over what the others found.
 */
#include <jansson.h>
#include <stdbool.h>

#include "base/status.h"

struct ct_text;

/* Whether a test of a report fails. */
typedef bool ct_test_failed_fn(const json_t *test);

/* As ct_reporter.join; `tests`: key of the array that has them, each with its "name". */
CT_MUST_CHECK enum ct_status ct_families_join(struct ct_text *whole, const struct ct_text *part,
					      const char *tests, ct_test_failed_fn *failed);

#endif
