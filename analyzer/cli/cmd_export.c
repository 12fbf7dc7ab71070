#include "cli/command.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/exit.h"
#include "cli/options.h"
#include "cli/output_check.h"
#include "cli/timed_trace.h"
#include "report/perfetto.h"
#include "timing/span.h"

struct arguments {
	const char *trace, *file;
	bool perfetto;
};

/* A browser gives a page some 2 GB, and the UI needs several times what the file has. */
#define LARGE_BYTES 500000000u

/* Where the pieces go. */
struct target {
	const char *file; /* NULL: standard output */
	int fd;
	struct ct_error *error;
	uint64_t bytes;
	bool regular; /* a file, of which a part is left if it cannot be written to its end */
	bool made;    /* that was not there before */
	bool unread;  /* the reader of standard output has seen enough */
};

static enum ct_status refused(struct target *target)
{
	target->unread = !target->file && errno == EPIPE;
	return ct_error_set(target->error, CT_EWRITE, "cannot write %s: %s",
			    target->file ? target->file : "standard output", strerror(errno));
}

static enum ct_status write_piece(void *state, const char *text, size_t length)
{
	struct target *target = state;

	while (length) {
		ssize_t written = write(target->fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return refused(target);
		target->bytes += (uint64_t)written;
		text += written;
		length -= (size_t)written;
	}
	return CT_OK;
}

static enum ct_status export_spans(struct ct_timed_trace *timed, struct target *target,
				   struct ct_error *error)
{
	const struct ct_perfetto_out out = {.state = target, .write = write_piece};
	struct ct_perfetto *perfetto = NULL;
	struct ct_spans *spans = NULL;
	struct ct_span_sink sink;
	enum ct_status status = ct_perfetto_new(timed->model, &timed->naming, &out, &perfetto);

	if (status)
		return ct_error_set(error, status, "out of memory");
	sink = ct_perfetto_sink(perfetto);
	status = ct_spans_new(timed->model, &sink, 1, &spans);
	if (status == CT_OK)
		status = ct_timed_trace_run(timed, &(struct ct_observer){spans, ct_spans_step},
					    error);
	if (status == CT_OK)
		status = ct_spans_finish(spans);
	if (status == CT_OK)
		status = ct_perfetto_finish(perfetto);
	ct_spans_free(spans);
	ct_perfetto_free(perfetto);
	if (status == CT_ENOMEM)
		ct_error_set(error, status, "out of memory");
	return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'o':
		a->file = arg;
		return 0;
	case 'p':
		a->perfetto = true;
		return 0;
	case ARGP_KEY_ARG:
		if (a->trace)
			argp_error(state, "takes one trace, not also \"%s\"", arg);
		a->trace = arg;
		return 0;
	case ARGP_KEY_END:
		if (!a->perfetto)
			argp_error(state, "the format is missing: --perfetto");
		if (!a->trace)
			argp_error(state,
				   "a trace is missing: a folder that \"conctrace run\" made");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Opens the file. */
static bool open_target(struct target *target)
{
	struct stat info;

	if (!target->file)
		return true;
	target->fd = open(target->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	target->made = target->fd >= 0;
	if (target->fd < 0 && errno == EEXIST)
		target->fd = open(target->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	target->regular = target->fd >= 0 && fstat(target->fd, &info) == 0 && S_ISREG(info.st_mode);
	return target->fd >= 0;
}

/* What there is of it is no JSON. */
static void say_torn(const struct target *target)
{
	if (!target->file)
		return;
	if (target->made && unlink(target->file) == 0)
		ct_cli_say("%s was not written to its end, and is removed", target->file);
	else if (target->regular)
		ct_cli_say("%s was not written to its end", target->file);
}

static void say_size(const struct target *target)
{
	if (target->bytes > LARGE_BYTES)
		ct_cli_say("%" PRIu64 " MB may be too much for the Perfetto UI in a browser; with "
			   "Perfetto's \"trace_processor --httpd FILE\" beside it, it can be shown",
			   target->bytes / 1000000);
}

static int finish(struct target *target, enum ct_status status)
{
	int exit_status;

	if (target->file && close(target->fd) != 0 && status == CT_OK)
		status = refused(target);
	if (target->unread)
		return CT_EXIT_OK;
	if (status == CT_OK) {
		say_size(target);
		return CT_EXIT_OK;
	}
	exit_status = ct_timed_trace_fail(target->error);
	say_torn(target);
	return exit_status;
}

static int export(const struct arguments *a)
{
	bool standard = !a->file || strcmp(a->file, "-") == 0;
	struct ct_error error = {0};
	struct target target = {
		.file = standard ? NULL : a->file, .fd = STDOUT_FILENO, .error = &error};
	const struct ct_output_files files = {&a->file, 1, &a->trace, 1};
	struct ct_timed_trace *timed;
	int exit_status;

	if (ct_output_files_check(&files, &error) != CT_OK)
		return ct_cli_fail(&error);
	if (ct_timed_trace_open(a->trace, &error, &timed) != CT_OK)
		return ct_timed_trace_fail(&error);
	if (!open_target(&target)) {
		ct_cli_say("cannot write %s: %s", a->file, strerror(errno));
		ct_timed_trace_free(timed);
		return CT_EXIT_USAGE;
	}
	exit_status = finish(&target, export_spans(timed, &target, &error));
	if (ct_timed_trace_say_problems(timed) && exit_status == CT_EXIT_OK)
		exit_status = CT_EXIT_USAGE;
	ct_timed_trace_free(timed);
	return exit_status;
}

static int run_export(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"perfetto", 'p', NULL, 0,
		 "JSON of trace events: open it in the Perfetto UI or chrome://tracing", 0},
		{"output", 'o', "FILE", 0, "Write to FILE instead of standard output", 0},
		{0},
	};
	static const struct argp_child children[] = {{&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "TRACE",
		.doc = "Writes a trace in a format of other tools: a time line with what each "
		       "thread did, who ended its waits, and which locks were held.",
		.children = children,
	};
	struct arguments a = {0};

	if (argp_parse(&argp, argc, argv, 0, NULL, &a) != 0)
		return CT_EXIT_USAGE;
	return export(&a);
}

const struct ct_command ct_command_export = {
	.name = "export",
	.summary = "write a trace for the Perfetto UI or chrome://tracing",
	.run = run_export,
};
