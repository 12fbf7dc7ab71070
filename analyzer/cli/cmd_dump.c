#include "cli/command.h"

#include <argp.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/analysis.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "cli/trace_argument.h"
#include "reader/dump.h"

/* Lines are gathered to this size before they are written. */
enum { CHUNK_BYTES = 65536 };

struct dump {
	struct ct_trace *trace;
	struct ct_text text;
	int write_error; /* errno value */
};

static enum ct_status flush(struct dump *dump)
{
	enum ct_status status = ct_text_write(&dump->text, STDOUT_FILENO);

	if (status == CT_EIO)
		dump->write_error = errno;
	ct_text_reset(&dump->text);
	return status;
}

static enum ct_status print_event(void *state, const struct ct_event *event)
{
	struct dump *dump = state;

	ct_event_format(&dump->text, dump->trace, event);
	ct_text_addc(&dump->text, '\n');
	return dump->text.len < CHUNK_BYTES ? ct_text_status(&dump->text) : flush(dump);
}

static int dump_trace(struct ct_trace *trace)
{
	struct dump dump = {.trace = trace};
	enum ct_status status;

	ct_text_init(&dump.text);
	status = ct_trace_each_event(trace, print_event, &dump);
	if (status == CT_OK)
		status = flush(&dump);
	ct_text_fini(&dump.text);
	if (dump.write_error == EPIPE)
		return CT_EXIT_OK; /* the reader has seen enough */
	if (dump.write_error)
		ct_cli_say("cannot write standard output: %s", strerror(dump.write_error));
	else if (status)
		ct_cli_say("%s: %s", trace->path, ct_status_text(status));
	if (status == CT_ENOMEM || dump.write_error)
		return CT_EXIT_INTERNAL;
	return ct_analysis_say_problems(trace) || status ? CT_EXIT_USAGE : CT_EXIT_OK;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

static int run_dump(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&ct_trace_argp, 0, NULL, 0}, {&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.doc = "Prints the events of a trace in the order of their times, one line each, "
		       "nothing else.",
		.children = children,
	};
	const char *path = NULL;
	struct ct_trace *trace;
	struct ct_error error;
	int status;

	if (argp_parse(&argp, argc, argv, 0, NULL, &path) != 0)
		return CT_EXIT_USAGE;
	if (ct_trace_open(path, &error, &trace) != CT_OK)
		return ct_cli_fail(&error);
	status = dump_trace(trace);
	ct_trace_free(trace);
	return status;
}

const struct ct_command ct_command_dump = {
	.name = "dump",
	.summary = "print the events of a trace, one line each",
	.run = run_dump,
};
