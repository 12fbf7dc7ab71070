#include "cli/attempt.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/analysis.h"
#include "cli/exit.h"
#include "cli/interrupt.h"
#include "cli/run.h"
#include "live/start.h"
#include "live/supervisor.h"
#include "live/tree.h"
#include "model/repeat.h"
#include "finding/stack.h"
#include "report/words.h"

enum { END_TRIES = 250, END_PAUSE_MS = 20 };

/* The run, while it is looked at. */
struct look {
	struct ct_attempt *attempt;
	const struct ct_plan *plan;
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

/* Who handles EDEADLK, by letting go and trying again, does nothing wrong; nor does who serves
 * until his time is over. */
static bool failed(const struct ct_supervised *end)
{
	if (end->ending != CT_ENDED_ITSELF || end->told_to_end || !end->reaped)
		return end->ending == CT_ENDED_STUCK;
	return !WIFEXITED(end->wait_status) || WEXITSTATUS(end->wait_status) != 0;
}

static void found(void *context, const struct ct_run_result *result)
{
	struct look *look = context;
	struct ct_attempt *attempt = look->attempt;
	struct ct_repeat *repeat;

	look->seen = true;
	attempt->timed_out = result->end->ending == CT_ENDED_TIMEOUT;
	attempt->steered = ct_steered_read(result->trace, look->plan, &attempt->steer);
	if (ct_repeat_new(result->analysis->model, &repeat) != CT_OK) {
		look->failure = ct_cli_no_memory();
		return;
	}
	attempt->stands = stands(attempt, repeat, &result->analysis->findings);
	if (!attempt->stands && ct_attempt_progress(attempt) == CT_STEERED_MET &&
	    ct_pattern_refused(attempt->pattern, repeat, result->analysis->model,
			       &attempt->refused) != CT_OK)
		look->failure = ct_cli_no_memory();
	attempt->stands |= attempt->refused && failed(result->end);
	attempt->hung = result->hang && !attempt->stands;
	ct_repeat_free(repeat);
}

/* What outlives the program would be there in the next attempt, and after the last one. */
static void end_rest(const struct ct_tree *tree)
{
	for (int i = 0; i < END_TRIES && ct_tree_signal(tree, SIGKILL); i++) {
		nanosleep(&(struct timespec){0, END_PAUSE_MS * 1000000L}, NULL);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

int ct_attempt_make(struct ct_attempt *attempt)
{
	struct ct_plan plan;
	struct look look = {.attempt = attempt, .plan = &plan};
	struct ct_tree tree;
	struct ct_error error;
	struct ct_run_options options = {
		.folder = attempt->folder,
		.force = true,
		.program = attempt->start->arguments,
		.timeout_ms = attempt->timeout_ms,
		.stack_depth = UINT64_MAX, /* both as in the recorded environment */
		.max_bytes = UINT64_MAX,
		.quota_bytes = UINT64_MAX,
		.races = CT_LAUNCH_WITHOUT_TRAPS,
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

	if (ct_tree_init(&tree, &error) != CT_OK)
		return ct_cli_fail(&error);
	ct_pattern_plan(attempt->pattern, attempt->way, attempt->seed, &plan);
	ct_output_options_init(&options.output);
	status = ct_run(&options);
	end_rest(&tree);
	ct_tree_fini(&tree);
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
		if (ct_steered_missing(&attempt->steer) < finding->step_count)
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
		if (attempt->refused) {
			ct_text_add(out, "the kernel refused a lock there (EDEADLK), and the "
					 "program went on");
			break;
		}
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
