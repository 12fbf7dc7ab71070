#ifndef CT_REPORT_GITHUB_JOIN_H
#define CT_REPORT_GITHUB_JOIN_H
/*
 * The annotations that GitHub takes of one step, and those of several runs, made one. Private to
 * report_github.c.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct ct_report_run;
struct ct_text;

/* GitHub shows so many of a level for a step, and drops the others. */
#define CT_GITHUB_ANNOTATIONS 10u

/* A step whose page is larger than 1 MiB loses it; the step may write more than this. */
#define CT_GITHUB_PAGE_BYTES 1000000u
/* How a page begins. */
#define CT_GITHUB_PAGE_TITLE "### conctrace"

/* The last notice: how many findings have no annotation. Nothing of none. */
void ct_github_add_rest(struct ct_text *out, size_t count);

/* See ct_reporter.join. */
CT_MUST_CHECK enum ct_status ct_github_join(struct ct_text *whole, const struct ct_text *part,
					    const struct ct_report_run *run);
/* The same of pages: of the runs that found something new, or of the first. */
CT_MUST_CHECK enum ct_status ct_github_join_page(struct ct_text *whole, const struct ct_text *part,
						 const struct ct_report_run *run);

#endif
