/*
 * Communication deadlocks that went well this time: a wake-up that may get lost, a nested monitor,
 * a semaphore, barrier or pipe waited for under a lock that its helper needs. Told by the rules of
 * the deadlocks that stand (detect_stuck.c, detect_deadlock.c), with the evidence `predicted`.
 */
#include "detect/detector.h"

#include <stdlib.h>
#include <string.h>

#include "detect/extremes.h"
#include "model/extremes.h"

/* Steps of all runs together: some seconds. */
enum { WORK = 100000000 };

struct state {
	struct ct_replay *replay;	 /* of a trace in which nothing is missing, or NULL */
	struct ct_bare_signals *signals; /* of another */
};

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_replay_free(state->replay);
	ct_bare_signals_free(state->signals);
	free(state);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct state *state = calloc(1, sizeof(*state));
	enum ct_status status;

	if (!state)
		return CT_ENOMEM;
	status = model->trace->text && model->trace->accesses
			 ? ct_replay_new(model, &state->replay)
			 : ct_bare_signals_new(&state->signals);
	if (status)
		end(state);
	else
		*out_state = state;
	return status;
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;

	(void)model;
	return state->replay ? ct_replay_step(state->replay, step)
			     : ct_bare_signals_step(state->signals, step);
}

/* Whether all threads came to their ends, and nothing that they did is missing. */
static bool is_complete(const struct ct_model *model)
{
	for (size_t i = 0; i < model->thread_count; i++) {
		const struct ct_thread *thread = model->threads[i];

		if (thread->wait.kind != CT_WAIT_NONE ||
		    (!model->trace->text && !thread->exited && !thread->process->exited))
			return false;
	}
	return !model->trace->problem_count && !model->trace->left_out_bytes;
}

/* So that silence is not taken for proof. */
static enum ct_status tell_limit(struct ct_findings *findings)
{
	struct ct_finding *note =
		ct_findings_add(findings, ct_extremes_rule("stuck"), CT_POTENTIAL);

	if (!note)
		return CT_ENOMEM;
	note->severity = CT_NOTE;
	note->headline = "the search for waits that may never end was given up: there may be more";
	return CT_OK;
}

static enum ct_status search(struct ct_replay *replay, struct ct_findings *findings)
{
	struct ct_extremes_teller teller = {.findings = findings, .first = findings->count};
	struct ct_extremes extremes = {.context = &teller, .found = ct_extremes_tell, .work = WORK};
	enum ct_status status = CT_OK;

	if (!replay->waits || !is_complete(replay->model))
		return CT_OK;
	if (!replay->given_up)
		status = ct_replay_finish(replay);
	if (status == CT_OK && !replay->given_up)
		status = ct_extremes_search(replay, &extremes);
	if (status == CT_OK && (replay->given_up || extremes.given_up))
		status = tell_limit(findings);
	return status;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;

	(void)model;
	return state->replay ? search(state->replay, findings)
			     : ct_bare_signals_tell(state->signals, findings);
}

static const struct ct_rule *const rules[] = {NULL};

const struct ct_detector ct_detect_extremes = {
	.name = "extremes",
	.rules = rules,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};

const struct ct_rule *ct_extremes_rule(const char *id)
{
	static const struct ct_detector *const told[] = {&ct_detect_stuck, &ct_detect_deadlock};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		for (const struct ct_rule *const *rule = told[i]->rules; *rule; rule++)
			if (strcmp((*rule)->id, id) == 0)
				return *rule;
	return NULL;
}
