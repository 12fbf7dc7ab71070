#ifndef CT_CLI_TIMED_TRACE_H
#define CT_CLI_TIMED_TRACE_H
/*
 * A trace with all that is told of its times. While it is read there is a line on a terminal
 * (progress.h).
 */
#include <stdbool.h>

#include "base/status.h"
#include "model/names.h"

struct ct_model;
struct ct_observer;
struct ct_symbols;
struct ct_timing;
struct ct_trace;

struct ct_timed_trace {
	const char *path; /* borrowed */
	struct ct_trace *trace;
	struct ct_model *model;
	struct ct_symbols *symbols; /* NULL: debug information cannot be had */
	struct ct_naming naming;
	struct ct_timing *timing; /* with lanes; NULL: was not asked for */
	bool alive;		  /* its program went on when it was opened */
};

/* The trace, not run yet: `timing` is NULL. Text traces have no times: CT_EUSAGE. */
CT_MUST_CHECK enum ct_status ct_timed_trace_open(const char *path, struct ct_error *error,
						 struct ct_timed_trace **out_timed);
/* Runs it through an observer. CT_EINTR: the user wants no more. */
CT_MUST_CHECK enum ct_status ct_timed_trace_run(struct ct_timed_trace *timed,
						const struct ct_observer *observer,
						struct ct_error *error);
/* Opened and run, with its timing. */
CT_MUST_CHECK enum ct_status ct_timed_trace_new(const char *path, struct ct_error *error,
						struct ct_timed_trace **out_timed);
void ct_timed_trace_free(struct ct_timed_trace *timed);

/* Says what could not be read, and that the program still runs; returns whether something could
 * not be read. */
bool ct_timed_trace_say_problems(const struct ct_timed_trace *timed);

/* Says the error, and returns the exit status; of CT_EINTR nothing is said. */
int ct_timed_trace_fail(const struct ct_error *error);

#endif
