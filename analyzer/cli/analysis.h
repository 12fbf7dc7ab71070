#ifndef CT_CLI_ANALYSIS_H
#define CT_CLI_ANALYSIS_H
/*
 * A trace with everything that is found in it.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include "base/status.h"
#include "finding/finding.h"
#include "live/scan.h"
#include "model/kernel_view.h"
#include "model/model.h"
#include "model/names.h"
#include "model/symbols.h"
#include "reader/reader.h"

struct ct_analysis {
	struct ct_trace *trace;
	struct ct_kernel_view kernel_view; /* empty: of a dead program */
	struct ct_model *model;
	struct ct_findings findings;
	struct ct_symbols *symbols; /* NULL: debug information cannot be had */
	struct ct_naming naming;
};

/* `max_bytes`: of a large trace, what was recorded last (ct_trace_open_recent); 0: all. `live`:
 * what the program does now, of which the kernel is asked for more; NULL: it is dead. CT_EINTR when
 * `unwanted` becomes true meanwhile; NULL: when the user interrupts it (interrupt.h), who sees on a
 * terminal how far it is. */
CT_MUST_CHECK enum ct_status ct_analysis_new(const char *path, uint64_t max_bytes,
					     const struct ct_scan *live,
					     const atomic_bool *unwanted, struct ct_error *error,
					     struct ct_analysis **out_analysis);
/* Of all of the trace, when a program has ended that was watched over. `before`: of when threads of
 * it were found to hang, or NULL; what the kernel said then of file locks, and of who else could
 * end their waits, holds to the end for those who have not moved since. It is taken out of
 * `before`. Of what was not found then, nothing is said that only the kernel knows.  `stood`: what
 * was found stood until the program was ended, so that it may count what a signal could end.
 * `until`: when it was made to end, in ticks, as that is not its own doing; 0: it was not. An
 * interrupt ends it with CT_EINTR. */
CT_MUST_CHECK enum ct_status ct_analysis_final(const char *path, struct ct_analysis *before,
					       bool stood, uint64_t until, struct ct_error *error,
					       struct ct_analysis **out_analysis);
void ct_analysis_free(struct ct_analysis *analysis);

/* Whether an error-severity finding has this evidence or better. */
bool ct_analysis_fails(const struct ct_analysis *analysis, enum ct_evidence level);

/* Says what could not be read, a line each; returns whether there was any. */
bool ct_analysis_say_problems(const struct ct_trace *trace);

/* Says it if a part of a large trace was not read. */
void ct_analysis_say_left_out(const struct ct_trace *trace);

#endif
