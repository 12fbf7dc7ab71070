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

struct ct_text;

/* Texts: one behind the other, those that are `told`. */
CT_MUST_CHECK enum ct_status ct_join_texts(struct ct_text *whole, const struct ct_text *part,
					   uint64_t seed, bool told);

/* Says in one element of "runs" which run it is; false: it is none. */
typedef bool ct_name_run_fn(struct ct_json *json, json_t *run, uint64_t seed);

/* JSON documents whose last key is the array "runs": one with the runs of all. CT_EFORMAT. */
CT_MUST_CHECK enum ct_status ct_join_runs(struct ct_text *whole, const struct ct_text *part,
					  uint64_t seed, ct_name_run_fn *name_run);

#endif
