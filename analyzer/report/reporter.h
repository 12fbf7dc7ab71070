#ifndef CT_REPORT_REPORTER_H
#define CT_REPORT_REPORTER_H
/*
 * A reporter writes all that is known of one trace, findings first, in one form. One file each,
 * listed in reporters.def. Reporters decide nothing: what is a finding, how bad it is and how it
 * is named was settled before.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "finding/finding.h"

struct ct_naming;
struct ct_sources;
struct ct_symbols;
struct ct_text;
struct ct_timing;

/* How the program ended that was recorded. */
enum ct_program_ending {
	CT_PROGRAM_UNKNOWN,
	CT_PROGRAM_EXITED, /* number: its exit status */
	CT_PROGRAM_KILLED, /* number: the signal */
	CT_PROGRAM_HUNG,   /* these three: and was ended */
	CT_PROGRAM_TIMED_OUT,
	CT_PROGRAM_INTERRUPTED,
};

struct ct_program_end {
	enum ct_program_ending ending;
	int number;
};

/* What is reported, and how. All of it is borrowed; nothing may change while a report is written,
 * but that names and symbols are looked up on the way. */
struct ct_report {
	const struct ct_model *model; /* after its run; its trace comes with it */
	const struct ct_findings *findings;
	struct ct_naming *naming;
	struct ct_symbols *symbols;	   /* NULL: no stacks are shown */
	struct ct_sources *sources;	   /* NULL: no lines of source are shown */
	const char *command;		   /* line that conctrace was called with, or NULL */
	const char *program_status;	   /* "the program exited with status 1", or NULL */
	bool program_failed;		   /* of program_status: not by itself with status 0 */
	struct ct_program_end program_end; /* the same for programs */
	const char *directory;	  /* paths below it are written relative; absolute, or NULL */
	int exit_status;	  /* what conctrace ends with; -1: not known */
	bool color;		  /* terminal colours (text) */
	bool explain;		  /* also what was ruled out, and why (text) */
	enum ct_evidence fail_on; /* errors with this evidence or better decide the exit status */
	const struct ct_rule *const *rules; /* all that were looked for, NULL-terminated */
	const struct ct_timing *timing; /* with lanes, of a reporter that asks for it; or NULL */
	const char *const *unused;	/* suppressions that hid nothing, as a line each */
	size_t unused_count;
};

/* One of several runs. */
struct ct_report_run {
	uint64_t number; /* from 1; or the seed of its delays */
	bool seeded;	 /* it is that */
	bool told;	 /* it has something that those before had not */
};

/* Makes `whole`, which has the runs before (empty at first), have one more. CT_EFORMAT: `part` is
 * none of ours, `whole` is as it was. */
typedef enum ct_status ct_report_join_fn(struct ct_text *whole, const struct ct_text *part,
					 const struct ct_report_run *run);

struct ct_reporter {
	const char *name;	 /* as in reporters.def: --sarif FILE is "sarif" */
	const char *extension;	 /* of files that hold it, without the dot */
	const char *description; /* of help: "Also write ... to FILE" */
	bool wants_timing;	 /* fills ct_report.timing, of traces that have times */
	/* Appends the report. CT_ENOMEM: `out` holds a part. */
	enum ct_status (*write)(const struct ct_report *in, struct ct_text *out);
	/* A second text, which is appended to the file that the environment variable names, if it
	 * is set; or NULL. */
	const char *appends_to;
	enum ct_status (*write_appended)(const struct ct_report *in, struct ct_text *out);
	/* Of `run --runs`, for both texts; NULL: that of the first run with the worst finding is
	 * the whole. */
	ct_report_join_fn *join, *join_appended;
};

#define REPORTER(name) extern const struct ct_reporter ct_report_##name;
#include "report/reporters.def"
#undef REPORTER

/* All of reporters.def, NULL-terminated. */
extern const struct ct_reporter *const ct_reporters[];

/* NULL when there is no such reporter. */
const struct ct_reporter *ct_reporter_find(const char *name);

#endif
