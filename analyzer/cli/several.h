#ifndef CT_CLI_SEVERAL_H
#define CT_CLI_SEVERAL_H
/*
 * The report files of several runs, made one: each format says how (ct_reporter.join); of one that
 * does not, the file of the first run with the worst finding is taken.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "cli/options.h"
#include "report/reporter.h"

struct ct_findings;

struct ct_several {
	const struct ct_output_options *options;
	struct ct_several_file {
		char *part; /* file of the run under way; heap, NULL: not wanted */
		struct ct_text whole;
	} reports[CT_REPORT_COUNT], appended[CT_REPORT_COUNT];
	int worst; /* of the runs so far, see ct_several_worst */
	bool failed;
};

/* What a run came to. */
struct ct_several_run {
	struct ct_report_run run;
	int worst;
};

/* `options` is borrowed. */
void ct_several_init(struct ct_several *merge, const struct ct_output_options *options);
/* How bad the worst of them is: the more the worse, 0 if there is none. */
int ct_several_worst(const struct ct_findings *findings);
/* Before a run: lets it write to files of its own. */
void ct_several_begin(struct ct_several *merge, struct ct_output_options *run);
/* After it: takes these in. */
void ct_several_end(struct ct_several *merge, const struct ct_several_run *run);
/* Writes what was asked for. 0, or the exit status of what failed, which was said. */
int ct_several_write(struct ct_several *merge);
void ct_several_fini(struct ct_several *merge);

#endif
