#include "cli/runs.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "cli/analysis.h"
#include "cli/exit.h"
#include "cli/interrupt.h"
#include "cli/several.h"
#include "cli/sift.h"
#include "report/text_parts.h"
#include "report/words.h"

/* A finding, of whichever runs. */
struct known {
	uint64_t fingerprint;
	uint32_t occurrence;
	const struct ct_rule *rule;
	enum ct_evidence evidence;    /* the best */
	const char *headline, *trace; /* of the first run that had this evidence; in the arena */
	struct ct_text numbers;	      /* of the runs that had it: "3 7 12" */
	uint64_t times;		      /* how many these are */
};

struct runs {
	const struct ct_run_options *options;
	struct ct_run_options run; /* of the one under way */
	struct ct_arena arena;
	struct known *known; /* heap */
	size_t count, cap;
	uint64_t wanted, done;
	struct ct_report_run which; /* the one under way */
	int worst;		    /* of that, see ct_several_worst */
	bool no_memory;
};

static struct known *find(struct runs *runs, const struct ct_finding *finding)
{
	for (size_t i = 0; i < runs->count; i++)
		if (runs->known[i].fingerprint == finding->fingerprint &&
		    runs->known[i].occurrence == finding->occurrence)
			return &runs->known[i];
	return NULL;
}

static struct known *add(struct runs *runs, const struct ct_finding *finding)
{
	struct known *known;

	if (ct_vec_grow(&runs->known, &runs->cap, runs->count + 1, sizeof(*known)))
		return NULL;
	known = &runs->known[runs->count++];
	*known = (struct known){.fingerprint = finding->fingerprint,
				.occurrence = finding->occurrence};
	ct_text_init(&known->numbers);
	return known;
}

static void describe(struct runs *runs, struct known *known, const struct ct_finding *finding,
		     const struct ct_run_result *result)
{
	struct ct_text headline;

	ct_text_init(&headline);
	ct_words_headline(&headline, &result->analysis->naming, finding);
	known->rule = finding->rule;
	known->evidence = finding->evidence;
	known->headline = ct_arena_strdup(&runs->arena, ct_text_str(&headline));
	known->trace = ct_arena_strdup(&runs->arena, result->trace_name);
	ct_text_fini(&headline);
}

/* NULL: out of memory. */
static struct known *find_or_add(struct runs *runs, const struct ct_finding *finding)
{
	struct known *known = find(runs, finding);

	if (!known)
		known = add(runs, finding);
	runs->no_memory |= !known;
	return known;
}

/* Whether no run before had it, or none with such evidence. */
static bool is_new(struct runs *runs, const struct ct_finding *finding)
{
	struct known *known = find_or_add(runs, finding);
	bool better;

	if (!known)
		return true;
	better = !known->times || finding->evidence > known->evidence;
	ct_text_addf(&known->numbers, "%s%" PRIu64, known->times ? " " : "", runs->which.number);
	known->times++;
	return better;
}

/* What was told of a run before is not told again. */
static void found(void *context, const struct ct_run_result *result)
{
	struct runs *runs = context;
	struct ct_findings *findings = &result->analysis->findings;

	for (size_t i = 0; i < findings->count; i++)
		if (!is_new(runs, findings->items[i]))
			findings->items[i]->hiding = CT_REPEATED;
	runs->no_memory |= ct_findings_hide(findings) != CT_OK;
	if (runs->options->found)
		runs->options->found(runs->options->context, result);
	for (size_t i = 0; i < findings->count; i++) {
		struct known *known = find_or_add(runs, findings->items[i]);

		if (known)
			describe(runs, known, findings->items[i], result);
	}
	runs->worst = ct_several_worst(findings);
	runs->which.told = findings->count > 0;
	runs->run.quiet = runs->options->quiet || !runs->which.told;
}

static int worse(const struct runs *runs, int before, int status)
{
	int error = runs->options->output.error_status;

	return before == error || (before && status != error) ? before : status;
}

/* "run 3 of 10", "run 3 of 10, seed 7" */
static void say_which(const struct runs *runs)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_text_addf(&text, "run %" PRIu64 " of %" PRIu64, runs->done + 1, runs->wanted);
	if (runs->which.seeded)
		ct_text_addf(&text, ", seed %" PRIu64, runs->which.number);
	ct_cli_say("%s", ct_text_str(&text));
	ct_text_fini(&text);
}

static int run_one(struct runs *runs, struct ct_several *merge)
{
	const struct ct_run_options *options = runs->options;
	bool seeded = options->perturbed;
	struct ct_text folder;
	int status;

	runs->which = (struct ct_report_run){
		.number = seeded ? options->seed + runs->done : runs->done + 1,
		.seeded = seeded,
	};
	runs->worst = 0;
	runs->run = *options;
	runs->run.seed = runs->which.number;
	runs->run.found = found;
	runs->run.more = runs->done + 1 < runs->wanted;
	runs->run.context = runs;
	ct_text_init(&folder);
	if (options->folder) {
		ct_text_addf(&folder, "%s.%s-%" PRIu64, options->folder, seeded ? "seed" : "run",
			     runs->which.number);
		runs->run.folder = ct_text_str(&folder);
	}
	if (!options->quiet)
		say_which(runs);
	ct_several_begin(merge, &runs->run.output);
	status = ct_run(&runs->run);
	ct_several_end(merge, &(struct ct_several_run){runs->which, runs->worst});
	ct_text_fini(&folder);
	return status;
}

static int run_all(struct runs *runs, struct ct_several *merge)
{
	struct ct_interrupt interrupt;
	int status = 0;

	ct_interrupt_begin(&interrupt);
	for (; runs->done < runs->wanted && !ct_interrupt_came(); runs->done++)
		status = worse(runs, status, run_one(runs, merge));
	ct_interrupt_end(&interrupt);
	return status;
}

/* "seeds 3 7", "in runs 3 7 of 10", "in each of 10 runs" */
static void add_numbers(struct ct_text *out, const struct runs *runs, const struct known *known)
{
	const char *numbers = ct_text_str(&known->numbers), *several = known->times > 1 ? "s" : "";

	if (runs->which.seeded)
		ct_text_addf(out, "seed%s %s", several, numbers);
	else if (known->times == runs->done)
		ct_text_addf(out, "in each of %" PRIu64 " runs", runs->done);
	else
		ct_text_addf(out, "in run%s %s of %" PRIu64, several, numbers, runs->done);
}

static void say_known(const struct runs *runs, const struct known *known)
{
	struct ct_text numbers;

	ct_text_init(&numbers);
	add_numbers(&numbers, runs, known);
	ct_cli_say("%s, %s, %s (%s): %s", known->rule->id, ct_evidence_text(known->evidence),
		   ct_text_str(&numbers), known->trace ? known->trace : "",
		   known->headline ? known->headline : "");
	ct_text_fini(&numbers);
}

/* Of a last run that had nothing new there was no report to say it. */
static void say_unused(const struct runs *runs)
{
	const char *const *lines;
	size_t count;

	if (runs->which.told || ct_sift_unused(runs->options->sift, false, &lines, &count) != CT_OK)
		return;
	for (size_t i = 0; i < count; i++)
		ct_cli_say("%s", lines[i]);
}

/* "20 runs, seeds 1 to 20: 2 findings" */
static void say_all(const struct runs *runs)
{
	uint64_t first = runs->options->seed;
	struct ct_text text;

	ct_text_init(&text);
	ct_text_add_count(&text, runs->done, "run");
	if (runs->which.seeded)
		ct_text_addf(&text, ", seeds %" PRIu64 " to %" PRIu64, first,
			     first + runs->done - 1);
	ct_text_add(&text, ": ");
	ct_text_add_count(&text, runs->count, "finding");
	ct_cli_say("%s", ct_text_str(&text));
	ct_text_fini(&text);
	for (size_t i = 0; i < runs->count; i++)
		say_known(runs, &runs->known[i]);
	say_unused(runs);
}

int ct_runs(const struct ct_run_options *options, uint64_t count)
{
	struct runs runs = {.options = options, .wanted = count};
	struct ct_several merge;
	int status, merged;

	ct_arena_init(&runs.arena);
	ct_several_init(&merge, &options->output);
	status = run_all(&runs, &merge);
	merged = ct_several_write(&merge);
	if (runs.no_memory)
		status = ct_cli_no_memory();
	else if (merged)
		status = merged;
	else if (runs.done < count && status != options->output.error_status)
		status = CT_EXIT_SIGNAL + ct_interrupt_signal();
	if (runs.done && !options->quiet)
		say_all(&runs);
	for (size_t i = 0; i < runs.count; i++)
		ct_text_fini(&runs.known[i].numbers);
	free(runs.known);
	ct_several_fini(&merge);
	ct_arena_fini(&runs.arena);
	return status;
}
