#ifndef CT_CLI_OUTPUT_H
#define CT_CLI_OUTPUT_H
/*
 * What an analysis is turned into: the text report, the reports and drawings that were asked for,
 * and the exit status.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cli/analysis.h"
#include "cli/options.h"
#include "report/reporter.h"

struct ct_sift;
struct ct_text;

struct ct_output {
	const struct ct_output_options *options;
	struct ct_sift *sift; /* that the analysis went through, or NULL */
	bool more;	      /* it is going to be used for other analyses */
	const char *trace_path;
	int text_fd;		    /* where the text report goes; -1: nowhere */
	const char *program_status; /* for reports, or NULL */
	bool program_failed;	    /* not by itself with status 0 */
	struct ct_program_end program_end;
	const char *command; /* line that conctrace was called with, or NULL */
	int exit_status;     /* what conctrace is going to end with */
};

/* Writes it all. Failures are said; returns exit_status, or that of the first failure. */
int ct_output_write(const struct ct_output *output, struct ct_analysis *analysis);

/* Whether the files that the options name can be written without loss (output_check.h), before
 * anything else is done. `trace`: that is read, or replaced; or NULL. */
CT_MUST_CHECK enum ct_status ct_output_check(const struct ct_output_options *options,
					     const char *trace, struct ct_error *error);

/* Replaces `file` ("-": standard output) by the text. A reader that went away is no error. */
CT_MUST_CHECK enum ct_status ct_output_file(const struct ct_text *text, const char *file,
					    struct ct_error *error);

/* The same, behind what the file has. */
CT_MUST_CHECK enum ct_status ct_output_append(const struct ct_text *text, const char *file,
					      struct ct_error *error);

/* Whether one of the files is standard output, which leaves no place there for the text report. */
bool ct_output_takes_stdout(const struct ct_output_options *options);

/* The arguments as a line, quoted for a shell where needed. */
void ct_output_command(int argc, char *const *argv, struct ct_text *out);

#endif
