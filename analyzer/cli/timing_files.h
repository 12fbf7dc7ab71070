#ifndef CT_CLI_TIMING_FILES_H
#define CT_CLI_TIMING_FILES_H
/*
 * What `conctrace timing` makes of traces: the text report, JSON and pictures.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* "-" is standard output, NULL: not wanted. */
struct ct_timing_files {
	const char *json, *gantt, *lanes, *parallelism, *speedup;
};

struct ct_timing_show {
	const struct ct_timing_files *files;
	bool color;
	size_t top; /* rows of a table */
};

/* Whether a picture of one trace is wanted. */
bool ct_timing_files_draws(const struct ct_timing_files *files);

/* Whether they can be written without loss: output_check.h. */
CT_MUST_CHECK enum ct_status ct_timing_files_check(const struct ct_timing_files *files,
						   const char *const *traces, size_t count,
						   struct ct_error *error);

/* Both write it all; failures are said. The exit status. */
int ct_timing_show_one(const struct ct_timing_show *show, const char *path);
int ct_timing_show_compared(const struct ct_timing_show *show, const char *const *paths,
			    size_t count);

#endif
