#ifndef CT_REPORT_REPORTER_H
#define CT_REPORT_REPORTER_H
/*
 * A reporter writes all that is known of one trace, findings first, in one form. One file each,
 * listed in reporters.def. Reporters decide nothing: what is a finding, how bad it is and how it
 * is named was settled before.
 */
#include <stdbool.h>

#include "base/status.h"

struct ct_findings;
struct ct_model;
struct ct_naming;
struct ct_symbols;
struct ct_text;

/* What is reported, and how. All of it is borrowed; nothing may change while a report is written,
 * but that names and symbols are looked up on the way. */
struct ct_report {
	const struct ct_model *model; /* after its run; its trace comes with it */
	const struct ct_findings *findings;
	struct ct_naming *naming;
	struct ct_symbols *symbols; /* NULL: no stacks are shown */
	const char *command;	    /* line that conctrace was called with, or NULL */
	const char *program_status; /* "the program exited with status 1", or NULL */
	const char *directory;	    /* paths below it are written relative; absolute, or NULL */
	int exit_status;	    /* what conctrace ends with; -1: not known */
	bool color;		    /* terminal colours (text) */
	bool explain;		    /* also what was ruled out, and why (text) */
};

struct ct_reporter {
	const char *name;	 /* as in reporters.def: --sarif FILE is "sarif" */
	const char *extension;	 /* of files that hold it, without the dot */
	const char *description; /* one line of help */
	/* Appends the report. CT_ENOMEM: `out` holds a part. */
	enum ct_status (*write)(const struct ct_report *in, struct ct_text *out);
};

#define REPORTER(name) extern const struct ct_reporter ct_report_##name;
#include "report/reporters.def"
#undef REPORTER

/* All of reporters.def, NULL-terminated. */
extern const struct ct_reporter *const ct_reporters[];

/* NULL when there is no such reporter. */
const struct ct_reporter *ct_reporter_find(const char *name);

#endif
