#include "cli/confirm.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/vec.h"
#include "cli/analysis.h"
#include "cli/attempt.h"
#include "cli/exit.h"
#include "cli/folder.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "live/start.h"
#include "finding/fingerprint.h"
#include "model/repeat.h"
#include "report/words.h"

enum { FOLDERS_MAX = 10000 };

/* A finding that all was done for. */
struct tried {
	uint64_t stops; /* ct_pattern_stops */
	uint64_t fingerprint;
	bool confirmed;
};

struct confirm {
	const struct ct_confirm_options *options;
	struct ct_analysis *analysis;
	struct ct_text base; /* the trace's path, without slashes at its end */
	struct ct_start start;
	struct ct_repeat *repeat;
	struct ct_confirm_counts *counts;
	struct tried *tried; /* heap */
	size_t tried_count, tried_cap;
};

/* What came of a finding so far. */
struct trial {
	struct ct_finding *finding;
	struct ct_pattern pattern;
	struct ct_text folder; /* of the attempts */
	uint64_t attempts;
	enum ct_steered_progress best;
	struct ct_text reason; /* why that attempt did not deadlock */
	bool refused;	       /* the kernel will refuse it again */
};

/* The exact way first; the more often it fails, the more is left to chance. */
static const struct ct_pattern_way ways[CT_CONFIRM_ATTEMPTS] = {
	{CT_PLAN_EXACT, CT_GATES_OUTERMOST, false, "exactly as predicted"},
	{CT_PLAN_SITE, CT_GATES_OUTERMOST, false, "whenever the threads come there"},
	{CT_PLAN_SITE, CT_GATES_OUTERMOST, true, "whichever threads come there"},
	{CT_PLAN_SITE, CT_GATES_OWN, false, "whenever the threads come there, other gates"},
	{CT_PLAN_SITE, CT_GATES_NONE, true, "whichever threads come there, no gates"},
	{CT_PLAN_PAUSES, CT_GATES_OUTERMOST, false, "with random pauses"},
	{CT_PLAN_PAUSES, CT_GATES_OUTERMOST, true, "with random pauses, by whichever threads"},
	{CT_PLAN_PAUSES, CT_GATES_OWN, false, "with random pauses, other gates"},
	{CT_PLAN_PAUSES, CT_GATES_NONE, true, "with random pauses, no gates"},
	{CT_PLAN_PAUSES, CT_GATES_OUTERMOST, false, "with random pauses"},
};

/* Makes it, so that nobody else chooses it. */
static bool make_folder(struct confirm *confirm, struct ct_text *out)
{
	for (unsigned n = 1; n < FOLDERS_MAX; n++) {
		ct_text_reset(out);
		ct_text_addf(out, "%s.confirm-%u", ct_text_str(&confirm->base), n);
		if (mkdir(ct_text_str(out), 0700) == 0)
			return true;
		if (errno != EEXIST)
			break;
	}
	ct_cli_say("cannot make the trace folder %s: %s", ct_text_str(out), strerror(errno));
	return false;
}

static void keep_reason(struct confirm *confirm, struct trial *trial,
			const struct ct_attempt *attempt)
{
	enum ct_steered_progress progress = ct_attempt_progress(attempt);

	if (trial->attempts > 1 && progress < trial->best)
		return;
	trial->best = progress;
	ct_text_reset(&trial->reason);
	ct_attempt_tell(attempt, trial->finding, confirm->analysis, &trial->reason);
}

static void tell_confirmed(struct confirm *confirm, struct trial *trial,
			   const struct ct_attempt *attempt)
{
	const char *how = attempt->refused ? ", and the kernel refused a lock (EDEADLK)" : "";
	struct ct_findings *findings = &confirm->analysis->findings;

	confirm->counts->confirmed++;
	trial->finding->evidence = CT_CONFIRMED;
	trial->finding->assumes = NULL; /* it did not matter */
	trial->finding->rerun = ct_arena_printf(
		&findings->arena,
		"attempt %" PRIu64 " deadlocked like this after %.2f s%s; its trace is in %s",
		trial->attempts, attempt->seconds, how, ct_text_str(&trial->folder));
	ct_cli_say("attempt %" PRIu64 ", %s: confirmed after %.2f s%s; its trace is in %s",
		   trial->attempts, ways[trial->attempts - 1].name, attempt->seconds, how,
		   ct_text_str(&trial->folder));
}

static void tell_unconfirmed(struct confirm *confirm, struct trial *trial)
{
	trial->finding->rerun = ct_arena_printf(
		&confirm->analysis->findings.arena, "not confirmed by %" PRIu64 " attempt%s: %s",
		trial->attempts, trial->attempts == 1 ? "" : "s", ct_text_str(&trial->reason));
}

/* Returns 0, or the exit status of what failed. */
static int one_attempt(struct confirm *confirm, struct trial *trial, bool *out_stands)
{
	struct ct_attempt attempt = {
		.start = &confirm->start,
		.pattern = &trial->pattern,
		.way = &ways[trial->attempts],
		.seed = trial->attempts + 1,
		.folder = ct_text_str(&trial->folder),
		.timeout_ms = confirm->options->timeout_ms,
		.shown = confirm->options->shown,
	};
	int status = ct_attempt_make(&attempt);
	struct ct_text reason;

	if (status)
		return status;
	trial->attempts++;
	*out_stands = attempt.stands;
	if (attempt.stands) {
		tell_confirmed(confirm, trial, &attempt);
		return 0;
	}
	confirm->counts->interrupted = ct_interrupt_signal();
	if (confirm->counts->interrupted) {
		ct_text_reset(&trial->reason);
		ct_text_add(&trial->reason, "it was interrupted");
		return 0;
	}
	trial->refused = attempt.refused;
	keep_reason(confirm, trial, &attempt);
	ct_text_init(&reason);
	ct_attempt_tell(&attempt, trial->finding, confirm->analysis, &reason);
	ct_cli_say("attempt %" PRIu64 ", %s: %s", trial->attempts, attempt.way->name,
		   ct_text_str(&reason));
	ct_text_fini(&reason);
	return 0;
}

static int try_all(struct confirm *confirm, struct trial *trial)
{
	bool stands = false;
	int status = 0;

	while (!status && !stands && !trial->refused && !confirm->counts->interrupted &&
	       trial->attempts < confirm->options->attempts)
		status = one_attempt(confirm, trial, &stands);
	if (!stands)
		ct_folder_remove(ct_text_str(&trial->folder));
	if (!status && !stands && trial->attempts)
		tell_unconfirmed(confirm, trial);
	return status;
}

/* Whether the same calls were brought together before, for the sake of other locks: that says
 * enough of these, and there may be very many. */
static bool is_covered(struct confirm *confirm, const struct trial *trial)
{
	uint64_t stops = ct_pattern_stops(&trial->pattern);
	const struct tried *tried = confirm->tried;
	size_t i = 0;

	while (i < confirm->tried_count && tried[i].stops != stops)
		i++;
	if (i == confirm->tried_count)
		return false;
	trial->finding->rerun = ct_arena_printf(
		&confirm->analysis->findings.arena,
		"not tried: its threads meet at the same places as those of %016" PRIx64
		", which was %sconfirmed",
		tried[i].fingerprint, tried[i].confirmed ? "" : "not ");
	ct_cli_say("%s", trial->finding->rerun ? trial->finding->rerun : "not tried");
	return true;
}

static int keep_tried(struct confirm *confirm, const struct trial *trial)
{
	if (confirm->counts->interrupted)
		return 0;
	if (ct_vec_grow(&confirm->tried, &confirm->tried_cap, confirm->tried_count + 1,
			sizeof(*confirm->tried)))
		return ct_cli_no_memory();
	confirm->tried[confirm->tried_count++] = (struct tried){
		.stops = ct_pattern_stops(&trial->pattern),
		.fingerprint = trial->finding->fingerprint,
		.confirmed = trial->finding->evidence == CT_CONFIRMED,
	};
	return 0;
}

/* One that nothing can be planned for is told so, and is no failure. */
static int try_finding(struct confirm *confirm, struct ct_finding *finding)
{
	struct trial trial = {.finding = finding};
	struct ct_error error;
	enum ct_status made = ct_pattern_of(confirm->analysis->model, confirm->repeat, finding,
					    &error, &trial.pattern);
	int status = 0;

	if (made == CT_EUSAGE) {
		ct_cli_say("it cannot be tried: %s", error.text);
		finding->rerun = ct_arena_printf(&confirm->analysis->findings.arena,
						 "not tried: %s", error.text);
		return 0;
	}
	if (made)
		return ct_cli_fail(&error);
	if (is_covered(confirm, &trial))
		return 0;
	ct_text_init(&trial.folder);
	ct_text_init(&trial.reason);
	confirm->counts->tried++;
	status = make_folder(confirm, &trial.folder) ? try_all(confirm, &trial) : CT_EXIT_USAGE;
	if (!status)
		status = keep_tried(confirm, &trial);
	ct_text_fini(&trial.folder);
	ct_text_fini(&trial.reason);
	return status;
}

/* Circles of requests: nobody can be steered into missing a signal or a byte. */
static bool can_be_tried(const struct ct_finding *finding)
{
	return (finding->evidence == CT_PREDICTED || finding->evidence == CT_POTENTIAL) &&
	       finding->severity == CT_ERROR && strcmp(finding->rule->id, "lock-order") == 0;
}

/* `number`: as in the report, from 1. */
static bool is_meant(const struct confirm *confirm, const struct ct_finding *finding, size_t number)
{
	const char *which = confirm->options->which;
	char text[CT_FINGERPRINT_BYTES];

	if (!which)
		return can_be_tried(finding) && finding->evidence >= confirm->options->least;
	snprintf(text, sizeof(text), "%zu", number);
	if (strcmp(which, text) == 0)
		return true;
	ct_fingerprint_write(finding, text);
	if (strcmp(which, text) == 0)
		return true;
	snprintf(text, sizeof(text), "%016" PRIx64, finding->fingerprint);
	return strcmp(which, text) == 0;
}

static void say_finding(struct confirm *confirm, const struct ct_finding *finding, size_t number)
{
	struct ct_text line;

	ct_text_init(&line);
	ct_words_headline(&line, &confirm->analysis->naming, finding);
	ct_cli_say("finding %zu (%016" PRIx64 "): %s", number, finding->fingerprint,
		   ct_text_str(&line));
	ct_text_fini(&line);
}

static int try_findings(struct confirm *confirm)
{
	const struct ct_findings *findings = &confirm->analysis->findings;
	size_t meant = 0;
	int status = 0;

	for (size_t i = 0; !status && i < findings->count && !confirm->counts->interrupted; i++) {
		struct ct_finding *finding = findings->items[i];

		if (!is_meant(confirm, finding, i + 1))
			continue;
		meant++;
		say_finding(confirm, finding, i + 1);
		if (can_be_tried(finding))
			status = try_finding(confirm, finding);
		else
			ct_cli_say("only predicted and potential lock-order errors can be tried");
	}
	if (meant || !confirm->options->which)
		return status;
	ct_cli_say("there is no finding %s: it takes a number from 1 to %zu, in the order of the "
		   "report, or a fingerprint",
		   confirm->options->which, findings->count);
	return CT_EXIT_USAGE;
}

/* What the attempts would fail by, one after the other. */
static bool can_start(const struct ct_start *start)
{
	if (access(start->program, X_OK) != 0)
		ct_cli_say("the program %s cannot be run: %s", start->program, strerror(errno));
	else if (access(start->directory, X_OK) != 0)
		ct_cli_say("the folder %s, in which it was started: %s", start->directory,
			   strerror(errno));
	else if (start->input && access(start->input, R_OK) != 0)
		ct_cli_say("the file %s, its standard input: %s", start->input, strerror(errno));
	else
		return true;
	return false;
}

/* Who got the trace from elsewhere is to see what it does; the environment is never shown. */
static void say_start(const struct confirm *confirm)
{
	const struct ct_start *start = &confirm->start;
	struct ct_text line;
	int count = 0;

	while (start->arguments[count])
		count++;
	ct_text_init(&line);
	ct_output_command(count, start->arguments, &line);
	ct_cli_say("%s is run again in %s: %s", start->program, start->directory,
		   ct_text_str(&line));
	ct_text_fini(&line);
	if (confirm->start.input_gone)
		ct_cli_say("the program read from a pipe or a terminal, which is gone: it reads "
			   "nothing now");
}

static bool has_any(const struct confirm *confirm)
{
	const struct ct_findings *findings = &confirm->analysis->findings;

	for (size_t i = 0; i < findings->count; i++)
		if (is_meant(confirm, findings->items[i], i + 1))
			return true;
	return confirm->options->which;
}

int ct_confirm(const struct ct_confirm_options *options, const char *trace,
	       struct ct_analysis *analysis, struct ct_confirm_counts *out)
{
	struct confirm confirm = {.options = options, .analysis = analysis, .counts = out};
	size_t length = strlen(trace);
	struct ct_interrupt interrupt;
	struct ct_error error;
	int status;

	*out = (struct ct_confirm_counts){0};
	if (analysis->trace->text) {
		ct_cli_say("%s is a text trace: there is no program that could be run again",
			   trace);
		return CT_EXIT_USAGE;
	}
	if (!has_any(&confirm))
		return 0;
	if (ct_start_read(trace, &confirm.start, &error) != CT_OK)
		return ct_cli_fail(&error);
	if (!can_start(&confirm.start)) {
		ct_start_fini(&confirm.start);
		return CT_EXIT_USAGE;
	}
	while (length > 1 && trace[length - 1] == '/')
		length--;
	ct_text_init(&confirm.base);
	ct_text_addn(&confirm.base, trace, length);
	if (ct_repeat_new(analysis->model, &confirm.repeat) == CT_OK) {
		say_start(&confirm);
		ct_interrupt_begin(&interrupt);
		status = try_findings(&confirm);
		ct_interrupt_end(&interrupt);
	} else {
		status = ct_cli_no_memory();
	}
	ct_findings_sort(&analysis->findings);
	ct_repeat_free(confirm.repeat);
	free(confirm.tried);
	ct_text_fini(&confirm.base);
	ct_start_fini(&confirm.start);
	return status;
}
