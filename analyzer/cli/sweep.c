#include "cli/sweep.h"

#include <ctype.h>
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/output_check.h"
#include "cli/timed.h"
#include "report/timing_sweep.h"
#include "timing/scaling.h"

enum { VALUES_MAX = 1000, REPEAT_MAX = 1000, SERIES_MAX = 24 };
#define VALUE_MAX 1000000000000000u /* exact as a double */

/* All that a sweep needs while it runs. */
struct sweep {
	const struct ct_sweep_options *options;
	struct ct_scaling scaling;
	struct ct_timed_signals signals;
	bool shows; /* progress */
	int signal; /* that ended it early, or 0 */
};

static enum ct_status bad_list(struct ct_error *error, const char *why, const char *list)
{
	return ct_error_set(error, CT_EUSAGE,
			    "--over takes growing numbers, as 1,2,4,8: %s: \"%s\"", why, list);
}

/* One number of the list and what follows it: a comma or the end. */
static bool take_value(const char **at, double *out)
{
	char *end;
	uint64_t value;

	if (!isdigit((unsigned char)**at))
		return false;
	errno = 0;
	value = strtoull(*at, &end, 10);
	if (errno || value > VALUE_MAX || (*end && *end != ','))
		return false;
	*at = *end ? end + 1 : end;
	*out = (double)value;
	return *end == '\0' || **at != '\0'; /* no comma at the end */
}

static enum ct_status parse_over(const struct ct_sweep_options *options, struct ct_error *error,
				 struct ct_scaling *scaling)
{
	const char *list = options->over ? options->over : "", *at = list;

	scaling->over = calloc(VALUES_MAX, sizeof(*scaling->over));
	if (!scaling->over)
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	if (!*list)
		return bad_list(error, "it is empty", list);
	while (*at) {
		double value;

		if (!take_value(&at, &value))
			return bad_list(error, "not a list of whole numbers", list);
		if (scaling->count == VALUES_MAX)
			return ct_error_set(error, CT_EUSAGE, "--over takes at most %d numbers",
					    VALUES_MAX);
		if (scaling->count && value <= scaling->over[scaling->count - 1])
			return bad_list(error, "each must be larger than the one before", list);
		if (options->workers && value == 0)
			return bad_list(error, "there are no 0 workers", list);
		scaling->over[scaling->count++] = value;
	}
	return CT_OK;
}

/* `text` with each `what` replaced. */
static void replace(const char *text, const char *what, const char *with, struct ct_text *out)
{
	for (const char *at; (at = strstr(text, what)) != NULL; text = at + strlen(what)) {
		ct_text_addn(out, text, (size_t)(at - text));
		ct_text_add(out, with);
	}
	ct_text_add(out, text);
}

static enum ct_status add_series(struct ct_scaling *scaling, const char *command, const char *mode)
{
	struct ct_text line;
	enum ct_status status;

	ct_text_init(&line);
	replace(command, "{mode}", mode ? mode : "", &line);
	status = ct_text_status(&line);
	if (status == CT_OK)
		status = ct_scaling_add(scaling, ct_text_str(&line), mode);
	ct_text_fini(&line);
	return status;
}

static enum ct_status add_command(struct ct_scaling *scaling, const char *command,
				  struct ct_error *error)
{
	static const char *const modes[] = {"serial", "threads", "processes"};
	bool many = strstr(command, "{mode}");
	size_t count = many ? sizeof(modes) / sizeof(*modes) : 1;
	enum ct_status status = CT_OK;

	if (!strstr(command, "{n}"))
		return ct_error_set(error, CT_EUSAGE,
				    "--sweep: no {n} in \"%s\": where does the value go?", command);
	if (scaling->series_count + count > SERIES_MAX)
		return ct_error_set(error, CT_EUSAGE, "--sweep takes at most %d commands",
				    SERIES_MAX);
	for (size_t i = 0; i < count && status == CT_OK; i++)
		status = add_series(scaling, command, many ? modes[i] : NULL);
	return status ? ct_error_set(error, status, "out of memory") : CT_OK;
}

static unsigned count_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 0;
}

static enum ct_status check_files(const struct ct_sweep_options *options, struct ct_error *error)
{
	const char *const written[] = {options->json, options->speedup, options->curve};
	const struct ct_output_files files = {.written = written,
					      .written_count = sizeof(written) / sizeof(*written)};

	return ct_output_files_check(&files, error);
}

static enum ct_status prepare(struct sweep *sweep, struct ct_error *error)
{
	const struct ct_sweep_options *options = sweep->options;
	enum ct_status status;

	if (options->repeat < 1 || options->repeat > REPEAT_MAX)
		return ct_error_set(error, CT_EUSAGE, "--repeat takes a number from 1 to %d",
				    REPEAT_MAX);
	sweep->scaling.repeat = options->repeat;
	sweep->scaling.workers = options->workers;
	sweep->scaling.cpus = count_processors();
	status = parse_over(options, error, &sweep->scaling);
	for (size_t i = 0; i < options->command_count && status == CT_OK; i++)
		status = add_command(&sweep->scaling, options->commands[i], error);
	return status ? status : check_files(options, error);
}

/* Round 0 warms up: files come into memory, and the processor out of its sleep. */
static void show_progress(const struct sweep *sweep, unsigned round, const char *line)
{
	struct ct_text text;

	if (!sweep->shows)
		return;
	ct_text_init(&text);
	ct_text_add(&text, "\r\033[K");
	if (round)
		ct_text_addf(&text, "round %u of %u: ", round, sweep->scaling.repeat);
	else
		ct_text_add(&text, "warming up: ");
	ct_text_add_printable(&text, line);
	if (text.len > 80) { /* one line, also where it is narrow */
		text.len = 80;
		text.data[80] = '\0';
	}
	if (ct_text_write(&text, STDERR_FILENO) != CT_OK)
		errno = 0; /* it is for who looks only */
	ct_text_fini(&text);
}

static void wipe_progress(const struct sweep *sweep)
{
	if (sweep->shows && write(STDERR_FILENO, "\r\033[K", 4) < 0)
		errno = 0;
}

static enum ct_status judge(const struct ct_timed *timed, const char *line, struct ct_error *error)
{
	if (WIFSIGNALED(timed->status))
		return ct_error_set(error, CT_EUSAGE, "\"%s\" was killed by signal %d", line,
				    WTERMSIG(timed->status));
	if (WEXITSTATUS(timed->status))
		return ct_error_set(error, CT_EUSAGE, "\"%s\" ended with status %d", line,
				    WEXITSTATUS(timed->status));
	return CT_OK;
}

static enum ct_status run_line(struct sweep *sweep, unsigned round, size_t series, size_t point,
			       const char *line, struct ct_error *error)
{
	struct ct_timed timed;
	enum ct_status status;

	show_progress(sweep, round, line);
	status = ct_timed_run(&sweep->signals, line, error, &timed);
	if (status)
		return status;
	sweep->signal = timed.signal;
	if (sweep->signal)
		return ct_error_set(error, CT_EINTR, "stopped");
	status = judge(&timed, line, error);
	if (status == CT_OK && round)
		ct_scaling_measured(&sweep->scaling, series, point, timed.wall_s, timed.cpu_s);
	return status;
}

static enum ct_status run_once(struct sweep *sweep, unsigned round, size_t series, size_t point,
			       struct ct_error *error)
{
	char value[32];
	struct ct_text line;
	enum ct_status status;

	snprintf(value, sizeof(value), "%.0f", sweep->scaling.over[point]);
	ct_text_init(&line);
	replace(sweep->scaling.series[series].command, "{n}", value, &line);
	status = ct_text_status(&line);
	if (status == CT_OK)
		status = run_line(sweep, round, series, point, ct_text_str(&line), error);
	else
		ct_error_set(error, status, "out of memory");
	ct_text_fini(&line);
	return status;
}

/* All in turns, so that what disturbs the machine for a while disturbs all of them; every second
 * round backwards, as one may leave caches and clocks as the next one likes them. */
static enum ct_status run_all(struct sweep *sweep, struct ct_error *error)
{
	size_t count = sweep->scaling.series_count;
	enum ct_status status = CT_OK;

	ct_timed_begin(&sweep->signals);
	for (unsigned round = 0; round <= sweep->scaling.repeat; round++)
		for (size_t point = 0; point < sweep->scaling.count; point++)
			for (size_t i = 0; i < count && status == CT_OK; i++)
				status = run_once(sweep, round, round % 2 ? count - 1 - i : i,
						  point, error);
	ct_timed_end(&sweep->signals);
	wipe_progress(sweep);
	return status;
}

typedef enum ct_status writer(const struct ct_scaling *scaling, struct ct_text *out);

static enum ct_status write_one(const struct sweep *sweep, writer *make, const char *file,
				struct ct_error *error)
{
	struct ct_text text;
	enum ct_status status;

	if (!file)
		return CT_OK;
	ct_text_init(&text);
	status = make(&sweep->scaling, &text);
	if (status)
		ct_error_set(error, status, "out of memory");
	else
		status = ct_output_file(&text, file, error);
	ct_text_fini(&text);
	return status;
}

static enum ct_status write_all(struct sweep *sweep, struct ct_error *error)
{
	const struct ct_sweep_options *options = sweep->options;
	const char *picture = options->workers ? options->speedup : options->curve;
	bool taken = (options->json && strcmp(options->json, "-") == 0) ||
		     (picture && strcmp(picture, "-") == 0);
	enum ct_status status = ct_scaling_finish(&sweep->scaling);

	if (status)
		return ct_error_set(error, status, "out of memory");
	status = write_one(sweep, ct_timing_sweep_text, taken ? NULL : "-", error);
	if (status == CT_OK)
		status = write_one(sweep, ct_timing_sweep_json, options->json, error);
	if (status == CT_OK)
		status = write_one(sweep, ct_timing_sweep_picture, picture, error);
	return status;
}

static bool was_measured(const struct ct_scaling *scaling)
{
	for (size_t i = 0; i < scaling->series_count; i++)
		for (size_t k = 0; k < scaling->count; k++)
			if (scaling->series[i].points[k].runs)
				return true;
	return false;
}

static int run(struct sweep *sweep)
{
	struct ct_error error, failure;
	enum ct_status status = prepare(sweep, &error);

	if (status)
		return ct_cli_fail(&error);
	status = run_all(sweep, &error);
	if (status && status != CT_EINTR)
		return ct_cli_fail(&error);
	if (status == CT_EINTR && !was_measured(&sweep->scaling)) {
		ct_cli_say("stopped by signal %d before the first run was measured", sweep->signal);
		return CT_EXIT_SIGNAL + sweep->signal;
	}
	if (status == CT_EINTR)
		ct_cli_say("stopped by signal %d; what was measured until then:", sweep->signal);
	if (write_all(sweep, &failure) != CT_OK)
		return ct_cli_fail(&failure);
	return status == CT_EINTR ? CT_EXIT_SIGNAL + sweep->signal : CT_EXIT_OK;
}

int ct_sweep_run(const struct ct_sweep_options *options)
{
	struct sweep sweep = {.options = options, .shows = isatty(STDERR_FILENO) == 1};
	int status = run(&sweep);

	ct_scaling_fini(&sweep.scaling);
	return status;
}
