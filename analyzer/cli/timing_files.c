#include "cli/timing_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/output_check.h"
#include "cli/timed_trace.h"
#include "report/picture.h"
#include "report/timing_compare.h"
#include "report/timing_json.h"
#include "report/timing_text.h"
#include "timing/timing.h"

static bool is_stdout(const char *file)
{
	return file && strcmp(file, "-") == 0;
}

bool ct_timing_files_draws(const struct ct_timing_files *files)
{
	return files->gantt || files->lanes || files->parallelism;
}

enum ct_status ct_timing_files_check(const struct ct_timing_files *files, const char *const *traces,
				     size_t count, struct ct_error *error)
{
	const char *const written[] = {files->json, files->gantt, files->lanes, files->parallelism,
				       files->speedup};
	const struct ct_output_files all = {written, sizeof(written) / sizeof(*written), traces,
					    count};

	return ct_output_files_check(&all, error);
}

static bool takes_stdout(const struct ct_timing_files *files)
{
	return is_stdout(files->json) || is_stdout(files->gantt) || is_stdout(files->lanes) ||
	       is_stdout(files->parallelism) || is_stdout(files->speedup);
}

/* Writes what was made, if it was; `text` is empty again. */
static enum ct_status put(struct ct_text *text, enum ct_status made, const char *file,
			  struct ct_error *error)
{
	enum ct_status status = made ? ct_error_set(error, made, "%s", ct_status_text(made))
				     : ct_output_file(text, file, error);

	ct_text_reset(text);
	return status;
}

static enum ct_status draw(const struct ct_timing_files *files, const struct ct_timing *timing,
			   struct ct_text *text, struct ct_error *error)
{
	const struct {
		const char *file;
		enum ct_status (*draw)(const struct ct_timing *timing, struct ct_text *out);
	} pictures[] = {
		{files->gantt, ct_picture_gantt},
		{files->lanes, ct_picture_lanes},
		{files->parallelism, ct_picture_parallelism},
	};
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < sizeof(pictures) / sizeof(*pictures) && status == CT_OK; i++)
		if (pictures[i].file)
			status = put(text, pictures[i].draw(timing, text), pictures[i].file, error);
	return status;
}

static enum ct_status write_one(const struct ct_timing_show *show, const struct ct_timed_trace *in,
				struct ct_error *error)
{
	const struct ct_timing_text_options options = {.color = show->color, .top = show->top};
	const struct ct_timing_files *files = show->files;
	enum ct_status status = CT_OK;
	struct ct_text text;

	ct_text_init(&text);
	if (!takes_stdout(files))
		status = put(&text, ct_timing_text(in->timing, &options, &text), "-", error);
	if (status == CT_OK && files->json)
		status =
			put(&text, ct_timing_json(in->timing, in->path, &text), files->json, error);
	if (status == CT_OK)
		status = draw(files, in->timing, &text, error);
	ct_text_fini(&text);
	return status;
}

int ct_timing_show_one(const struct ct_timing_show *show, const char *path)
{
	struct ct_timed_trace *in;
	struct ct_error error;
	int exit_status;

	if (ct_timed_trace_new(path, &error, &in) != CT_OK)
		return ct_timed_trace_fail(&error);
	exit_status = ct_timed_trace_say_problems(in) ? CT_EXIT_USAGE : CT_EXIT_OK;
	if (write_one(show, in, &error) != CT_OK)
		exit_status = ct_cli_fail(&error);
	ct_timed_trace_free(in);
	return exit_status;
}

static enum ct_status write_compared(const struct ct_timing_show *show,
				     const struct ct_timing_column *columns, size_t count,
				     struct ct_error *error)
{
	const struct ct_timing_files *files = show->files;
	enum ct_status status = CT_OK;
	struct ct_text text;

	ct_text_init(&text);
	if (!takes_stdout(files))
		status = put(&text, ct_timing_compare_text(columns, count, show->color, &text), "-",
			     error);
	if (status == CT_OK && files->json)
		status = put(&text, ct_timing_compare_json(columns, count, &text), files->json,
			     error);
	if (status == CT_OK && files->speedup)
		status = put(&text, ct_timing_compare_picture(columns, count, &text),
			     files->speedup, error);
	ct_text_fini(&text);
	return status;
}

/* `traces` and `columns` are zeroed arrays; what was opened is the caller's, also on failure. */
static int compare(const struct ct_timing_show *show, const char *const *paths, size_t count,
		   struct ct_timed_trace **traces, struct ct_timing_column *columns)
{
	int exit_status = CT_EXIT_OK;
	struct ct_error error;

	for (size_t i = 0; i < count; i++) {
		if (ct_timed_trace_new(paths[i], &error, &traces[i]) != CT_OK)
			return ct_timed_trace_fail(&error);
		if (ct_timed_trace_say_problems(traces[i]))
			exit_status = CT_EXIT_USAGE;
		columns[i] = (struct ct_timing_column){traces[i]->timing, paths[i]};
	}
	if (write_compared(show, columns, count, &error) != CT_OK)
		exit_status = ct_cli_fail(&error);
	return exit_status;
}

int ct_timing_show_compared(const struct ct_timing_show *show, const char *const *paths,
			    size_t count)
{
	struct ct_timed_trace **traces = calloc(count, sizeof(struct ct_timed_trace *));
	struct ct_timing_column *columns = calloc(count, sizeof(*columns));
	int exit_status = CT_EXIT_INTERNAL;

	if (traces && columns)
		exit_status = compare(show, paths, count, traces, columns);
	else
		ct_cli_no_memory();
	for (size_t i = 0; traces && i < count; i++)
		ct_timed_trace_free(traces[i]);
	free(columns);
	free(traces);
	return exit_status;
}
