#include "grade/attempt.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "grade/disk.h"
#include "grade/submission_file.h"

enum {
	WORDS_MAX = 64,
	REPORT_BYTES_MAX = 8 << 20, /* parsed, it takes many times as much */
	ERRORS_SHOWN = 4096,
	GRACE_MS = 120 * 1000, /* for the report, after the program's time */
	NOT_RECORDED = 75,     /* exit statuses of `conctrace run`, docs/man/conctrace.1.scd */
	FINDING = 66,
	BROKEN = 70,
};

#define MAX_TRACE "--max-trace=256M"
#define TRACE "conctrace.trace"
#define REPORT "conctrace.report.json"
#define TEXT "conctrace.report.txt"

/* Of conctrace, which keeps more of a program than that keeps itself. */
#define OWN_BYTES (UINT64_C(2) << 30)

static const struct ct_tree_limits built_limits = {
	.bytes = UINT64_C(1) << 30, .entries = 20000, .depth = 64};

struct run {
	const struct ct_attempt_setting *setting;
	struct ct_attempt *attempt;
	struct ct_error *error;
	struct ct_arena arena; /* of names; gone with the run */
	const char *folder;    /* of what is kept */
	struct ct_job job;
	struct ct_job_end end;
};

static const char *path(struct run *run, const char *folder, const char *name)
{
	const char *joined = ct_arena_printf(&run->arena, "%s/%s", folder, name);

	return joined ? joined : "";
}

static void worsen(struct ct_attempt *attempt, enum ct_verdict verdict, const char *why)
{
	if (verdict > attempt->verdict) {
		attempt->verdict = verdict;
		attempt->why = why;
	}
}

static void fails(struct run *run, const char *words)
{
	const char *copy = ct_arena_strdup(run->setting->arena, words);

	run->attempt->went_wrong = true;
	worsen(run->attempt, CT_VERDICT_FAILED, copy ? copy : "");
}

static CT_PRINTF(2, 3) void fails_with(struct run *run, const char *format, ...)
{
	struct ct_text words;
	va_list args;

	ct_text_init(&words);
	va_start(args, format);
	ct_text_addv(&words, format, args);
	va_end(args);
	fails(run, ct_text_str(&words));
	ct_text_fini(&words);
}

/* "SIGSEGV"; those for real time have no names */
static const char *signal_name(struct run *run, int number)
{
	const char *known = sigabbrev_np(number);
	const char *name = known ? ct_arena_printf(&run->arena, "SIG%s", known)
				 : ct_arena_printf(&run->arena, "signal %d", number);

	return name ? name : "a signal";
}

/* The copy of what was built, without anything that would pass for ours. */
static enum ct_status prepare(struct run *run)
{
	const struct ct_attempt_setting *setting = run->setting;
	static const char *const ours[] = {TRACE, REPORT, TEXT};
	enum ct_status status;

	ct_tree_remove(setting->work);
	status = ct_tree_copy(setting->built, setting->work, &built_limits, NULL, run->error);
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours) && status == CT_OK; i++)
		ct_tree_remove(path(run, setting->work, ours[i]));
	ct_tree_remove(run->folder);
	return status ? status : ct_folder_need(run->folder, run->error);
}

static const char **arguments(struct run *run)
{
	const struct ct_rubric *rubric = run->setting->rubric;
	struct ct_arena *arena = &run->arena;
	const char *const own[] = {run->setting->conctrace,
				   "run",
				   "--new-session",
				   "-q",
				   "--color=never",
				   MAX_TRACE,
				   ct_arena_printf(arena, "--perturb=%" PRIu64, run->attempt->seed),
				   ct_arena_printf(arena, "--timeout=%" PRIu64 ".%03" PRIu64,
						   rubric->timeout_ms / 1000,
						   rubric->timeout_ms % 1000),
				   ct_arena_printf(arena, "--races=%s", rubric->races),
				   "--json=" REPORT,
				   "--text=" TEXT,
				   "--output=" TRACE,
				   "--"};
	enum { OWN = sizeof(own) / sizeof(*own) };
	const char **argv = ct_arena_calloc(arena, OWN + WORDS_MAX + 1, sizeof(*argv));
	char *words = ct_arena_strdup(arena, rubric->command), *at = NULL;
	size_t count = OWN;

	if (!argv || !words || !own[6] || !own[7] || !own[8])
		return NULL;
	memcpy(argv, own, sizeof(own));
	for (char *word = strtok_r(words, " \t", &at); word && count < OWN + WORDS_MAX;
	     word = strtok_r(NULL, " \t", &at))
		argv[count++] = word;
	return argv;
}

static enum ct_status run_job(struct run *run)
{
	const struct ct_rubric *rubric = run->setting->rubric;
	const char **argv = arguments(run);
	enum ct_status status;

	if (!argv)
		return ct_error_set(run->error, CT_ENOMEM, "out of memory");
	run->job = (struct ct_job){
		.argv = argv,
		.environment = run->setting->environment,
		.folder = run->setting->work,
		.readable = run->setting->readable,
		.hidden = run->setting->hidden,
		.input = rubric->input.path,
		.output = path(run, run->folder, "output"),
		.error_output = path(run, run->folder, "errors"),
		.limits = {.wall_ms = rubric->timeout_ms + GRACE_MS,
			   .memory_bytes = rubric->memory_bytes,
			   .own_bytes = OWN_BYTES,
			   .output_bytes = rubric->output_bytes,
			   .file_bytes = UINT64_C(1) << 29,
			   .processes = (uint32_t)rubric->processes},
		.sandbox = run->setting->sandbox,
	};
	status = ct_job_run(&run->job, run->error, &run->end);
	if (status == CT_OK)
		status = ct_job_take_back(run->setting->work, run->error);
	if (status == CT_OK && run->end.ending == CT_JOB_INTERRUPTED)
		return ct_error_set(run->error, CT_EINTR, "interrupted");
	if (status == CT_OK && run->end.ending == CT_JOB_MEMORY && run->end.own_memory)
		return ct_error_set(run->error, CT_EIO, "the report takes more than %" PRIu64 " MB",
				    OWN_BYTES >> 20);
	if (status == CT_OK && run->end.ending == CT_JOB_TIME && run->end.own_alone)
		return ct_error_set(run->error, CT_EIO, "the report takes more than %d s",
				    GRACE_MS / 1000);
	return status;
}

/* Whether conctrace came to its end; says what ended it if not. */
static bool ended_well(struct run *run)
{
	const struct ct_rubric *rubric = run->setting->rubric;

	switch (run->end.ending) {
	case CT_JOB_EXITED:
		return true;
	case CT_JOB_SIGNALLED:
		fails_with(run, "conctrace, which watched it, was killed by %s",
			   signal_name(run, run->end.status));
		return false;
	case CT_JOB_TIME:
		fails(run, "it could not be ended when its time was over");
		return false;
	case CT_JOB_MEMORY:
		fails_with(run, "it took more than %" PRIu64 " MB of memory",
			   rubric->memory_bytes >> 20);
		return false;
	case CT_JOB_OUTPUT:
		fails_with(run, "it printed more than %" PRIu64 " kB", rubric->output_bytes >> 10);
		return false;
	case CT_JOB_PROCESSES:
		fails_with(run, "it had more than %" PRIu64 " processes and threads",
			   rubric->processes);
		return false;
	case CT_JOB_FILES:
		fails(run, "it wrote more into files than is allowed");
		return false;
	case CT_JOB_INTERRUPTED:
		break;
	}
	return false;
}

/* Worse than what the end of the program says, if they tell of more. */
static void judge_findings(struct run *run)
{
	struct ct_attempt *attempt = run->attempt;

	for (size_t i = 0; i < attempt->finding_count; i++) {
		const struct ct_seen *seen = &attempt->findings[i];
		enum ct_verdict verdict = CT_VERDICT_CLEAN;

		if (seen->severity == CT_ERROR && seen->hangs && seen->evidence == CT_OBSERVED)
			verdict = CT_VERDICT_DEADLOCKED;
		else if (seen->fails)
			verdict = CT_VERDICT_FINDING;
		attempt->hung |= verdict == CT_VERDICT_DEADLOCKED;
		worsen(attempt, verdict, seen->headline);
	}
}

static void judge_end(struct run *run, const struct ct_attempt_report *report)
{
	struct ct_attempt *attempt = run->attempt;

	switch (report->end.ending) {
	case CT_PROGRAM_EXITED:
		if ((uint64_t)report->end.number != run->setting->rubric->exit_status)
			fails_with(run, "it exited with status %d, not %" PRIu64,
				   report->end.number, run->setting->rubric->exit_status);
		else if (attempt->difference)
			fails_with(run, "its output is wrong: %s", attempt->difference);
		break;
	case CT_PROGRAM_KILLED:
		fails_with(run, "it crashed: killed by %s", signal_name(run, report->end.number));
		break;
	case CT_PROGRAM_HUNG:
		attempt->hung = true;
		worsen(attempt, CT_VERDICT_DEADLOCKED, "it hung");
		break;
	case CT_PROGRAM_TIMED_OUT:
		if (attempt->hung)
			break;
		attempt->slow = true;
		worsen(attempt, CT_VERDICT_SLOW,
		       "it did not hang, but its time was over before it ended");
		break;
	case CT_PROGRAM_INTERRUPTED:
		fails(run, "it interrupted conctrace, which watched it");
		break;
	case CT_PROGRAM_UNKNOWN:
		break; /* ct_attempt_report_read lets none pass */
	}
}

/* An exit status that no report speaks of has been made up. */
static bool agrees(const struct run *run, const struct ct_attempt_report *report)
{
	bool any = false;

	for (size_t i = 0; i < run->attempt->finding_count; i++)
		any |= run->attempt->findings[i].fails;
	if (report->exit_status != run->end.status)
		return false;
	if (run->end.status == FINDING)
		return any || report->end.ending == CT_PROGRAM_HUNG ||
		       (report->end.ending == CT_PROGRAM_EXITED && report->end.number == FINDING);
	return run->end.status != 0 || !any;
}

static enum ct_status judge_report(struct run *run, const struct ct_text *text)
{
	struct ct_attempt_report report = {0};
	enum ct_status status;

	status = ct_attempt_report_read(ct_text_str(text), text->len, run->setting->names,
					run->setting->arena, run->attempt, &report);
	if (status == CT_OK && !agrees(run, &report)) {
		run->attempt->finding_count = run->attempt->unseen_count = 0;
		status = CT_EFORMAT;
	}
	if (status == CT_EFORMAT) {
		fails(run, "its report was tampered with or damaged");
		return CT_OK;
	}
	if (status == CT_OK && report.end.ending == CT_PROGRAM_EXITED)
		status = ct_attempt_output_check(run->setting->rubric, run->job.output,
						 run->setting->arena, &run->attempt->difference);
	if (status)
		return ct_error_set(run->error, status, "%s", ct_status_text(status));
	run->attempt->reported = true;
	judge_findings(run);
	judge_end(run, &report);
	return CT_OK;
}

/* conctrace says on standard error why it has no report. */
static void add_reason(struct run *run, struct ct_text *out)
{
	static const char own[] = "conctrace: ";
	struct ct_text text;
	const char *at;

	ct_text_init(&text);
	if (ct_file_read_begin(run->job.error_output, ERRORS_SHOWN, &text) != CT_OK)
		ct_text_reset(&text);
	at = strstr(ct_text_str(&text), own);
	at = at ? at + strlen(own) : "the reason is not known";
	ct_text_utf8(out, at, strcspn(at, "\n"));
	ct_text_fini(&text);
}

static enum ct_status judge_without(struct run *run)
{
	enum ct_status status = CT_OK;
	struct ct_text reason;

	ct_text_init(&reason);
	add_reason(run, &reason);
	if (run->end.status == BROKEN)
		status = ct_error_set(run->error, CT_EIO, "conctrace failed: %s",
				      ct_text_str(&reason));
	else if (run->end.status == NOT_RECORDED || run->end.status == 126 ||
		 run->end.status == 127)
		fails_with(run, "it could not be run: %s", ct_text_str(&reason));
	else
		fails(run, "its report was tampered with or damaged");
	ct_text_fini(&reason);
	return status;
}

/* The program may have done away with its trace, or filled it with what is no trace. */
static enum ct_status keep_trace(struct run *run)
{
	struct ct_error error;
	enum ct_status status =
		ct_tree_copy(path(run, run->setting->work, TRACE), path(run, run->folder, "trace"),
			     &built_limits, NULL, &error);

	if (status != CT_EWRITE && status != CT_ENOMEM)
		return CT_OK;
	*run->error = error;
	return status;
}

/* Keeps what is wanted of the run's files, and reads the report. */
static enum ct_status harvest(struct run *run)
{
	const char *work = run->setting->work;
	enum ct_status status;
	struct ct_text text;

	ct_text_init(&text);
	if (ct_file_read_made(path(run, work, TEXT), REPORT_BYTES_MAX, &text) == CT_OK) {
		status = ct_file_write(path(run, run->folder, "report.txt"), &text, run->error);
		if (status)
			goto out;
	}
	ct_text_reset(&text);
	status = ct_file_read_made(path(run, work, REPORT), REPORT_BYTES_MAX, &text);
	if (!ended_well(run)) {
		status = CT_OK;
	} else if (status == CT_ENOMEM) {
		status = ct_error_set(run->error, status, "out of memory");
	} else if (status) {
		status = judge_without(run);
	} else {
		status = ct_file_write(path(run, run->folder, "report.json"), &text, run->error);
		if (status == CT_OK)
			status = judge_report(run, &text);
	}
	if (status == CT_OK && run->end.left_behind)
		fails(run, "it left processes running");
	if (status == CT_OK && run->setting->keep_traces)
		status = keep_trace(run);
	if (status == CT_OK && run->attempt->went_wrong)
		status = ct_disk_check(work, run->error);
out:
	ct_text_fini(&text);
	return status;
}

enum ct_status ct_attempt_run(const struct ct_attempt_setting *setting, uint64_t seed,
			      struct ct_error *error, struct ct_attempt *out)
{
	struct run run = {.setting = setting, .attempt = out, .error = error};
	enum ct_status status;

	*out = (struct ct_attempt){.seed = seed, .why = ""};
	ct_arena_init(&run.arena);
	run.folder = ct_arena_printf(&run.arena, "%s/%" PRIu64, setting->results, seed);
	status = run.folder ? prepare(&run) : ct_error_set(error, CT_ENOMEM, "out of memory");
	if (status == CT_OK)
		status = run_job(&run);
	if (status == CT_OK)
		status = harvest(&run);
	ct_tree_remove(setting->work);
	ct_arena_fini(&run.arena);
	return status;
}
