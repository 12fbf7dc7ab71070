#ifndef CT_REPORT_JOIN_H
#define CT_REPORT_JOIN_H
/*
 * Ways to put the files of several runs together: see ct_reporter.join. The time that a part takes
 * does not grow with the whole.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "report/json.h"

struct ct_report_run;
struct ct_text;

/* "seed 7", or "run 7". */
void ct_join_name(struct ct_text *out, const struct ct_report_run *run);

/* Texts: one behind the other, of the runs that have something new. */
CT_MUST_CHECK enum ct_status ct_join_texts(struct ct_text *whole, const struct ct_text *part,
					   const struct ct_report_run *run);

/* Says in one element of "runs" which run it is; false: it is none. */
typedef bool ct_name_run_fn(struct ct_json *json, json_t *element, const struct ct_report_run *run);

/* JSON documents whose last key is the array "runs": one with the runs of all. CT_EFORMAT. */
CT_MUST_CHECK enum ct_status ct_join_runs(struct ct_text *whole, const struct ct_text *part,
					  const struct ct_report_run *run,
					  ct_name_run_fn *name_run);

#endif
