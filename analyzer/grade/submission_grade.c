#include "grade/submission_grade.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "grade/attempt.h"
#include "grade/disk.h"
#include "grade/feedback.h"
#include "grade/points.h"
#include "grade/result.h"
#include "grade/result_key.h"
#include "grade/submission_clean.h"

enum { LOG_BYTES_MAX = 64 * 1024, ENVIRONMENT_MAX = 16 };

/* Where nothing of the user's is meant. */
#define SYSTEM_PATH "/usr/local/bin:/usr/bin:/bin"

struct grading {
	const struct ct_grade *grade;
	const char *name, *from, *results; /* absolute; results: folder of this submission */
	const char *work, *built, *spare;
	const char *environment[ENVIRONMENT_MAX], *readable[4], *hidden[4];
	struct ct_result result; /* owns the strings above, too */
	struct ct_error error;
};

static const char *format(struct grading *g, const char *a, const char *between, const char *b)
{
	return ct_arena_printf(&g->result.arena, "%s%s%s", a, between, b);
}

/* The folder of a path, which has a slash. */
static const char *folder_of(struct grading *g, const char *path)
{
	return ct_arena_strndup(&g->result.arena, path, (size_t)(strrchr(path, '/') - path));
}

/* All that jobs get to see of ours. */
static enum ct_status make_environment(struct grading *g)
{
	const char *bin = folder_of(g, g->grade->conctrace);
	const char *launcher = g->grade->rubric->race ? "conctrace cc " : "";
	size_t n = 0;

	if (!bin)
		return CT_ENOMEM;
	g->environment[n++] = ct_arena_printf(&g->result.arena, "PATH=%s:" SYSTEM_PATH, bin);
	g->environment[n++] = format(g, "HOME=", g->work, "");
	g->environment[n++] = format(g, "TMPDIR=", g->work, "");
	g->environment[n++] = format(g, "CC=", launcher, "gcc");
	g->environment[n++] = format(g, "CXX=", launcher, "g++");
	g->environment[n++] = "LANG=C.UTF-8";
	g->environment[n++] = format(g, "CONCTRACE_LIBRARY=", g->grade->library, "");
	for (size_t i = 0; i < n; i++) {
		if (!g->environment[i])
			return CT_ENOMEM;
	}
	return CT_OK;
}

/* What jobs need to see of where conctrace is installed, which may be a home, and no more. */
static enum ct_status make_places(struct grading *g)
{
	const struct ct_grade *grade = g->grade;
	const char *library_of_race = NULL;

	g->hidden[0] = grade->submissions;
	g->hidden[1] = grade->results;
	g->hidden[2] = grade->rubric_folder;
	g->readable[0] = grade->library;
	if (!grade->race)
		return CT_OK;
	library_of_race = folder_of(g, grade->race);
	if (library_of_race)
		library_of_race = format(g, library_of_race, "/", "libconctrace.so");
	g->readable[1] = grade->race;
	g->readable[2] = library_of_race;
	return library_of_race ? CT_OK : CT_ENOMEM;
}

static enum ct_status make_paths(struct grading *g, const char *scratch)
{
	const struct ct_grade *grade = g->grade;
	struct ct_text clean;

	ct_text_init(&clean);
	ct_text_utf8(&clean, g->name, strlen(g->name));
	g->result.name = ct_arena_strdup(&g->result.arena, ct_text_str(&clean));
	ct_text_fini(&clean);
	g->from = format(g, grade->submissions, "/", g->name);
	g->results = format(g, grade->results, "/", g->name);
	g->work = format(g, scratch, "/", "work");
	g->built = format(g, scratch, "/", "built");
	g->spare = format(g, scratch, "/", "spare");
	if (!g->result.name || !g->from || !g->results || !g->work || !g->built || !g->spare)
		return CT_ENOMEM;
	return make_environment(g) == CT_OK ? make_places(g) : CT_ENOMEM;
}

/* CT_EUSAGE: it is too large. */
static enum ct_status make_key(struct grading *g)
{
	const struct ct_rubric *rubric = g->grade->rubric;

	g->result.rubric_key = g->result.key = ct_rubric_key(rubric, g->grade->version);
	return ct_tree_copy(g->from, NULL, &ct_submission_limits, &g->result.key, &g->error);
}

static bool has_result(struct grading *g)
{
	const char *path = format(g, g->results, "/", "result.json");
	struct ct_result_row row;
	bool has = false;

	if (path && ct_result_row_read(path, g->grade->names->rules, &row) == CT_OK) {
		has = row.key == g->result.key && row.verdict != CT_VERDICT_ERROR;
		free(row.counts);
	}
	return has;
}

static enum ct_status copy_to_work(struct grading *g)
{
	const char *to = g->work;
	struct stat st;

	if (stat(g->from, &st) == 0 && S_ISREG(st.st_mode)) {
		to = format(g, g->work, "/", g->name);
		if (!to)
			return CT_ENOMEM;
		if (mkdir(g->work, 0700) != 0)
			return ct_error_set(&g->error, CT_EWRITE, "no room for a copy");
	}
	return ct_tree_copy(g->from, to, &ct_submission_limits, NULL, &g->error);
}

/* What is to be run: the path of the command's first word. */
static const char *program_path(struct grading *g)
{
	const char *command = g->grade->rubric->command;

	return ct_arena_printf(&g->result.arena, "%s/%.*s", g->work, (int)strcspn(command, " \t"),
			       command);
}

/* A copy to be built, without what was built before. */
static enum ct_status prepare_work(struct grading *g)
{
	enum ct_status status = copy_to_work(g);
	const char *program = program_path(g);

	if (status == CT_OK)
		status = ct_submission_unwrap(g->work, g->spare, &g->error);
	if (status == CT_OK)
		status = program ? ct_submission_remove_built(g->work, program, &g->error)
				 : CT_ENOMEM;
	return status;
}

/* The words for people; a shell would need more quotes. */
static const char *join(struct grading *g, char **argv)
{
	struct ct_text line;
	const char *copy;

	ct_text_init(&line);
	for (char **word = argv; *word; word++)
		ct_text_addf(&line, "%s%s", word > argv ? " " : "", *word);
	copy = ct_arena_strdup(&g->result.arena, ct_text_str(&line));
	ct_text_fini(&line);
	return copy ? copy : "";
}

static void no_build(struct grading *g, const char *why)
{
	const char *copy = ct_arena_strdup(&g->result.arena, why);

	g->result.verdict = CT_VERDICT_NO_BUILD;
	g->result.why = copy ? copy : "";
}

static void keep_log(struct grading *g, const char *path)
{
	struct ct_text log;
	const char *copy = NULL;

	ct_text_init(&log);
	if (ct_file_read_begin(path, LOG_BYTES_MAX, &log) == CT_OK)
		copy = ct_arena_strdup(&g->result.arena, ct_text_str(&log));
	g->result.build_log = copy ? copy : "";
	ct_text_fini(&log);
}

static enum ct_status run_build(struct grading *g, char **argv)
{
	const char *log = format(g, g->results, "/", "build.log");
	struct ct_job job = {
		.argv = (const char *const *)argv,
		.environment = g->environment,
		.folder = g->work,
		.readable = g->readable,
		.hidden = g->hidden,
		.output = log,
		.error_output = log,
		.limits = {.wall_ms = g->grade->rubric->build_timeout_ms,
			   .memory_bytes = UINT64_C(2) << 30,
			   .output_bytes = 1 << 20,
			   .file_bytes = UINT64_C(1) << 29,
			   .processes = 128},
		.sandbox = g->grade->sandbox,
	};
	struct ct_job_end end;
	enum ct_status status;
	struct ct_text text;

	if (!log)
		return CT_ENOMEM;
	status = ct_job_run(&job, &g->error, &end);
	if (status == CT_OK)
		status = ct_job_take_back(g->work, &g->error);
	if (status)
		return status;
	if (end.ending == CT_JOB_INTERRUPTED)
		return CT_EINTR;
	keep_log(g, log);
	if (end.ending == CT_JOB_EXITED && end.status == 0)
		return CT_OK;
	status = ct_disk_check(g->work, &g->error);
	if (status)
		return status;
	ct_text_init(&text);
	ct_text_add(&text, "the build ");
	ct_job_end_text(&text, &job, &end);
	if (ct_text_status(&text) == CT_OK)
		no_build(g, ct_text_str(&text));
	ct_text_fini(&text);
	return CT_OK;
}

/* Whether what is to be run has come about. */
static void check_program(struct grading *g)
{
	const char *command = g->grade->rubric->command;
	int length = (int)strcspn(command, " \t");
	const char *program = program_path(g);
	char why[256];

	if (command[0] != '.' || !program || access(program, X_OK) == 0)
		return;
	snprintf(why, sizeof(why), "it made no %.*s", length > 100 ? 100 : length, command);
	no_build(g, why);
}

static enum ct_status build(struct grading *g)
{
	char **argv = NULL;
	enum ct_status status = prepare_work(g);

	if (status)
		return status;
	status = ct_submission_command(g->grade->rubric, g->work, &argv);
	if (status == CT_ENOTFOUND) {
		no_build(g, "there is neither a Makefile nor C or C++ source");
		return CT_OK;
	}
	if (status == CT_OK) {
		g->result.build_command = join(g, argv);
		status = run_build(g, argv);
	}
	ct_submission_command_free(argv);
	if (status == CT_OK && g->result.verdict != CT_VERDICT_NO_BUILD)
		check_program(g);
	if (status == CT_OK && rename(g->work, g->built) != 0)
		status = ct_error_set(&g->error, CT_EIO, "the folder of the build is lost");
	return status;
}

static enum ct_status run_all(struct grading *g)
{
	const struct ct_rubric *rubric = g->grade->rubric;
	const char *runs = format(g, g->results, "/", "runs");
	struct ct_attempt_setting setting = {
		.arena = &g->result.arena,
		.rubric = rubric,
		.names = g->grade->names,
		.conctrace = g->grade->conctrace,
		.environment = g->environment,
		.readable = g->readable,
		.hidden = g->hidden,
		.built = g->built,
		.work = g->work,
		.results = runs,
		.sandbox = g->grade->sandbox,
		.keep_traces = g->grade->keep_traces,
	};
	enum ct_status status;

	g->result.attempts =
		ct_arena_calloc(&g->result.arena, rubric->runs, sizeof(*g->result.attempts));
	if (!runs || !g->result.attempts)
		return CT_ENOMEM;
	ct_tree_remove(runs); /* of other seeds */
	status = ct_folder_need(runs, &g->error);
	for (uint64_t i = 0; i < rubric->runs && status == CT_OK; i++) {
		status = ct_attempt_run(&setting, rubric->seed + i, &g->error,
					&g->result.attempts[i]);
		g->result.attempt_count += status == CT_OK;
	}
	return status;
}

static enum ct_status write_files(struct grading *g)
{
	const char *page = format(g, g->results, "/", "feedback.html");
	const char *json = format(g, g->results, "/", "result.json");
	enum ct_status status = page && json ? CT_OK : CT_ENOMEM;
	struct ct_text text;

	ct_text_init(&text);
	if (status == CT_OK)
		status = ct_feedback_html(g->grade->rubric, &g->result, &text);
	if (status == CT_OK)
		status = ct_file_write(page, &text, &g->error);
	ct_text_reset(&text);
	if (status == CT_OK)
		status = ct_result_json(&g->result, g->grade->names->rules, &text);
	if (status == CT_OK) /* last: it says that all is there */
		status = ct_file_write(json, &text, &g->error);
	ct_text_fini(&text);
	return status;
}

static enum ct_status judge(struct grading *g)
{
	enum ct_status status = CT_OK;

	if (g->result.verdict != CT_VERDICT_NO_BUILD)
		status = build(g);
	if (status == CT_OK && g->result.verdict != CT_VERDICT_NO_BUILD)
		status = run_all(g);
	if (status == CT_EUSAGE && g->error.status == CT_EUSAGE) {
		no_build(g, format(g, "after the build ", "", g->error.text));
		status = CT_OK;
	}
	if (status)
		return status;
	return g->result.verdict == CT_VERDICT_NO_BUILD
		       ? ct_points_no_build(g->grade->rubric, &g->result)
		       : ct_points_judge(g->grade->rubric, &g->result);
}

/* It is our failure, and says nothing of the submission. */
static enum ct_grade_status fail(struct grading *g, enum ct_status status)
{
	if (g->error.status == CT_OK)
		ct_error_set(&g->error, status, "%s", ct_status_text(status));
	g->grade->failed(g->grade->context, g->name, g->error.text);
	g->result.verdict = CT_VERDICT_ERROR;
	g->result.why = ct_arena_strdup(&g->result.arena, g->error.text);
	g->result.of = g->grade->rubric->points;
	g->result.points = 0;
	g->result.attempt_count = g->result.finding_count = g->result.deduction_count = 0;
	if (g->results && g->result.name && g->result.why)
		status = write_files(g);
	(void)status; /* if that fails too, the message is all there is */
	return CT_GRADE_FAILED;
}

/* The results of one submission are not written to where a link leads. */
static enum ct_status refuse_link(struct grading *g)
{
	struct stat st;

	if (lstat(g->results, &st) != 0 || !S_ISLNK(st.st_mode))
		return CT_OK;
	ct_error_set(&g->error, CT_EWRITE, "%s is a link: remove it", g->results);
	g->results = NULL;
	return CT_EWRITE;
}

static enum ct_grade_status grade_one(struct grading *g, const char *scratch)
{
	enum ct_status status = make_paths(g, scratch);

	if (status == CT_OK)
		status = refuse_link(g);
	if (status == CT_OK)
		status = make_key(g);
	if (status == CT_OK && !g->grade->again && has_result(g))
		return CT_GRADE_SKIPPED;
	if (status == CT_EUSAGE) {
		no_build(g, g->error.text);
		status = CT_OK;
	}
	if (status == CT_OK)
		status = ct_folder_need(g->results, &g->error);
	if (status == CT_OK && mkdir(scratch, 0711) != 0)
		status = ct_error_set(&g->error, CT_EWRITE, "%s cannot be made", scratch);
	if (status == CT_OK)
		status = judge(g);
	if (status == CT_EINTR)
		return CT_GRADE_INTERRUPTED;
	if (status)
		return fail(g, status);
	status = write_files(g);
	return status ? fail(g, status) : CT_GRADE_DONE;
}

enum ct_grade_status ct_submission_grade(const struct ct_grade *grade, const char *name,
					 const char *scratch)
{
	struct grading g = {.grade = grade, .name = name};
	enum ct_grade_status status;

	ct_result_init(&g.result);
	status = grade_one(&g, scratch);
	ct_tree_remove(scratch);
	ct_result_fini(&g.result);
	return status;
}
