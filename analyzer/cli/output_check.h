#ifndef CT_CLI_OUTPUT_CHECK_H
#define CT_CLI_OUTPUT_CHECK_H
/*
 * Whether files can be written, and may be: before a command does anything, so that nothing is
 * lost. "-" is standard output.
 */
#include <stddef.h>

#include "base/status.h"

/* What a command is going to write and to read; NULL entries are none. Of a trace folder that is
 * read, each file of the trace counts. */
struct ct_output_files {
	const char *const *written;
	size_t written_count;
	const char *const *read;
	size_t read_count;
};

/* CT_EUSAGE: one cannot be written; two are the same file, whatever they are called, or both
 * standard output; or one is read as well. */
CT_MUST_CHECK enum ct_status ct_output_files_check(const struct ct_output_files *files,
						   struct ct_error *error);

#endif
