#include "cli/attempt.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/analysis.h"
#include "cli/exit.h"
#include "cli/interrupt.h"
#include "cli/run.h"
#include "live/start.h"
#include "live/supervisor.h"
#include "model/repeat.h"
#include "report/stack.h"
#include "report/words.h"

/* The run, while it is looked at. */
struct look {
	struct ct_attempt *attempt;
	bool seen;
	int failure; /* exit status */
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool stands(const struct ct_attempt *attempt, const struct ct_repeat *repeat,
		   const struct ct_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i]->evidence == CT_OBSERVED &&
		    ct_pattern_stands(attempt->pattern, repeat, findings->items[i]))
			return true;
	return false;
}

enum ct_steered_progress ct_attempt_progress(const struct ct_attempt *attempt)
{
	return attempt->steered ? ct_steered_progress(&attempt->steer) : CT_STEERED_NOT;
}

static void found(void *context, const struct ct_run_result *result)
{
	struct look *look = context;
	struct ct_attempt *attempt = look->attempt;
	struct ct_repeat *repeat;

	look->seen = true;
	attempt->timed_out = result->end->ending == CT_ENDED_TIMEOUT;
	attempt->steered = ct_steered_read(result->trace, &attempt->steer);
	if (ct_repeat_new(result->analysis->model, &repeat) != CT_OK) {
		look->failure = ct_cli_no_memory();
		return;
	}
	attempt->stands = stands(attempt, repeat, &result->analysis->findings);
	if (!attempt->stands && ct_attempt_progress(attempt) == CT_STEERED_MET &&
	    ct_pattern_refused(attempt->pattern, repeat, result->analysis->model,
			       &attempt->refused) != CT_OK)
		look->failure = ct_cli_no_memory();
	attempt->stands |= attempt->refused;
	attempt->hung = result->hang && !attempt->stands;
	ct_repeat_free(repeat);
}

int ct_attempt_make(struct ct_attempt *attempt)
{
	struct look look = {.attempt = attempt};
	struct ct_plan plan;
	struct ct_run_options options = {
		.folder = attempt->folder,
		.force = true,
		.program = attempt->start->arguments,
		.timeout_ms = attempt->timeout_ms,
		.stack_depth = UINT64_MAX, /* both as in the recorded environment */
		.max_bytes = UINT64_MAX,
		.quiet = true,
		.on_hang = CT_ON_HANG_KILL,
		.start = attempt->start,
		.shown = attempt->shown,
		.plan = &plan,
		.found = found,
		.context = &look,
	};
	double begun = now();
	int status;

	ct_pattern_plan(attempt->pattern, attempt->way, attempt->seed, &plan);
	ct_output_options_init(&options.output);
	status = ct_run(&options);
	attempt->seconds = now() - begun;
	if (look.seen || ct_interrupt_came()) /* before it began, even */
		return look.failure;
	return status ? status : CT_EXIT_INTERNAL;
}

/* "T2 never came to where it locks `a` (transfer (bank.c:12))" */
static void add_missing(const struct ct_finding *finding, uint32_t index,
			struct ct_analysis *analysis, struct ct_text *out)
{
	const struct ct_step_of_cycle *step = &finding->steps[index];
	char *directory = getcwd(NULL, 0);
	struct ct_shown_stack shown;

	ct_text_addf(out, "%s never came to where it ",
		     ct_name_thread(&analysis->naming, step->thread));
	ct_words_want(out, &analysis->naming, step);
	ct_stack_shown(analysis->symbols, step->wanted_at.process, step->wanted_at.stack, &shown);
	if (shown.top) {
		ct_text_add(out, " in ");
		ct_frame_add(out, shown.top, directory);
	}
	free(directory);
}

static void add_progress(const struct ct_attempt *attempt, const struct ct_finding *finding,
			 struct ct_analysis *analysis, struct ct_text *out)
{
	switch (ct_attempt_progress(attempt)) {
	case CT_STEERED_NOT:
		ct_text_add(out, "it could not be steered");
		break;
	case CT_STEERED_AWAY:
		add_missing(finding, ct_steered_missing(&attempt->steer), analysis, out);
		if (attempt->way->mode == CT_PLAN_EXACT)
			ct_text_add(out, " at that turn");
		break;
	case CT_STEERED_APART:
		ct_text_add(out, "all threads came to their last steps, but not at the same time");
		break;
	case CT_STEERED_TIMED_OUT:
		ct_text_add(out, "threads waited at their last steps for the others, until their "
				 "time was over");
		break;
	case CT_STEERED_FORCED:
		ct_text_add(out, "while one thread was held before its last step, the others "
				 "could not come to theirs");
		break;
	case CT_STEERED_MET:
		ct_text_add(out, attempt->timed_out
					 ? "all threads were at their last steps at once, and what "
					   "came of it was not seen"
					 : "all threads were at their last steps at once, and "
					   "went on");
		break;
	}
}

void ct_attempt_tell(const struct ct_attempt *attempt, const struct ct_finding *finding,
		     struct ct_analysis *analysis, struct ct_text *out)
{
	add_progress(attempt, finding, analysis, out);
	if (attempt->hung)
		ct_text_add(out, "; the program hung in another way");
	else if (attempt->timed_out)
		ct_text_addf(out, "; the program was ended after %.6g s, the time limit",
			     (double)attempt->timeout_ms / 1000);
}
