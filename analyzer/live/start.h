#ifndef CT_LIVE_START_H
#define CT_LIVE_START_H
/*
 * How the program of a trace was started (format/ct_start.h), and how to start it so again. The
 * environment is for the program alone: it is never shown.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

struct ct_start {
	struct ct_arena arena;		 /* holds all of this */
	char **arguments, **environment; /* NULL-terminated; without what recording had put there */
	const char *directory, *program;
	const char *input; /* file to be read from, or NULL: /dev/null */
	uint64_t input_at; /* position in it */
	bool input_gone;   /* it was a pipe, a terminal or the like */
};

/* CT_ENOTFOUND: the trace does not have it; CT_EUSAGE: the trace is another user's; CT_EFORMAT.
 * `out` is to be released after CT_OK only. */
CT_MUST_CHECK enum ct_status ct_start_read(const char *trace, struct ct_start *out,
					   struct ct_error *error);
void ct_start_fini(struct ct_start *start);

/* In the child that becomes the program: directory, environment and standard input as they were;
 * what it prints goes nowhere unless `shown`. False: errno says why not. */
bool ct_start_enter(const struct ct_start *start, bool shown);

#endif
