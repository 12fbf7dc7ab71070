#ifndef CT_CLI_CONFIRM_H
#define CT_CLI_CONFIRM_H
/*
 * Runs a recorded program again, steered to the deadlocks that were predicted of it, to see whether
 * they come about. Each attempt is a run as `conctrace run` makes it, watched in the same way; the
 * one that deadlocks as predicted leaves its trace beside the first, as TRACE.confirm-N.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding/finding.h"

struct ct_analysis;

enum { CT_CONFIRM_ATTEMPTS = 10, CT_CONFIRM_TIMEOUT_MS = 60000 };

struct ct_confirm_options {
	uint64_t attempts;	/* of each finding, 1 to CT_CONFIRM_ATTEMPTS */
	uint64_t timeout_ms;	/* of each attempt */
	bool shown;		/* what the program prints is */
	enum ct_evidence least; /* findings of less are not tried */
	const char *which;	/* number or fingerprint of a finding; NULL: all */
};

struct ct_confirm_counts {
	size_t tried, confirmed;
	int interrupted; /* by that signal, or 0 */
};

/* Tries the findings of a trace. Those that are confirmed get that evidence; of all that were tried
 * `rerun` tells what came of it. What goes on is said on standard error. Returns 0, or the exit
 * status of what failed, which was said. */
int ct_confirm(const struct ct_confirm_options *options, const char *trace,
	       struct ct_analysis *analysis, struct ct_confirm_counts *out);

#endif
