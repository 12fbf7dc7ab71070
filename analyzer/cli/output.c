#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/source.h"
#include "base/text.h"
#include "cli/drawing.h"
#include "cli/exit.h"
#include "cli/output_check.h"
#include "cli/sift.h"
#include "cli/timed_trace.h"
#include "detect/detector.h"
#include "report/graphs.h"
#include "report/reporter.h"

static bool is_stdout(const char *file)
{
	return file && strcmp(file, "-") == 0;
}

static enum ct_status write_file(const struct ct_text *text, const char *file, int flags,
				 struct ct_error *error)
{
	bool standard = is_stdout(file);
	int fd = STDOUT_FILENO;
	enum ct_status status;

	if (!standard)
		fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666);
	if (fd < 0)
		return ct_error_set(error, CT_EIO, "cannot write %s: %s", file, strerror(errno));
	status = ct_text_write(text, fd);
	if (status == CT_EIO && errno == EPIPE && standard)
		status = CT_OK;
	if (status == CT_EIO)
		status = ct_error_set(error, CT_EWRITE, "cannot write %s: %s",
				      standard ? "standard output" : file, strerror(errno));
	else if (status)
		ct_error_set(error, status, "out of memory");
	if (!standard && close(fd) != 0 && status == CT_OK)
		status = ct_error_set(error, CT_EWRITE, "cannot write %s: %s", file,
				      strerror(errno));
	return status;
}

enum ct_status ct_output_file(const struct ct_text *text, const char *file, struct ct_error *error)
{
	return write_file(text, file, O_TRUNC, error);
}

enum ct_status ct_output_append(const struct ct_text *text, const char *file,
				struct ct_error *error)
{
	return write_file(text, file, O_APPEND, error);
}

enum ct_status ct_output_check(const struct ct_output_options *options, const char *trace,
			       struct ct_error *error)
{
	const char *written[3 + 2 * CT_REPORT_COUNT] = {options->svg, options->dot,
							options->generate_file};
	const char *read[2 + CT_SUPPRESSION_FILES_MAX] = {trace, options->baseline};
	const struct ct_output_files files = {written, sizeof(written) / sizeof(*written), read,
					      sizeof(read) / sizeof(*read)};

	for (int i = 0; i < CT_REPORT_COUNT; i++) {
		if (!options->reports[i])
			continue;
		written[3 + 2 * i] = options->reports[i];
		written[3 + 2 * i + 1] = options->appended[i];
	}
	for (size_t i = 0; i < options->suppression_count; i++)
		read[2 + i] = options->suppressions[i];
	return ct_output_files_check(&files, error);
}

bool ct_output_takes_stdout(const struct ct_output_options *options)
{
	bool taken = is_stdout(options->svg) || is_stdout(options->dot) ||
		     is_stdout(options->generate_file);

	for (int i = 0; i < CT_REPORT_COUNT; i++)
		taken = taken || is_stdout(options->reports[i]);
	return taken;
}

static enum ct_status write_report(const struct ct_output_options *options, int index,
				   const struct ct_report *report, struct ct_error *error)
{
	const struct ct_reporter *reporter = ct_reporters[index];
	struct ct_text text;
	enum ct_status status;

	ct_text_init(&text);
	status = reporter->write(report, &text);
	if (status == CT_OK)
		status = ct_output_file(&text, options->reports[index], error);
	else
		ct_error_set(error, status, "out of memory");
	if (status == CT_OK && options->appended[index]) {
		ct_text_reset(&text);
		status = reporter->write_appended(report, &text);
		if (status == CT_OK)
			status = ct_output_append(&text, options->appended[index], error);
		else
			ct_error_set(error, status, "out of memory");
	}
	ct_text_fini(&text);
	return status;
}

/* A reader that went away is no error. */
static enum ct_status print(const struct ct_text *text, int fd, struct ct_error *error)
{
	enum ct_status status = ct_text_write(text, fd);

	if (status == CT_EIO && errno == EPIPE)
		return CT_OK;
	if (status == CT_EIO)
		return ct_error_set(error, CT_EWRITE, "cannot write the report: %s",
				    strerror(errno));
	return status ? ct_error_set(error, status, "cannot write the report: out of memory")
		      : CT_OK;
}

static enum ct_status write_text(const struct ct_report *report, int fd, struct ct_error *error)
{
	struct ct_text text;
	enum ct_status status;

	ct_text_init(&text);
	status = ct_report_text.write(report, &text);
	if (status == CT_OK)
		status = print(&text, fd, error);
	else
		ct_error_set(error, status, "cannot write the report: out of memory");
	ct_text_fini(&text);
	return status;
}

static enum ct_status write_suppressions(const struct ct_output *output,
					 struct ct_analysis *analysis, struct ct_error *error)
{
	const char *file = output->options->generate_file;
	enum ct_status status = CT_OK;
	struct ct_text text;

	ct_text_init(&text);
	if (ct_sift_generate(output->sift, analysis, &text)) {
		if (file)
			status = ct_output_file(&text, file, error);
		else
			status = print(&text, output->text_fd < 0 ? STDERR_FILENO : output->text_fd,
				       error);
	}
	ct_text_fini(&text);
	return status;
}

static bool deadlocked(const struct ct_analysis *analysis)
{
	for (size_t i = 0; i < analysis->model->thread_count; i++) {
		if (analysis->model->threads[i]->wait.kind != CT_WAIT_NONE)
			return ct_analysis_fails(analysis, CT_OBSERVED);
	}
	return false;
}

static enum ct_status draw(const struct ct_output *output, const struct ct_analysis *analysis,
			   struct ct_error *error)
{
	const struct ct_graph_kind *kind =
		deadlocked(analysis) ? &ct_graph_kind_wait_for : &ct_graph_kind_lock_order;
	const struct ct_output_options *options = output->options;
	enum ct_status status;
	struct ct_text dot;

	if (!options->svg && !options->dot)
		return CT_OK;
	ct_text_init(&dot);
	status = ct_drawing_dot(output->trace_path, kind, &dot, NULL, error);
	if (status == CT_OK && options->dot)
		status = ct_output_file(&dot, options->dot, error);
	if (status == CT_OK && options->svg)
		status = ct_drawing_render(&dot, "svg", options->svg, error);
	ct_text_fini(&dot);
	return status;
}

/* With its times, of which the analysis knows nothing; text traces have none. */
static enum ct_status write_timed(const struct ct_output *output, const struct ct_report *report,
				  int index, struct ct_error *error)
{
	struct ct_timed_trace *timed = NULL;
	struct ct_report with_times = *report;
	enum ct_status status = CT_OK;

	if (!report->model->trace->text)
		status = ct_timed_trace_new(output->trace_path, error, &timed);
	if (status)
		return status;
	with_times.timing = timed ? timed->timing : NULL;
	status = write_report(output->options, index, &with_times, error);
	ct_timed_trace_free(timed);
	return status;
}

static enum ct_status write_all(const struct ct_output *output, struct ct_report *report,
				struct ct_error *error)
{
	const struct ct_output_options *options = output->options;
	enum ct_status status = ct_sources_new(report->directory, &report->sources);

	if (status)
		return ct_error_set(error, status, "out of memory");
	if (output->text_fd >= 0) {
		report->color = ct_color_wanted(options->color, output->text_fd);
		status = write_text(report, output->text_fd, error);
	}
	report->color = options->color == CT_COLOR_ALWAYS;
	for (int i = 0; i < CT_REPORT_COUNT && status == CT_OK; i++) {
		if (options->reports[i] && ct_reporters[i]->wants_timing)
			status = write_timed(output, report, i, error);
		else if (options->reports[i])
			status = write_report(options, i, report, error);
	}
	return status;
}

int ct_output_write(const struct ct_output *output, struct ct_analysis *analysis)
{
	char *directory = getcwd(NULL, 0);
	struct ct_report report = {
		.model = analysis->model,
		.findings = &analysis->findings,
		.naming = &analysis->naming,
		.symbols = analysis->symbols,
		.command = output->command,
		.program_status = output->program_status,
		.program_failed = output->program_failed,
		.program_end = output->program_end,
		.directory = directory,
		.exit_status = output->exit_status,
		.explain = output->options->explain,
		.fail_on = output->options->fail_on,
		.rules = ct_detect_rules(),
	};
	struct ct_error error;
	enum ct_status status =
		ct_sift_unused(output->sift, output->more, &report.unused, &report.unused_count);

	if (status)
		ct_error_set(&error, status, "out of memory");
	else
		status = write_all(output, &report, &error);
	if (status == CT_OK)
		status = write_suppressions(output, analysis, &error);
	if (status == CT_OK)
		status = draw(output, analysis, &error);
	ct_sources_free(report.sources);
	free(directory);
	return status ? ct_cli_fail(&error) : output->exit_status;
}

static bool is_plain_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789%+,-./:=@_^";

	return *word && word[strspn(word, plain)] == '\0';
}

void ct_output_command(int argc, char *const *argv, struct ct_text *out)
{
	for (int i = 0; i < argc; i++) {
		if (i)
			ct_text_addc(out, ' ');
		if (i == 0 || is_plain_word(argv[i])) { /* the first is "conctrace report" */
			ct_text_add(out, argv[i]);
			continue;
		}
		ct_text_addc(out, '\'');
		for (const char *at = argv[i]; *at; at++) {
			if (*at == '\'')
				ct_text_add(out, "'\\''");
			else
				ct_text_addc(out, *at);
		}
		ct_text_addc(out, '\'');
	}
}
