#ifndef CT_CLI_OPTIONS_H
#define CT_CLI_OPTIONS_H
/*
 * Options that several commands have, and the values that options take.
 */
#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding/finding.h"

/* From which evidence on an error-severity finding makes `run` and `report` fail: the one place
 * where the default of --fail-on is decided. */
#define CT_FAIL_ON_DEFAULT CT_PREDICTED

#define CT_SUPPRESSION_FILES_MAX 32u

enum ct_color { CT_COLOR_AUTO, CT_COLOR_ALWAYS, CT_COLOR_NEVER };

enum ct_report_index {
#define REPORTER(name) CT_REPORT_##name,
#include "report/reporters.def"
#undef REPORTER
	CT_REPORT_COUNT,
};

/* What to make of an analysis. File names are borrowed from argv; "-" is standard output, NULL: not
 * wanted. */
struct ct_output_options {
	const char *reports[CT_REPORT_COUNT];  /* in the order of ct_reporters */
	const char *appended[CT_REPORT_COUNT]; /* of those: see ct_reporter.appends_to */
	const char *svg, *dot;
	const char *suppressions[CT_SUPPRESSION_FILES_MAX];
	size_t suppression_count;
	const char *baseline;	   /* or NULL */
	bool generate;		   /* suppressions ... */
	const char *generate_file; /* ... to this file; NULL: where the report goes */
	bool explain;
	enum ct_color color;
	enum ct_evidence fail_on;
	int error_status;
};

void ct_output_options_init(struct ct_output_options *options);

/* For argp children: takes no input; makes -h mean --help. */
extern const struct argp ct_common_argp;
/* For argp children: input is a struct ct_output_options. */
extern const struct argp ct_output_argp;

/* Whether the text that goes to `fd` is coloured: --color, then NO_COLOR, then the terminal. */
bool ct_color_wanted(enum ct_color color, int fd);
/* The value of a --color; another is a usage error. */
enum ct_color ct_parse_color(const char *text, struct argp_state *state);

/* Each reads a whole word; on false *out is untouched. */
bool ct_parse_number(const char *text, uint64_t max, uint64_t *out);
bool ct_parse_seconds(const char *text, uint64_t *out_ms); /* "0.5"; more than 0 */
bool ct_parse_size(const char *text, uint64_t *out_bytes); /* "64M"; k, M, G, T of 1024 */

#endif
