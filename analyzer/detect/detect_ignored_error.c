/*
 * A call failed, and the program went on as if it had not: it unlocks or posts what it did not get,
 * uses what was not initialised, joins a thread that was never created. That one call failed is no
 * fault: most are looked at. So each finding needs both, the failure and what cannot be right after
 * it.
 */
#include "detect/detector.h"

#include <errno.h>
#include <stdlib.h>

#include "detect/failed_lock.h"
#include "detect/ignored.h"
#include "model/handler.h"

static const struct ct_rule ignored_error = {
	.id = "ignored-error",
	.title = "a call failed, and the program goes on as if it had not",
	.help = "Look at what the call returns, and do what needs its success only if it "
		"succeeded.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

struct state {
	struct ct_misuses *misuses;
	struct ct_failed_locks locks;
	struct ct_failed_inits inits;
	struct ct_failed_creates creates;
};

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct state *state = calloc(1, sizeof(*state));
	void *misuses = NULL;

	(void)model;
	if (!state || ct_misuses_new(&misuses)) {
		free(state);
		return CT_ENOMEM;
	}
	state->misuses = misuses;
	ct_failed_locks_init(&state->locks);
	ct_failed_inits_init(&state->inits, state->misuses, &ignored_error);
	ct_failed_creates_init(&state->creates, state->misuses, &ignored_error);
	*out_state = state;
	return CT_OK;
}

/* "asked for it, and got EBUSY" */
static void failure_place(struct ct_misuses *misuses, struct ct_misuse *misuse,
			  const struct ct_thread *thread, const struct ct_failed_lock *failed)
{
	const char *text = ct_arena_printf(&misuses->arena, "asked for it, and got %s",
					   ct_ignored_error_name(failed->error));

	ct_misuse_place(misuse, thread, failed->stack, failed->time, text);
}

/* The headline of a thread that gives back what the failed call did not give it. */
static const char *headline_of(struct ct_misuses *misuses, const struct ct_step *step,
			       const char *gives, const struct ct_failed_lock *failed)
{
	const struct ct_event_info *call = ct_event_info(failed->call);

	return ct_arena_printf(&misuses->arena,
			       "%s %s " CT_ITS_OBJECT ", which its %s did not get (%s)",
			       step->thread->name, gives, call ? call->api : "call",
			       ct_ignored_error_name(failed->error));
}

static enum ct_status unlock(struct state *state, const struct ct_model *model,
			     const struct ct_step *step)
{
	const struct ct_failed_lock *failed = ct_failed_lock_unlocked(&state->locks, step);
	struct ct_misuse misuse = ct_misuse_of(&ignored_error, step->object);

	if (!failed || !ct_misuse_all_seen(model, step->thread))
		return CT_OK;
	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time,
			"unlocks it");
	if (ct_misuses_has(state->misuses, &misuse))
		return CT_OK;
	misuse.headline = headline_of(state->misuses, step, "unlocks", failed);
	failure_place(state->misuses, &misuse, step->thread, failed);
	return ct_misuses_add_unless_refused(state->misuses, step, &misuse);
}

/*
 * Of a semaphore that is used as a lock: nobody gave before who had not taken, and there were units
 * from the start. The post makes more of them than there were. One that is an event is posted by
 * whom it pleases, also after a wait for it failed.
 */
static bool exceeds(const struct ct_model *model, const struct ct_object *semaphore)
{
	const struct ct_traffic *traffic = ct_traffic_of(semaphore);

	return traffic->counted && ct_traffic_is_known(model, semaphore) && !traffic->no_lock &&
	       traffic->first > 0 && traffic->in >= traffic->out;
}

/* An interrupted wait alone is told: one that found nothing, or took too long, may be the reason to
 * add a unit. */
static enum ct_status post(struct state *state, const struct ct_model *model,
			   const struct ct_step *step)
{
	const struct ct_failed_lock *failed;
	struct ct_misuse misuse = ct_misuse_of(&ignored_error, step->object);
	struct ct_handler handler;

	if (!step->object || ct_handler_of(step->thread, &handler))
		return CT_OK;
	failed = ct_failed_lock_last(&state->locks, step->thread, step->object,
				     step->record->object);
	if (!failed || failed->error != EINTR || !exceeds(model, step->object))
		return CT_OK;
	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time, "posts it");
	if (ct_misuses_has(state->misuses, &misuse))
		return CT_OK;
	misuse.headline = headline_of(state->misuses, step, "posts", failed);
	misuse.fix = "Wait again when sem_wait fails with EINTR: while (sem_wait(&s) == -1 && "
		     "errno == EINTR) continue;";
	failure_place(state->misuses, &misuse, step->thread, failed);
	return ct_misuses_add_unless_refused(state->misuses, step, &misuse);
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;
	enum ct_status status = ct_misuses_step(state->misuses, step);

	if (status == CT_OK && step->effect == CT_EFFECT_RELEASE)
		status = unlock(state, model, step);
	else if (status == CT_OK && step->effect == CT_EFFECT_SEM_POST)
		status = post(state, model, step);
	if (status == CT_OK)
		status = ct_failed_inits_step(&state->inits, model, step);
	if (status == CT_OK)
		status = ct_failed_creates_step(&state->creates, step);
	return status ? status : ct_failed_locks_step(&state->locks, step);
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;
	enum ct_status status = ct_failed_creates_finish(&state->creates, model);

	return status ? status : ct_misuses_tell(state->misuses, model, findings);
}

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	ct_failed_locks_fini(&state->locks);
	ct_failed_inits_fini(&state->inits);
	ct_failed_creates_fini(&state->creates);
	free(state);
}

static const struct ct_rule *const rules[] = {&ignored_error, NULL};

const struct ct_detector ct_detect_ignored_error = {
	.name = "ignored_error",
	.rules = rules,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
