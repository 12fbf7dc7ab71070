#include "cli/command.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/library.h"
#include "cli/options.h"
#include "detect/detector.h"
#include "grade/grade.h"
#include "grade/results_lock.h"
#include "grade/table.h"

enum {
	KEY_SHARD = 0x100,
	KEY_SEED,
	KEY_RUNS,
	KEY_ONLY,
	KEY_AGAIN,
	KEY_KEEP,
	KEY_SANDBOX,
	KEY_PRINT,
};

enum { WORKERS_MAX = 256, RUNS_MAX = 100, ONLY_MAX = 256, SHARDS_MAX = 10000 };

#define TABLE "grades.csv"

static const struct argp_option options[] = {
	{"output", 'o', "DIR", 0, "Folder of the results (default: conctrace.grade)", 0},
	{"jobs", 'j', "N", 0, "Grade N submissions at a time (default: as many as processors)", 0},
	{"shard", KEY_SHARD, "I/N", 0,
	 "Only every N-th submission, from the I-th on; merge puts "
	 "the tables together",
	 0},
	{"only", KEY_ONLY, "NAME", 0, "Only this submission; may be given several times", 0},
	{"again", KEY_AGAIN, NULL, 0, "Also what has a result that is up to date", 0},
	{"seed", KEY_SEED, "N", 0, "Seed of the first run, instead of the rubric's", 0},
	{"runs", KEY_RUNS, "N", 0, "Run each program N times, instead of what the rubric says", 0},
	{"keep-traces", KEY_KEEP, NULL, 0, "Keep the traces of all runs", 0},
	{"sandbox", KEY_SANDBOX, "WHICH", 0,
	 "auto (default), none, or bwrap, which fails where bubblewrap does not work", 0},
	{"print-rubric", KEY_PRINT, NULL, 0, "Print a rubric with all keys, explained", 0},
	{"quiet", 'q', NULL, 0, "Say nothing but errors", 0},
	{0},
};

struct arguments {
	const char *rubric, *submissions, *results;
	const char *only[ONLY_MAX + 1];
	size_t only_count;
	uint64_t workers, shard, shards, seed, runs;
	enum ct_sandbox sandbox;
	bool has_seed, again, keep, print, quiet;
};

static bool parse_shard(const char *text, struct arguments *a)
{
	const char *slash = strchr(text, '/');
	char first[16];

	if (!slash || (size_t)(slash - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(slash - text));
	first[slash - text] = '\0';
	return ct_parse_number(first, SHARDS_MAX, &a->shard) && a->shard &&
	       ct_parse_number(slash + 1, SHARDS_MAX, &a->shards) && a->shard <= a->shards;
}

static bool parse_sandbox(const char *text, enum ct_sandbox *out)
{
	static const char *const words[] = {"auto", "none", "bwrap"};

	for (int i = 0; i < 3; i++) {
		if (strcmp(words[i], text) == 0) {
			*out = (enum ct_sandbox)i;
			return true;
		}
	}
	return false;
}

static error_t parse_number(int key, char *arg, struct argp_state *state, struct arguments *a)
{
	switch (key) {
	case 'j':
		if (!ct_parse_number(arg, WORKERS_MAX, &a->workers) || !a->workers)
			argp_error(state, "-j takes 1 to %d, not \"%s\"", WORKERS_MAX, arg);
		return 0;
	case KEY_SEED:
		a->has_seed = ct_parse_number(arg, UINT64_MAX / 2, &a->seed);
		if (!a->has_seed)
			argp_error(state, "--seed takes a number, not \"%s\"", arg);
		return 0;
	case KEY_RUNS:
		if (!ct_parse_number(arg, RUNS_MAX, &a->runs) || !a->runs)
			argp_error(state, "--runs takes 1 to %d, not \"%s\"", RUNS_MAX, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_choice(int key, char *arg, struct argp_state *state, struct arguments *a)
{
	switch (key) {
	case KEY_SHARD:
		if (!parse_shard(arg, a))
			argp_error(state, "--shard takes I/N with I from 1 to N, not \"%s\"", arg);
		return 0;
	case KEY_ONLY:
		if (a->only_count == ONLY_MAX)
			argp_error(state, "--only was given too often");
		else
			a->only[a->only_count++] = arg;
		return 0;
	case KEY_SANDBOX:
		if (!parse_sandbox(arg, &a->sandbox))
			argp_error(state, "--sandbox takes auto, none or bwrap, not \"%s\"", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (!a->rubric)
			a->rubric = arg;
		else if (!a->submissions)
			a->submissions = arg;
		else
			argp_error(state, "takes a rubric and a folder, not also \"%s\"", arg);
		return 0;
	case ARGP_KEY_END:
		if (!a->print && !a->submissions)
			argp_error(state, "a rubric and the folder of the submissions are needed");
		return 0;
	default:
		return parse_number(key, arg, state, a);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'o':
		a->results = arg;
		return 0;
	case 'q':
		a->quiet = true;
		return 0;
	case KEY_AGAIN:
		a->again = true;
		return 0;
	case KEY_KEEP:
		a->keep = true;
		return 0;
	case KEY_PRINT:
		a->print = true;
		return 0;
	default:
		return parse_choice(key, arg, state, a);
	}
}

/* What is told while it works. */
struct telling {
	const struct ct_grade *grade;
	const struct ct_submissions *all; /* also those of other shards */
	size_t told, skipped, counts[CT_VERDICT_COUNT], left_out;
	bool quiet, bar; /* bar: standard error is a terminal */
	bool lines;	 /* on standard output; not among the bar */
};

#define WIPE "\r\033[K"

static void show_bar(const struct telling *telling)
{
	enum { WIDTH = 30 };
	size_t count = telling->grade->list->count;
	int full = count ? (int)(telling->told * WIDTH / count) : 0;

	if (telling->bar)
		fprintf(stderr, WIPE "conctrace: [%.*s%*s] %zu of %zu", full,
			"##############################", WIDTH - full, "", telling->told, count);
}

static void tick(void *context)
{
	show_bar(context);
}

static void tell(const struct telling *telling, const char *name, const struct ct_result_row *row,
		 bool skipped)
{
	struct ct_text line;

	ct_text_init(&line);
	ct_text_add_printable(&line, name);
	ct_text_addf(&line, ": %s", ct_verdict_word(row->verdict));
	if (row->verdict != CT_VERDICT_ERROR) {
		ct_text_add(&line, ", ");
		ct_points_add(&line, row->points);
		ct_text_add(&line, " of ");
		ct_points_add(&line, row->of);
	}
	if (row->incomplete)
		ct_text_add(&line, ", not all of it observed");
	ct_text_addf(&line, "%s\n", skipped ? " (as before)" : "");
	if (telling->lines && ct_text_write(&line, STDOUT_FILENO) != CT_OK)
		ct_text_reset(&line); /* the table has it */
	ct_text_fini(&line);
}

static void failed(void *context, const char *name, const char *why)
{
	const struct telling *telling = context;

	if (telling->bar)
		fputs(WIPE, stderr);
	ct_cli_say("%s: not graded: %s", name, why);
}

static void done(void *context, size_t index, enum ct_grade_status status)
{
	struct telling *telling = context;
	const struct ct_grade *grade = telling->grade;
	const char *name = grade->list->names[index];
	struct ct_result_row row;
	struct ct_text path;

	ct_text_init(&path);
	ct_text_addf(&path, "%s/%s/result.json", grade->results, name);
	if (status == CT_GRADE_FAILED || ct_text_status(&path) != CT_OK ||
	    ct_result_row_read(ct_text_str(&path), grade->names->rules, &row) != CT_OK)
		row = (struct ct_result_row){.verdict = CT_VERDICT_ERROR};
	telling->told++;
	telling->skipped += status == CT_GRADE_SKIPPED;
	telling->counts[row.verdict]++;
	tell(telling, name, &row, status == CT_GRADE_SKIPPED);
	show_bar(telling);
	free(row.counts);
	ct_text_fini(&path);
}

static void say_summary(const struct telling *telling)
{
	struct ct_text line;

	if (telling->bar)
		fputs(WIPE, stderr);
	if (telling->quiet)
		return;
	ct_text_init(&line);
	ct_text_addf(&line, "graded %zu of %zu", telling->told - telling->counts[CT_VERDICT_ERROR],
		     telling->grade->list->count);
	if (telling->skipped)
		ct_text_addf(&line, " (%zu as before)", telling->skipped);
	for (int i = 0; i < CT_VERDICT_COUNT; i++) {
		if (telling->counts[i])
			ct_text_addf(&line, ", %zu %s", telling->counts[i],
				     ct_verdict_word((enum ct_verdict)i));
	}
	ct_cli_say("%s; the table is %s/" TABLE, ct_text_str(&line), telling->grade->results);
	if (telling->left_out)
		ct_cli_say("%zu other %s there, of submissions that are gone or by another rubric, "
			   "seeds or version: not in the table",
			   telling->left_out, telling->left_out == 1 ? "result is" : "results are");
	ct_text_fini(&line);
}

static enum ct_status write_table(struct telling *telling, struct ct_error *error)
{
	const struct ct_grade *grade = telling->grade;
	const char *const folders[] = {grade->results, NULL};
	struct ct_class_table table;
	struct ct_text path, csv;
	enum ct_status status;

	ct_text_init(&path);
	ct_text_init(&csv);
	status = ct_class_table_read(folders, grade->names->rules, error, &table);
	ct_text_addf(&path, "%s/" TABLE, grade->results);
	if (status == CT_OK)
		telling->left_out = ct_class_table_keep(
			&table, telling->all, ct_rubric_key(grade->rubric, grade->version));
	if (status == CT_OK && (ct_text_status(&path) != CT_OK || ct_class_table_csv(&table, &csv)))
		status = ct_error_set(error, CT_ENOMEM, "out of memory");
	if (status == CT_OK)
		status = ct_file_write(ct_text_str(&path), &csv, error);
	ct_class_table_fini(&table);
	ct_text_fini(&csv);
	ct_text_fini(&path);
	return status;
}

static int run_class(struct ct_grade *grade, const struct arguments *a,
		     const struct ct_submissions *all)
{
	struct telling telling = {.grade = grade,
				  .all = all,
				  .quiet = a->quiet,
				  .bar = !a->quiet && isatty(STDERR_FILENO) == 1};
	struct ct_error error, unwritten;
	enum ct_status status, table;
	int signal = 0;

	telling.lines = !a->quiet && !(telling.bar && isatty(STDOUT_FILENO) == 1);
	grade->done = done;
	grade->failed = failed;
	grade->tick = tick;
	grade->context = &telling;
	status = ct_grade_all(grade, &signal, &error);
	table = write_table(&telling, &unwritten);
	say_summary(&telling);
	if (table)
		return ct_cli_fail(&unwritten);
	if (status == CT_EINTR) {
		ct_cli_say("interrupted: the same command goes on from here");
		return CT_EXIT_SIGNAL + signal;
	}
	if (status) {
		ct_cli_say("%s", error.text);
		return CT_EXIT_INTERNAL;
	}
	return CT_EXIT_OK;
}

static void say_other(const char *name)
{
	ct_cli_say("%s is no submission: neither a folder nor C or C++ source", name);
}

static void ignore_other(const char *name)
{
	(void)name;
}

/* All; and those of them to be graded now. */
struct class
{
	struct ct_submissions all, chosen;
};

static enum ct_status choose(const struct arguments *a, struct class *class, struct ct_error *error)
{
	enum ct_status status =
		ct_submissions_list(a->submissions, ignore_other, error, &class->all);
	struct ct_submissions *list = &class->chosen;

	if (status == CT_OK)
		status = ct_submissions_list(a->submissions, a->quiet ? ignore_other : say_other,
					     error, list);
	if (status == CT_OK && a->only_count)
		status = ct_submissions_only(list, a->only, error);
	if (status == CT_OK && a->shards)
		ct_submissions_shard(list, a->shard - 1, a->shards);
	for (size_t i = 0; i < list->count && status == CT_OK; i++) {
		if (strcmp(list->names[i], TABLE) == 0)
			status = ct_error_set(error, CT_EUSAGE,
					      "no submission may be named " TABLE
					      ", as the table is: rename it");
	}
	return status;
}

/* Of a path whose last parts need not be there yet: the real path of what is. The caller frees it;
 * NULL: no memory. */
static char *real_beginning(const char *path)
{
	char *copy = strdup(path), *real = NULL, *slash;

	while (copy && !(real = realpath(copy, NULL)) && (slash = strrchr(copy, '/')) &&
	       slash > copy)
		*slash = '\0';
	if (copy && !real)
		real = realpath(*copy == '/' ? "/" : ".", NULL);
	free(copy);
	return real;
}

/* They would be submissions of the next call, and a student's folder could be written to. */
static enum ct_status check_results(const struct arguments *a, struct ct_error *error)
{
	char *submissions = realpath(a->submissions, NULL), *results = real_beginning(a->results);
	size_t length = submissions ? strlen(submissions) : 0;
	enum ct_status status = CT_OK;

	if (!submissions || !results)
		status = ct_error_set(error, CT_EIO, "%s: %s", a->submissions, strerror(errno));
	else if (strncmp(results, submissions, length) == 0 &&
		 (results[length] == '/' || !results[length] || length == 1))
		status = ct_error_set(error, CT_EUSAGE,
				      "the results cannot be among the submissions: choose another "
				      "folder by -o");
	free(submissions);
	free(results);
	return status;
}

/* One for all jobs. Root's have a user id of their own; those of somebody else have his. */
static enum ct_status choose_sandbox(const struct arguments *a, enum ct_sandbox *out,
				     struct ct_error *error)
{
	const char *why = NULL;
	bool works = a->sandbox != CT_SANDBOX_NONE && ct_sandbox_works(&why);

	*out = works ? CT_SANDBOX_BWRAP : CT_SANDBOX_NONE;
	if (works || (a->sandbox == CT_SANDBOX_AUTO && geteuid() == 0))
		return CT_OK;
	if (a->sandbox == CT_SANDBOX_BWRAP)
		return ct_error_set(error, CT_EUSAGE, "there is no sandbox: %s", why);
	if (a->sandbox == CT_SANDBOX_AUTO)
		return ct_error_set(error, CT_EUSAGE,
				    "there is no sandbox: %s. Install bubblewrap; or use --sandbox "
				    "none, which lets a submission read and change your files and "
				    "end all your processes",
				    why);
	if (geteuid() != 0 && !a->quiet)
		ct_cli_say("there is no sandbox: a submission can read and change your files and "
			   "end all your processes");
	return CT_OK;
}

/* Paths of ours that jobs need to see. */
struct own_paths {
	struct ct_text library, race;
};

/* As root each job runs as a user of its own, who has to reach what is ours. */
static enum ct_status check_open(const char *file, struct ct_error *error)
{
	char *path = realpath(file, NULL), *slash;
	enum ct_status status = CT_OK;
	struct stat st;

	while (status == CT_OK && path && (slash = strrchr(path, '/')) != path) {
		*slash = '\0';
		if (stat(path, &st) == 0 && !(st.st_mode & S_IXOTH))
			status = ct_error_set(
				error, CT_EUSAGE,
				"submissions run as users of their own, who cannot enter %s, "
				"where conctrace is: install it elsewhere, or chmod o+x %s",
				path, path);
	}
	free(path);
	return status;
}

/* What can be known before any work is done. */
static enum ct_status check_machine(const struct arguments *a, struct ct_grade *grade,
				    struct own_paths *paths, struct ct_error *error)
{
	enum ct_status status = choose_sandbox(a, &grade->sandbox, error);
	struct ct_error none;

	if (status == CT_OK)
		status = ct_library_find(&paths->library, error);
	if (status == CT_OK && geteuid() == 0)
		status = check_open("/proc/self/exe", error);
	if (status == CT_OK && geteuid() == 0)
		status = check_open(ct_text_str(&paths->library), error);
	if (status)
		return status;
	grade->library = ct_text_str(&paths->library);
	/* without it builds fail, and say so, unless the rubric does without */
	if (ct_library_find_race(&paths->race, &none) == CT_OK)
		grade->race = ct_text_str(&paths->race);
	if (ct_text_status(&paths->library) != CT_OK || ct_text_status(&paths->race) != CT_OK)
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	return CT_OK;
}

/* The folder of a file; NULL: it has none. The caller frees it. */
static char *real_folder(const char *file)
{
	char *path = realpath(file, NULL);

	if (path)
		*strrchr(path, '/') = '\0';
	return path;
}

static int grade_class(const struct arguments *a, struct ct_grade *grade, struct class *class)
{
	char *results = NULL, *submissions = NULL, *self = realpath("/proc/self/exe", NULL);
	struct ct_error error;
	enum ct_status status = choose(a, class, &error);
	int result = CT_EXIT_USAGE, lock = -1;
	char *rubric_folder = real_folder(a->rubric);
	struct own_paths paths;

	ct_text_init(&paths.library);
	ct_text_init(&paths.race);
	if (status == CT_OK)
		status = check_results(a, &error);
	if (status == CT_OK)
		status = check_machine(a, grade, &paths, &error);
	if (status == CT_OK)
		status = ct_folder_need(a->results, &error);
	if (status == CT_OK)
		status = ct_results_lock(a->results, &lock, &error);
	if (status == CT_OK) {
		results = realpath(a->results, NULL);
		submissions = realpath(a->submissions, NULL);
		if (!results || !submissions || !self)
			status =
				ct_error_set(&error, CT_EIO, "%s: %s", a->results, strerror(errno));
	}
	grade->list = &class->chosen;
	grade->results = results;
	grade->submissions = submissions;
	grade->rubric_folder = rubric_folder;
	grade->conctrace = self;
	result = status ? ct_cli_fail(&error) : run_class(grade, a, &class->all);
	if (lock >= 0)
		close(lock);
	ct_text_fini(&paths.library);
	ct_text_fini(&paths.race);
	free(rubric_folder);
	free(self);
	free(submissions);
	free(results);
	return result;
}

static int grade(const struct arguments *a)
{
	const char **uses = ct_grade_uses();
	struct ct_rubric_names names = {.rules = ct_detect_rules(), .uses = uses};
	struct class class = {0};
	struct ct_rubric rubric;
	struct ct_grade grade = {.rubric = &rubric,
				 .names = &names,
				 .version = CT_VERSION,
				 .workers = a->workers,
				 .again = a->again,
				 .keep_traces = a->keep};
	struct ct_error error;
	int status;

	if (!uses)
		return ct_cli_no_memory();
	if (ct_rubric_read(a->rubric, &names, &error, &rubric) != CT_OK) {
		status = ct_cli_fail(&error);
	} else {
		rubric.runs = a->runs ? a->runs : rubric.runs;
		rubric.seed = a->has_seed ? a->seed : rubric.seed;
		status = grade_class(a, &grade, &class);
	}
	ct_submissions_fini(&class.all);
	ct_submissions_fini(&class.chosen);
	ct_rubric_fini(&rubric);
	free(uses);
	return status;
}

static int run_grade(int argc, char **argv)
{
	static const struct argp_child children[] = {{&ct_common_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "RUBRIC SUBMISSIONS",
		.doc = "Builds and runs the programs of a class, each several times with other "
		       "delays, within limits, and grades what is found. SUBMISSIONS is a folder; "
		       "each folder or C or C++ file in it is a submission. The folder of the "
		       "results gets a table, " TABLE ", and for each submission a page for the "
		       "student. What has a result already is not graded again."
		       "\vThe exit status is 0 when all were graded, whatever came of it; see "
		       "\"man "
		       "conctrace-grade\" and \"man conctrace-rubric\".",
		.children = children,
	};
	struct arguments a = {.results = "conctrace.grade"};

	if (argp_parse(&argp, argc, argv, 0, NULL, &a) != 0)
		return CT_EXIT_USAGE;
	if (!a.print)
		return grade(&a);
	return fputs(ct_rubric_example, stdout) < 0 || fflush(stdout) != 0 ? CT_EXIT_INTERNAL
									   : CT_EXIT_OK;
}

const struct ct_command ct_command_grade = {
	.name = "grade",
	.summary = "build, run and grade the programs of a class",
	.run = run_grade,
};
