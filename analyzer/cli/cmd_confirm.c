#include "cli/command.h"

#include <argp.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/analysis.h"
#include "cli/confirm.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/sift.h"

enum {
	KEY_ATTEMPTS = 0x200, /* beyond those of ct_output_argp */
	KEY_TIMEOUT,
	KEY_SHOW,
};

struct arguments {
	struct ct_output_options output;
	struct ct_confirm_options confirm;
	const char *trace, *command;
};

static const struct argp_option options[] = {
	{NULL, 0, NULL, 0, "The attempts:", 1},
	{"attempts", KEY_ATTEMPTS, "N", 0,
	 "Run it at most N times for a finding, 1 to 10 (default)", 1},
	{"timeout", KEY_TIMEOUT, "SEC", 0, "End an attempt after SEC seconds (default: 60)", 1},
	{"show-output", KEY_SHOW, NULL, 0, "Show what the program prints, which goes nowhere else",
	 1},
	{0},
};

static error_t take_argument(struct arguments *a, const char *arg, struct argp_state *state)
{
	if (!a->trace)
		a->trace = arg;
	else if (!a->confirm.which)
		a->confirm.which = arg;
	else
		argp_error(state, "takes one trace and one finding, not also \"%s\"", arg);
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->output;
		return 0;
	case KEY_ATTEMPTS:
		if (!ct_parse_number(arg, CT_CONFIRM_ATTEMPTS, &a->confirm.attempts) ||
		    !a->confirm.attempts)
			argp_error(state, "--attempts takes 1 to 10, not \"%s\"", arg);
		return 0;
	case KEY_TIMEOUT:
		if (!ct_parse_seconds(arg, &a->confirm.timeout_ms))
			argp_error(state, "--timeout takes seconds, more than 0, not \"%s\"", arg);
		return 0;
	case KEY_SHOW:
		a->confirm.shown = true;
		return 0;
	case ARGP_KEY_ARG:
		return take_argument(a, arg, state);
	case ARGP_KEY_END:
		if (!a->trace)
			argp_error(state, "a trace is missing: a folder that \"conctrace run\" "
					  "made");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Only what was tried is reported. */
static void keep_tried(struct ct_findings *findings)
{
	size_t kept = 0;

	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i]->rerun)
			findings->items[kept++] = findings->items[i];
	findings->count = kept;
}

static int report(const struct arguments *a, struct ct_sift *sift, struct ct_analysis *analysis,
		  const struct ct_confirm_counts *counts)
{
	struct ct_output output = {
		.options = &a->output,
		.sift = sift,
		.trace_path = a->trace,
		.text_fd = ct_output_takes_stdout(&a->output) ? -1 : STDOUT_FILENO,
		.command = a->command,
	};

	keep_tried(&analysis->findings);
	if (ct_analysis_fails(analysis, a->output.fail_on))
		output.exit_status = a->output.error_status;
	else if (counts->interrupted)
		output.exit_status = CT_EXIT_SIGNAL + counts->interrupted;
	if (!analysis->findings.count) {
		ct_cli_say("there is no deadlock among the findings of %s that could be tried",
			   a->trace);
		return output.exit_status;
	}
	return ct_output_write(&output, analysis);
}

static int confirm(const struct arguments *a)
{
	struct ct_confirm_counts counts;
	struct ct_analysis *analysis = NULL;
	struct ct_sift *sift = NULL;
	struct ct_error error;
	int status;

	if (ct_output_check(&a->output, a->trace, &error) != CT_OK ||
	    ct_sift_new(&a->output, &error, &sift) != CT_OK ||
	    ct_analysis_new(a->trace, 0, NULL, NULL, &error, &analysis) != CT_OK ||
	    ct_sift_apply(sift, analysis, &error) != CT_OK) {
		status = ct_cli_fail(&error);
	} else {
		(void)ct_analysis_say_problems(analysis->trace);
		status = ct_confirm(&a->confirm, a->trace, analysis, &counts);
		if (!status)
			status = report(a, sift, analysis, &counts);
	}
	ct_analysis_free(analysis);
	ct_sift_free(sift);
	return status;
}

static int run_confirm(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&ct_output_argp, 0, NULL, 0}, {&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "TRACE [FINDING]",
		.doc = "Runs the program of a trace again, steered so that its threads meet where "
		       "a deadlock was predicted, and reports which of them come about. FINDING is "
		       "a number, in the order of the report, or a fingerprint; default: all that "
		       "are predicted or potential. The exit status is 66 if any is confirmed.",
		.children = children,
	};
	struct arguments a = {.confirm = {.attempts = CT_CONFIRM_ATTEMPTS,
					  .timeout_ms = CT_CONFIRM_TIMEOUT_MS,
					  .least = CT_POTENTIAL}};
	struct ct_text command;
	int status;

	ct_output_options_init(&a.output);
	a.output.fail_on = CT_CONFIRMED;
	if (argp_parse(&argp, argc, argv, 0, NULL, &a) != 0)
		return CT_EXIT_USAGE;
	ct_text_init(&command);
	ct_output_command(argc, argv, &command);
	a.command = ct_text_str(&command);
	status = confirm(&a);
	ct_text_fini(&command);
	return status;
}

const struct ct_command ct_command_confirm = {
	.name = "confirm",
	.summary = "run it again, steered to the deadlocks that were predicted",
	.run = run_confirm,
};
