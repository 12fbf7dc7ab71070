#include "cli/command.h"

#include <argp.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/analysis.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/sift.h"
#include "cli/trace_argument.h"

struct arguments {
	struct ct_output_options output;
	const char *trace;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = &a->output;
	state->child_inputs[1] = &a->trace;
	return 0;
}

static int report(const struct arguments *a, struct ct_sift *sift, struct ct_analysis *analysis,
		  const char *command)
{
	/* reports say what is found; what could not be read is our own affair */
	bool damaged = ct_analysis_say_problems(analysis->trace);
	bool fails = ct_analysis_fails(analysis, a->output.fail_on);
	struct ct_output output = {
		.options = &a->output,
		.sift = sift,
		.trace_path = a->trace,
		.text_fd = ct_output_takes_stdout(&a->output) ? -1 : STDOUT_FILENO,
		.command = command,
	};

	if (damaged)
		output.exit_status = CT_EXIT_USAGE;
	else if (fails)
		output.exit_status = a->output.error_status;
	return ct_output_write(&output, analysis);
}

static int run_report(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&ct_output_argp, 0, NULL, 0},
		{&ct_trace_argp, 0, NULL, 0},
		{&ct_common_argp, 0, NULL, 0},
		{0},
	};
	static const struct argp argp = {
		.parser = parse,
		.doc = "Explains a trace: a folder that the recorder made, or a text file in STD "
		       "notation. The report goes to standard output.",
		.children = children,
	};
	struct arguments a = {0};
	struct ct_analysis *analysis = NULL;
	struct ct_sift *sift = NULL;
	struct ct_error error;
	struct ct_text command;
	int status;

	ct_output_options_init(&a.output);
	if (argp_parse(&argp, argc, argv, 0, NULL, &a) != 0)
		return CT_EXIT_USAGE;
	ct_text_init(&command);
	ct_output_command(argc, argv, &command);
	if (ct_output_check(&a.output, a.trace, &error) != CT_OK ||
	    ct_sift_new(&a.output, &error, &sift) != CT_OK ||
	    ct_analysis_new(a.trace, 0, NULL, NULL, &error, &analysis) != CT_OK ||
	    ct_sift_apply(sift, analysis, &error) != CT_OK)
		status = ct_cli_fail(&error);
	else
		status = report(&a, sift, analysis, ct_text_str(&command));
	ct_text_fini(&command);
	ct_analysis_free(analysis);
	ct_sift_free(sift);
	return status;
}

const struct ct_command ct_command_report = {
	.name = "report",
	.summary = "explain a trace that was recorded before",
	.run = run_report,
};
