#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "detect/extremes.h"
#include "detect/hang.h"

struct condition {
	const struct ct_object *object, *mutex; /* mutex: NULL until somebody waited */
	struct ct_place wait;			/* the first one */
	struct ct_place bare; /* the first signal without the mutex, or no thread */
};

struct ct_bare_signals {
	struct condition *conditions;
	size_t count, cap;
	struct ct_map by_object; /* id: index */
};

enum ct_status ct_bare_signals_new(struct ct_bare_signals **out_signals)
{
	*out_signals = calloc(1, sizeof(**out_signals));
	if (!*out_signals)
		return CT_ENOMEM;
	ct_map_init(&(*out_signals)->by_object);
	return CT_OK;
}

void ct_bare_signals_free(struct ct_bare_signals *signals)
{
	if (!signals)
		return;
	ct_map_fini(&signals->by_object);
	free(signals->conditions);
	free(signals);
}

static enum ct_status condition_of(struct ct_bare_signals *signals, const struct ct_object *object,
				   struct condition **out_condition)
{
	enum ct_status status;
	uint64_t known;

	if (ct_map_get(&signals->by_object, object->id, &known)) {
		*out_condition = &signals->conditions[known];
		return CT_OK;
	}
	status = ct_vec_grow(&signals->conditions, &signals->cap, signals->count + 1,
			     sizeof(**out_condition));
	if (status == CT_OK)
		status = ct_map_put(&signals->by_object, object->id, signals->count);
	if (status)
		return status;
	*out_condition = &signals->conditions[signals->count++];
	**out_condition = (struct condition){.object = object};
	return CT_OK;
}

static bool holds(const struct ct_thread *thread, const struct ct_object *mutex)
{
	for (size_t i = 0; i < thread->held_count; i++)
		if (thread->held[i].object == mutex)
			return true;
	return false;
}

/* Before anybody waited it is not known which mutex counts: then who holds none at all. */
static bool is_bare(const struct condition *condition, const struct ct_thread *thread)
{
	return condition->mutex ? !holds(thread, condition->mutex) : !thread->held_count;
}

static bool is_signal(const struct ct_step *step)
{
	return step->effect == CT_EFFECT_SIGNAL || step->effect == CT_EFFECT_BROADCAST;
}

enum ct_status ct_bare_signals_step(struct ct_bare_signals *signals, const struct ct_step *step)
{
	bool waits = step->effect == CT_EFFECT_WAIT && step->request && step->mutex &&
		     !(step->record->flags & CT_F_TIMED);
	struct condition *condition;
	struct ct_place place;
	enum ct_status status;

	if (!step->object || !(waits || is_signal(step)))
		return CT_OK;
	status = condition_of(signals, step->object, &condition);
	if (status)
		return status;
	place = ct_hang_place(step->thread, step->record->stack, step->record->time);
	if (waits && !condition->mutex) {
		condition->mutex = step->mutex;
		condition->wait = place;
	} else if (!waits && !condition->bare.thread && is_bare(condition, step->thread)) {
		condition->bare = place;
	}
	return CT_OK;
}

static enum ct_status tell(struct ct_findings *findings, const struct condition *condition)
{
	struct ct_finding *pattern = ct_findings_rule_out(
		findings, ct_extremes_rule("lost-wakeup"),
		"the signal is sent without the mutex, and what the waiter tests before it waits "
		"was not recorded");
	struct ct_place signal = condition->bare;

	if (!pattern)
		return CT_ENOMEM;
	pattern->steps = ct_arena_calloc(&findings->arena, 1, sizeof(*pattern->steps));
	pattern->waits = "for";
	pattern->because =
		ct_arena_printf(&findings->arena, ", which %s may signal before the wait begins",
				signal.thread->name);
	if (!pattern->steps || !pattern->because)
		return CT_ENOMEM;
	pattern->assumes = "the waiter tests nothing under the mutex before it waits";
	pattern->step_count = 1;
	pattern->steps[0] = (struct ct_step_of_cycle){
		.thread = condition->wait.thread,
		.wants = condition->object,
		.wanted_at = condition->wait,
		.held_at = ct_hang_place(condition->wait.thread, 0, 0),
		.verb = "waits on",
	};
	signal.text = "signals it without the mutex";
	return ct_hang_add_place(findings, pattern, signal);
}

enum ct_status ct_bare_signals_tell(const struct ct_bare_signals *signals,
				    struct ct_findings *findings)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < signals->count; i++) {
		const struct condition *condition = &signals->conditions[i];

		if (condition->mutex && condition->bare.thread &&
		    condition->bare.thread != condition->wait.thread)
			status = tell(findings, condition);
	}
	return status;
}
