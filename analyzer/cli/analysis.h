#ifndef CT_CLI_ANALYSIS_H
#define CT_CLI_ANALYSIS_H
/*
 * A trace with everything that is found in it.
 */
#include <stdbool.h>

#include "base/status.h"
#include "finding/finding.h"
#include "model/model.h"
#include "model/names.h"
#include "model/symbols.h"
#include "reader/reader.h"

struct ct_analysis {
	struct ct_trace *trace;
	struct ct_model *model;
	struct ct_findings findings;
	struct ct_symbols *symbols; /* NULL: debug information cannot be had */
	struct ct_naming naming;
};

/* `max_bytes`: of a large trace, what was recorded last (ct_trace_open_recent); 0: all. */
CT_MUST_CHECK enum ct_status ct_analysis_new(const char *path, uint64_t max_bytes,
					     struct ct_error *error,
					     struct ct_analysis **out_analysis);
void ct_analysis_free(struct ct_analysis *analysis);

/* Whether an error-severity finding has this evidence or better. */
bool ct_analysis_fails(const struct ct_analysis *analysis, enum ct_evidence level);

/* Says what could not be read, a line each; returns whether there was any. */
bool ct_analysis_say_problems(const struct ct_trace *trace);

/* Says it if a part of a large trace was not read. */
void ct_analysis_say_left_out(const struct ct_trace *trace);

#endif
