/*
 * A forked child asks for a lock that another thread of its parent held at the fork: the child has
 * a copy of the lock, and no copy of the thread that would give it back.
 *
 * A child that does not ask is let be: it may be about to run another program, or keep to what is
 * safe after a fork. So is a lock that the holder took, or gave back, while the fork was being
 * made: it is not known how the child got it.
 */
#include <errno.h>
#include <string.h>

#include "detect/detector.h"
#include "detect/misuse.h"
#include "model/orphans.h"

static const struct ct_rule fork_holding_lock = {
	.id = "fork-holding-lock",
	.title = "a forked child asks for a lock that a thread of its parent held",
	.help = "After fork in a program with threads, call only exec and async-signal-safe "
		"functions in the child; or take the lock around fork (pthread_atfork).",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

/* A try that found the lock held. */
static bool is_refused_try(const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	int error;

	return ct_misuse_failure(step, &call, &error) && call && error == EBUSY &&
	       (call->effect == CT_EFFECT_ACQUIRE || call->effect == CT_EFFECT_ACQUIRE_SHARED);
}

static const struct ct_orphan *orphan_of(const struct ct_step *step)
{
	const struct ct_orphan *orphan;

	if (!step->object || !ct_kind_is_lock(step->object->kind))
		return NULL;
	orphan = ct_orphan_left(step->object);
	if (!orphan || orphan->how != CT_ORPHAN_FORK || orphan->since >= orphan->fork_time)
		return NULL;
	/* readers do not keep each other out */
	if (orphan->mode == CT_MODE_SHARED && step->effect == CT_EFFECT_ACQUIRE_SHARED)
		return NULL;
	return orphan;
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	(void)model;
	return ct_misuses_new(out_state);
}

static enum ct_status step_on(void *data, const struct ct_model *model, const struct ct_step *step)
{
	bool asks = step->request &&
		    (step->effect == CT_EFFECT_ACQUIRE || step->effect == CT_EFFECT_ACQUIRE_SHARED);
	struct ct_misuses *misuses = data;
	const struct ct_orphan *orphan;
	struct ct_misuse misuse;
	enum ct_status status = ct_misuses_step(misuses, step);

	(void)model;
	if (status || (!asks && !is_refused_try(step)))
		return status;
	orphan = orphan_of(step);
	if (!orphan)
		return CT_OK;
	misuse = ct_misuse_of(&fork_holding_lock, step->object);
	if (!asks) /* it goes on without the lock */
		misuse.severity = CT_WARNING;
	misuse.headline = ct_arena_printf(
		&misuses->arena,
		"%s asks for " CT_ITS_OBJECT ", which %s held when %s forked: here nobody can give "
		"it back",
		step->thread->name, orphan->holder->name, orphan->forker->name);
	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time,
			asks ? "asks for it" : "tries to take it");
	ct_misuse_place(&misuse, orphan->holder, orphan->stack, orphan->since,
			"took it, and had it at the time of the fork");
	ct_misuse_place(&misuse, orphan->forker, orphan->fork_stack, orphan->fork_time, "forked");
	return ct_misuses_add(misuses, &misuse);
}

/* A thread that waits for the lock to the end is told as that. */
static bool is_told(const struct ct_findings *findings, const struct ct_object *lock)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct ct_finding *finding = findings->items[i];

		if (strcmp(finding->rule->id, "orphaned-lock") != 0)
			continue;
		for (size_t k = 0; k < finding->step_count; k++)
			if (finding->steps[k].wants == lock)
				return true;
	}
	return false;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct ct_misuses *misuses = data;
	size_t kept = 0;

	for (size_t i = 0; i < misuses->count; i++)
		if (!is_told(findings, misuses->items[i].object))
			misuses->items[kept++] = misuses->items[i];
	misuses->count = kept;
	return ct_misuses_tell(misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&fork_holding_lock, NULL};

static const int wants[] = {
	CT_EFFECT_ACQUIRE,
	CT_EFFECT_ACQUIRE_SHARED,
	CT_EFFECT_FAILURE,
	CT_WANTS_END,
};

const struct ct_detector ct_detect_fork_holding = {
	.name = "fork_holding",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step_on,
	.finish = finish,
	.end = ct_misuses_free,
};
