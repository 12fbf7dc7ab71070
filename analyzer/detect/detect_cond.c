/*
 * How a condition variable is waited on: with a mutex that the waiter holds, once, and that all who
 * wait at the same time share.
 */
#include "detect/detector.h"

#include <errno.h>
#include <stdlib.h>

#include "detect/cond_pairs.h"
#include "detect/misuse.h"
#include "model/holders.h"
#include "model/past.h"

static const struct ct_rule without_lock = {
	.id = "cond-without-lock",
	.title = "a condition is waited on without its mutex",
	.help = "Lock the mutex, once, before the test of what is waited for, and keep it until "
		"the wait: what is signalled between test and wait is lost otherwise.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

static const struct ct_rule two_mutexes = {
	.id = "cond-two-mutexes",
	.title = "a condition is waited on with two mutexes at once",
	.help = "Let all who wait on the condition use the mutex that guards what they wait for; "
		"or give each mutex a condition of its own.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

static const struct ct_rule *const rules[] = {&without_lock, &two_mutexes, NULL};

static const char FIX_TWICE[] =
	"Lock the mutex once only before the wait, or use one that is not recursive: a wait gives "
	"back one lock of several, so nobody else gets in to change what is waited for.";

struct conds {
	struct ct_misuses *misuses;
	struct ct_cond_pairs pairs;
	struct ct_map taken;	/* ids of mutexes that were unlocked by who did not hold them */
	struct ct_map unlocked; /* thread id: since when its last wrong wait is */
};

static void end(void *state)
{
	struct conds *conds = state;

	if (!conds)
		return;
	ct_misuses_free(conds->misuses);
	ct_cond_pairs_fini(&conds->pairs);
	ct_map_fini(&conds->taken);
	ct_map_fini(&conds->unlocked);
	free(conds);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct conds *conds = calloc(1, sizeof(*conds));
	void *misuses = NULL;
	enum ct_status status;

	(void)model;
	if (!conds)
		return CT_ENOMEM;
	ct_cond_pairs_init(&conds->pairs, &two_mutexes);
	ct_map_init(&conds->taken);
	ct_map_init(&conds->unlocked);
	status = ct_misuses_new(&misuses);
	conds->misuses = misuses;
	if (status)
		end(conds);
	else
		*out_state = conds;
	return status;
}

/* Whether it is known that the thread has not locked the mutex: nobody else unlocked it meanwhile,
 * which is that thread's fault, and it is no new use of a place where another mutex was. */
static bool is_known(const struct conds *conds, const struct ct_model *model,
		     const struct ct_step *step)
{
	const struct ct_object *mutex = step->mutex;

	return !ct_taken_unseen(step) && ct_misuse_all_seen(model, step->thread) &&
	       !ct_map_get(&conds->taken, mutex->id, NULL) &&
	       (mutex->time != step->record->time || !ct_past_life(mutex));
}

/* A thread waits, as `wait` has it, with a mutex that it has not locked. No headline: it is kept
 * already. */
static struct ct_misuse unlocked(struct conds *conds, const struct ct_model *model,
				 const struct ct_thread *thread, const struct ct_wait *wait)
{
	struct ct_misuse misuse = ct_misuse_of(&without_lock, wait->object);
	const struct ct_deed *released = &ct_past_of(wait->mutex)->released;
	const struct ct_thread *holder =
		ct_holder_count(wait->mutex) ? ct_holder(model, wait->mutex, 0) : NULL;
	const struct ct_held_lock *hold = holder ? ct_held_by(holder, wait->mutex) : NULL;

	misuse.other = wait->mutex;
	ct_misuse_place(&misuse, thread, wait->stack, wait->since,
			"waits without having locked the mutex");
	if (ct_misuses_has(conds->misuses, &misuse))
		return misuse;
	misuse.headline = ct_arena_printf(&conds->misuses->arena,
					  "%s waits on " CT_ITS_OBJECT " with " CT_OTHER_OBJECT
					  ", which %s holds",
					  thread->name, holder ? holder->name : "nobody");
	if (hold)
		ct_misuse_place(&misuse, holder, hold->stack, hold->since, "locked the mutex");
	else
		ct_misuse_place(&misuse, released->thread, released->stack, released->time,
				"unlocked the mutex before");
	return misuse;
}

/* glibc gives back one hold of several, and goes to sleep. */
static enum ct_status locked_twice(struct conds *conds, const struct ct_step *step,
				   const struct ct_held_lock *hold)
{
	struct ct_misuse misuse = ct_misuse_of(&without_lock, step->object);

	misuse.severity = CT_WARNING;
	misuse.fix = FIX_TWICE;
	misuse.other = step->mutex;
	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time,
			"waits and keeps the mutex");
	if (ct_misuses_has(conds->misuses, &misuse))
		return CT_OK;
	misuse.headline = ct_arena_printf(&conds->misuses->arena,
					  "%s waits on " CT_ITS_OBJECT " with " CT_OTHER_OBJECT
					  ", which it has locked %u times and so keeps",
					  step->thread->name, hold->depth);
	ct_misuse_place(&misuse, step->thread, hold->stack, hold->since,
			"locked the mutex for the first time");
	return ct_misuses_add_unless_refused(conds->misuses, step, &misuse);
}

static enum ct_status asks(struct conds *conds, const struct ct_model *model,
			   const struct ct_step *step)
{
	const struct ct_held_lock *hold = ct_held_by(step->thread, step->mutex);
	struct ct_wait wait = {.object = step->object,
			       .mutex = step->mutex,
			       .stack = step->record->stack,
			       .since = step->record->time};
	struct ct_misuse misuse;
	enum ct_status status;

	if (hold && hold->depth > 1 && ct_is_recursive(step->mutex))
		return locked_twice(conds, step, hold);
	if (hold || !is_known(conds, model, step))
		return CT_OK;
	status = ct_map_put(&conds->unlocked, step->thread->id, wait.since);
	if (status)
		return status;
	misuse = unlocked(conds, model, step->thread, &wait);
	return ct_misuses_add_unless_refused(conds->misuses, step, &misuse);
}

/* The wait came to nothing. One that was cancelled had begun; others were refused, which a program
 * may survive. */
static enum ct_status fails(struct conds *conds, const struct ct_model *model,
			    const struct ct_step *step)
{
	const struct ct_thread *thread = step->thread;
	const struct ct_wait *wait = &thread->wait;
	const struct ct_event_info *call = NULL;
	struct ct_misuse misuse;
	uint64_t since;
	int error = 0;

	if (wait->kind != CT_WAIT_COND || !wait->mutex ||
	    !ct_map_get(&conds->unlocked, thread->id, &since) || since != wait->since ||
	    !ct_misuse_failure(step, &call, &error) || !call || call->id != wait->event)
		return CT_OK;
	misuse = unlocked(conds, model, thread, wait);
	if (error != ECANCELED)
		misuse.severity = CT_WARNING;
	return ct_misuses_add(conds->misuses, &misuse);
}

static enum ct_status gives_back(struct conds *conds, const struct ct_step *step)
{
	if (!step->object || ct_held_by(step->thread, step->object))
		return CT_OK;
	return ct_map_put(&conds->taken, step->object->id, 1);
}

static enum ct_status step(void *state, const struct ct_model *model, const struct ct_step *step)
{
	struct conds *conds = state;
	enum ct_status status = ct_misuses_step(conds->misuses, step);

	if (status == CT_OK)
		status = ct_cond_pairs_step(&conds->pairs, conds->misuses, step);
	if (status)
		return status;
	switch (step->effect) {
	case CT_EFFECT_WAIT:
		return step->request && step->object && step->mutex ? asks(conds, model, step)
								    : CT_OK;
	case CT_EFFECT_FAILURE:
		return fails(conds, model, step);
	case CT_EFFECT_RELEASE:
		return gives_back(conds, step);
	default:
		return CT_OK;
	}
}

/* Of a mutex that was kept: whether somebody waits for it still, while its owner sleeps without a
 * limit. */
static bool is_stuck(const struct ct_model *model, const struct ct_finding *finding)
{
	const struct ct_wait *sleep = &finding->places[0].thread->wait;

	if (sleep->kind != CT_WAIT_COND || sleep->timed || sleep->mutex != finding->other ||
	    sleep->since != finding->places[0].time)
		return false;
	for (size_t i = 0; i < model->thread_count; i++)
		if (model->threads[i]->wait.kind == CT_WAIT_LOCK &&
		    model->threads[i]->wait.object == finding->other)
			return true;
	return false;
}

static enum ct_status finish(void *state, const struct ct_model *model,
			     struct ct_findings *findings)
{
	struct conds *conds = state;
	enum ct_status status = ct_cond_pairs_finish(&conds->pairs, conds->misuses);

	if (status == CT_OK)
		status = ct_misuses_tell(conds->misuses, model, findings);
	for (size_t i = 0; status == CT_OK && i < findings->count; i++) {
		struct ct_finding *finding = findings->items[i];

		if (finding->rule == &without_lock && finding->fix == FIX_TWICE &&
		    is_stuck(model, finding))
			finding->severity = CT_ERROR;
	}
	return status;
}

static const int wants[] = {
	CT_EFFECT_WAIT,	   CT_EFFECT_SIGNAL,  CT_EFFECT_BROADCAST,
	CT_EFFECT_RELEASE, CT_EFFECT_FAILURE, CT_WANTS_END,
};

const struct ct_detector ct_detect_cond = {
	.name = "cond",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
