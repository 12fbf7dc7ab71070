/*
 * A wait that stands in no loop. A thread tests something and waits; another one that was not
 * waiting, or was woken as well, takes what was signalled before the first one is back; and that
 * one takes it again, as it does not test a second time.
 *
 * A trace has no values: there may have been enough for both. But a wait may return without any
 * signal (POSIX, pthread_cond_wait), so that to go on without a test is wrong even then. What is
 * told is only a change in one statement (x = x - 1), which both threads made in the same place: a
 * flag that is set or cleared twice does no harm.
 */
#include "detect/detector.h"

#include <stdlib.h>

#include "detect/cond_loop.h"
#include "detect/misuse.h"

static const struct ct_rule no_loop = {
	.id = "cond-no-loop",
	.title = "what a condition stands for is not tested again after the wait",
	.help = "Wait in a loop: while (!what_is_waited_for) pthread_cond_wait(...). Whoever comes "
		"first takes what was signalled, and a wait may return without a signal.",
	.severity = CT_WARNING,
	.family = CT_FAMILY_MISUSE,
};

static const struct ct_rule *const rules[] = {&no_loop, NULL};

struct state {
	struct ct_misuses *misuses;
	struct ct_cond_loops loops;
};

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	ct_cond_loops_fini(&state->loops);
	free(state);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct state *state;
	void *misuses = NULL;
	enum ct_status status;

	if (!model->trace->some_accesses || model->trace->text)
		return CT_OK;
	state = calloc(1, sizeof(*state));
	if (!state)
		return CT_ENOMEM;
	status = ct_cond_loops_init(&state->loops, model);
	if (status == CT_OK)
		status = ct_misuses_new(&misuses);
	state->misuses = misuses;
	if (status)
		end(state);
	else
		*out_state = state;
	return status;
}

static enum ct_status add(struct state *state, const struct ct_stale_act *found)
{
	const struct ct_cond_wait *wait = found->wait;
	const struct ct_test *test = &found->test, *act = &found->act, *between = &found->between;
	struct ct_misuse misuse = ct_misuse_of(&no_loop, wait->cond);

	misuse.evidence = CT_POTENTIAL;
	misuse.assumes = "what the first of the two left was not enough for the second";
	misuse.headline = ct_arena_printf(
		&state->misuses->arena,
		"%s waits on " CT_ITS_OBJECT
		" without a loop, and changes what it tested before only, as %s did meanwhile",
		act->thread->name, between->thread->name);
	ct_misuse_place(&misuse, act->thread, wait->stack, wait->since,
			"waits, and does not test again");
	ct_misuse_place(&misuse, test->thread, test->stack, test->time, "tested it before");
	ct_misuse_place(&misuse, between->thread, between->stack, between->time,
			"changed it after the signal");
	ct_misuse_place(&misuse, act->thread, act->stack, act->time, "changes it in its turn");
	return ct_misuses_add(state->misuses, &misuse);
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;
	struct ct_stale_act found;
	enum ct_status status;
	bool is_found;

	(void)model;
	if (!state)
		return CT_OK;
	status = ct_cond_loops_step(&state->loops, step, &is_found, &found);
	if (status || !is_found)
		return status;
	status = add(state, &found);
	state->loops.threads[step->thread->id]->wait.cond = NULL;
	return status;
}

/* A look that was not kept may have been the second test. */
static void drop_unknown(struct state *state)
{
	size_t kept = 0;

	for (size_t i = 0; i < state->misuses->count; i++) {
		const struct ct_misuse *misuse = &state->misuses->items[i];

		if (!state->loops.threads[misuse->places[0].thread->id]->unknown)
			state->misuses->items[kept++] = *misuse;
	}
	state->misuses->count = kept;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;

	if (!state)
		return CT_OK;
	drop_unknown(state);
	return ct_misuses_tell(state->misuses, model, findings);
}

const struct ct_detector ct_detect_cond_loop = {
	.name = "cond_loop",
	.rules = rules,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
