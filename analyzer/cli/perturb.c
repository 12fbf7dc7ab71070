#include "cli/perturb.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "cli/analysis.h"
#include "cli/exit.h"
#include "cli/interrupt.h"
#include "cli/several.h"
#include "cli/sift.h"
#include "report/words.h"

/* A finding, of whichever runs. */
struct known {
	uint64_t fingerprint;
	uint32_t occurrence;
	const struct ct_rule *rule;
	enum ct_evidence evidence;    /* the best */
	const char *headline, *trace; /* of the first run that had this evidence; in the arena */
	struct ct_text seeds;	      /* "3 7 12" */
};

struct perturb {
	const struct ct_run_options *options;
	struct ct_run_options run; /* of the one under way */
	struct ct_arena arena;
	struct known *known; /* heap */
	size_t count, cap;
	uint64_t runs, done;
	bool told; /* something of the run under way is new ... */
	int worst; /* ... and how bad */
	bool no_memory;
};

static struct known *find(struct perturb *perturb, const struct ct_finding *finding)
{
	for (size_t i = 0; i < perturb->count; i++)
		if (perturb->known[i].fingerprint == finding->fingerprint &&
		    perturb->known[i].occurrence == finding->occurrence)
			return &perturb->known[i];
	return NULL;
}

static struct known *add(struct perturb *perturb, const struct ct_finding *finding)
{
	struct known *known;

	if (ct_vec_grow(&perturb->known, &perturb->cap, perturb->count + 1, sizeof(*known)))
		return NULL;
	known = &perturb->known[perturb->count++];
	*known = (struct known){.fingerprint = finding->fingerprint,
				.occurrence = finding->occurrence};
	ct_text_init(&known->seeds);
	return known;
}

static void describe(struct perturb *perturb, struct known *known, const struct ct_finding *finding,
		     const struct ct_run_result *result)
{
	struct ct_text headline;

	ct_text_init(&headline);
	ct_words_headline(&headline, &result->analysis->naming, finding);
	known->rule = finding->rule;
	known->evidence = finding->evidence;
	known->headline = ct_arena_strdup(&perturb->arena, ct_text_str(&headline));
	known->trace = ct_arena_strdup(&perturb->arena, result->trace_name);
	ct_text_fini(&headline);
}

/* NULL: out of memory. */
static struct known *find_or_add(struct perturb *perturb, const struct ct_finding *finding)
{
	struct known *known = find(perturb, finding);

	if (!known)
		known = add(perturb, finding);
	perturb->no_memory |= !known;
	return known;
}

/* Whether no run before had it, or none with such evidence. */
static bool is_new(struct perturb *perturb, const struct ct_finding *finding)
{
	struct known *known = find_or_add(perturb, finding);
	bool better;

	if (!known)
		return true;
	better = !known->seeds.len || finding->evidence > known->evidence;
	ct_text_addf(&known->seeds, "%s%" PRIu64, known->seeds.len ? " " : "", perturb->run.seed);
	return better;
}

/* What was told of a run before is not told again. */
static void found(void *context, const struct ct_run_result *result)
{
	struct perturb *perturb = context;
	struct ct_findings *findings = &result->analysis->findings;

	for (size_t i = 0; i < findings->count; i++)
		if (!is_new(perturb, findings->items[i]))
			findings->items[i]->hiding = CT_REPEATED;
	perturb->no_memory |= ct_findings_hide(findings) != CT_OK;
	if (perturb->options->found)
		perturb->options->found(perturb->options->context, result);
	for (size_t i = 0; i < findings->count; i++) {
		struct known *known = find_or_add(perturb, findings->items[i]);

		if (known)
			describe(perturb, known, findings->items[i], result);
	}
	perturb->worst = ct_several_worst(findings);
	perturb->told = findings->count || perturb->runs == 1;
	perturb->run.quiet = perturb->options->quiet || !perturb->told;
}

static int worse(const struct perturb *perturb, int before, int status)
{
	int error = perturb->options->output.error_status;

	return before == error || (before && status != error) ? before : status;
}

static int run_one(struct perturb *perturb, struct ct_several *merge)
{
	uint64_t seed = perturb->options->seed + perturb->done;
	bool several = perturb->runs > 1;
	struct ct_text folder;
	int status;

	perturb->run = *perturb->options;
	perturb->run.seed = seed;
	perturb->run.perturbed = true;
	perturb->run.found = found;
	perturb->run.more = perturb->done + 1 < perturb->runs;
	perturb->run.context = perturb;
	perturb->told = false;
	perturb->worst = 0;
	ct_text_init(&folder);
	if (several && perturb->options->folder) {
		ct_text_addf(&folder, "%s.seed-%" PRIu64, perturb->options->folder, seed);
		perturb->run.folder = ct_text_str(&folder);
	}
	if (several && !perturb->options->quiet)
		ct_cli_say("run %" PRIu64 " of %" PRIu64 ", seed %" PRIu64, perturb->done + 1,
			   perturb->runs, seed);
	ct_several_begin(merge, &perturb->run.output);
	status = ct_run(&perturb->run);
	ct_several_end(merge, &(struct ct_several_run){seed, perturb->told, perturb->worst});
	ct_text_fini(&folder);
	return status;
}

static int run_all(struct perturb *perturb, struct ct_several *merge)
{
	struct ct_interrupt interrupt;
	int status = 0;

	ct_interrupt_begin(&interrupt);
	for (; perturb->done < perturb->runs && !ct_interrupt_came(); perturb->done++)
		status = worse(perturb, status, run_one(perturb, merge));
	ct_interrupt_end(&interrupt);
	return status;
}

static void say_known(const struct known *known)
{
	ct_cli_say("%s, %s, seed%s %s (%s): %s", known->rule->id, ct_evidence_text(known->evidence),
		   strchr(ct_text_str(&known->seeds), ' ') ? "s" : "", ct_text_str(&known->seeds),
		   known->trace ? known->trace : "", known->headline ? known->headline : "");
}

/* Of a last run that had nothing new there was no report to say it. */
static void say_unused(const struct perturb *perturb)
{
	const char *const *lines;
	size_t count;

	if (perturb->told || ct_sift_unused(perturb->options->sift, false, &lines, &count) != CT_OK)
		return;
	for (size_t i = 0; i < count; i++)
		ct_cli_say("%s", lines[i]);
}

static void say_all(const struct perturb *perturb)
{
	ct_cli_say("%" PRIu64 " runs, seeds %" PRIu64 " to %" PRIu64 ": %zu finding%s",
		   perturb->done, perturb->options->seed,
		   perturb->options->seed + perturb->done - 1, perturb->count,
		   perturb->count == 1 ? "" : "s");
	for (size_t i = 0; i < perturb->count; i++)
		say_known(&perturb->known[i]);
	say_unused(perturb);
}

int ct_perturb(const struct ct_run_options *options, uint64_t runs)
{
	struct perturb perturb = {.options = options, .runs = runs};
	struct ct_several merge;
	int status, merged;

	ct_arena_init(&perturb.arena);
	ct_several_init(&merge, &options->output, runs > 1);
	status = run_all(&perturb, &merge);
	merged = ct_several_write(&merge);
	if (perturb.no_memory)
		status = ct_cli_no_memory();
	else if (merged)
		status = merged;
	else if (perturb.done < runs && status != options->output.error_status)
		status = CT_EXIT_SIGNAL + ct_interrupt_signal();
	if (runs > 1 && perturb.done && !options->quiet)
		say_all(&perturb);
	for (size_t i = 0; i < perturb.count; i++)
		ct_text_fini(&perturb.known[i].seeds);
	free(perturb.known);
	ct_several_fini(&merge);
	ct_arena_fini(&perturb.arena);
	return status;
}
