#ifndef CT_CLI_PROGRESS_H
#define CT_CLI_PROGRESS_H
/*
 * The line on a terminal that says how far a long trace was read. It comes after a second, and is
 * wiped at the end; where standard error is no terminal there is none. Also where a key of the user
 * is heard that wants no more of it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cli/interrupt.h"

struct ct_progress {
	const char *trace; /* borrowed */
	struct ct_interrupt interrupt;
	uint64_t begin_ms, shown_ms; /* shown_ms 0: nothing is shown */
	int interrupts;		     /* that came before, and meant something else */
	bool wanted;
};

void ct_progress_begin(struct ct_progress *progress, const char *trace);
/* As struct ct_model and struct ct_timing_options want it: `progress` is a struct ct_progress. */
bool ct_progress_step(void *progress, uint64_t events);
void ct_progress_end(struct ct_progress *progress);

#endif
