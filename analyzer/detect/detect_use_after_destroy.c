/*
 * An object is used after it was destroyed, and was not initialised again. Of mutexes, condition
 * variables and read-write locks the recorder sees that in their bytes (CT_F_DESTROYED), since a
 * static initialiser that is assigned begins a new life without a call. Semaphores, barriers and
 * spin locks have none: for them it suffices that no initialisation is recorded.
 */
#include "detect/detector.h"

#include <stdlib.h>

#include "detect/misuse.h"
#include "detect/whole.h"
#include "model/past.h"

static const struct ct_rule use_after_destroy = {
	.id = "use-after-destroy",
	.title = "an object is used after it was destroyed",
	.help = "Destroy it after its last use: join the threads that use it first. To use it "
		"again, initialise it again.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

enum { LIVES = 8 }; /* so far back a destruction is looked for, past uses that were no life */

struct use_after_destroy {
	struct ct_misuses *misuses;
	uint64_t *last; /* by thread id: time of its last record */
};

/* The last life of that kind, at the same place, which was destroyed; only uses, or more
 * destructions, came after it. */
static const struct ct_object *destroyed_life(const struct ct_object *object)
{
	const struct ct_object *found = NULL, *life = object;

	for (int i = 0; life && i < LIVES && life->kind == object->kind; i++) {
		const struct ct_object *before = ct_past_life(life);

		if (life->destroyed)
			found = life;
		if (ct_past_of(life)->initialised.thread)
			break;
		life = before ? before : ct_past_origin(life);
	}
	return found;
}

/* Whether the record was written before the call that it tells of: its use begins there. */
static bool is_stamped_before(const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_RELEASE:
	case CT_EFFECT_SEM_POST:
	case CT_EFFECT_DESTROY:
		return true;
	default:
		return step->request;
	}
}

/* No static initialiser can have begun its life unseen. */
static bool needs_init(enum ct_object_kind kind)
{
	return kind == CT_OBJECT_SEM || kind == CT_OBJECT_BARRIER || kind == CT_OBJECT_SPIN;
}

/* Of those kinds, whether they were used after the destruction: a call that
 * was recorded when it was over had begun after the thread's last record. */
static bool is_known_by_records(const struct use_after_destroy *state, const struct ct_step *step,
				const struct ct_object *life)
{
	const struct ct_deed *destroyed = &ct_past_of(life)->destroyed;

	/* a program that is not recorded may have initialised what is shared, and a forked child
	 * has a copy of its own */
	if (!step->object->process || step->object->process != life->process ||
	    step->effect == CT_EFFECT_INIT || step->effect == CT_EFFECT_OPEN)
		return false;
	return destroyed->thread == step->thread || is_stamped_before(step) ||
	       state->last[step->thread->id] > destroyed->time;
}

/* What it held, or waited for, when it was destroyed: destroy-busy tells of that. */
static bool began_before(const struct ct_step *step, const struct ct_object *life)
{
	if (step->record->flags & CT_F_BLOCKED)
		return true;
	for (size_t i = 0; i < step->thread->held_count; i++)
		if (step->thread->held[i].object == life)
			return true;
	return false;
}

struct verb {
	const char *verb, *deed;
};

static struct verb verb_of(enum ct_effect effect)
{
	switch (effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		return (struct verb){"locks", "locks it"};
	case CT_EFFECT_RELEASE:
		return (struct verb){"unlocks", "unlocks it"};
	case CT_EFFECT_WAIT:
		return (struct verb){"waits on", "waits on it"};
	case CT_EFFECT_SEM_WAIT:
		return (struct verb){"waits for", "waits for it"};
	case CT_EFFECT_BARRIER:
		return (struct verb){"waits at", "waits at it"};
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
		return (struct verb){"signals", "signals it"};
	case CT_EFFECT_SEM_POST:
		return (struct verb){"posts", "posts it"};
	case CT_EFFECT_DESTROY:
		return (struct verb){"destroys", "destroys it again"};
	default:
		return (struct verb){"uses", "uses it"};
	}
}

/* Records that are lost may be of the initialisation that nobody saw. */
static void weaken_if_lost(struct ct_misuse *misuse, const struct ct_model *model,
			   const struct ct_step *step)
{
	if (step->record->flags & CT_F_DESTROYED || ct_whole_trace(model->trace))
		return;
	misuse->evidence = CT_POTENTIAL;
	misuse->assumes = "it is not initialised again in what is lost of the record";
}

static enum ct_status keep(const struct use_after_destroy *state, const struct ct_model *model,
			   const struct ct_step *step, const struct ct_object *object,
			   const struct ct_object *life)
{
	const struct ct_past *past = ct_past_of(life);
	struct ct_misuse misuse = ct_misuse_of(&use_after_destroy, object);
	const struct ct_event_info *call = step->info;
	struct verb verb;
	int error;

	if (step->effect == CT_EFFECT_FAILURE)
		ct_misuse_failure(step, &call, &error);
	verb = verb_of(call && object == step->object ? call->effect : CT_EFFECT_NOTE);
	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time, verb.deed);
	ct_misuse_place(&misuse, past->destroyed.thread, past->destroyed.stack,
			past->destroyed.time, "destroyed it");
	ct_misuse_place(&misuse, past->initialised.thread, past->initialised.stack,
			past->initialised.time, "initialised it");
	if (ct_misuses_has(state->misuses, &misuse))
		return CT_OK;
	weaken_if_lost(&misuse, model, step);
	misuse.headline = ct_arena_printf(
		&state->misuses->arena, "%s %s " CT_ITS_OBJECT ", which %s destroyed before",
		step->thread->name, verb.verb,
		past->destroyed.thread == step->thread ? "it" : past->destroyed.thread->name);
	return ct_misuses_add(state->misuses, &misuse);
}

static enum ct_status used(const struct use_after_destroy *state, const struct ct_model *model,
			   const struct ct_step *step, const struct ct_object *object)
{
	const struct ct_object *life = object ? destroyed_life(object) : NULL;

	if (!life || !ct_past_of(life)->destroyed.thread || began_before(step, life))
		return CT_OK;
	return keep(state, model, step, object, life);
}

static bool is_failed_destruction(const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	int error;

	return ct_misuse_failure(step, &call, &error) && call && call->effect == CT_EFFECT_DESTROY;
}

static enum ct_status look(const struct use_after_destroy *state, const struct ct_model *model,
			   const struct ct_step *step)
{
	const struct ct_object *life;

	/* nearly all steps end here */
	if (!(step->record->flags & CT_F_DESTROYED) && !needs_init(step->object->kind))
		return CT_OK;
	life = destroyed_life(step->object);
	if (step->record->flags & CT_F_DESTROYED)
		return used(state, model, step, life || !step->mutex ? step->object : step->mutex);
	if (!life || is_failed_destruction(step) || !is_known_by_records(state, step, life))
		return CT_OK;
	return used(state, model, step, step->object);
}

static enum ct_status step_seen(void *data, const struct ct_model *model,
				const struct ct_step *step)
{
	struct use_after_destroy *state = data;
	enum ct_status status = ct_misuses_step(state->misuses, step);

	if (status == CT_OK && step->object && !ct_kind_is_kernel(step->object->kind))
		status = look(state, model, step);
	if (status == CT_OK)
		state->last[step->thread->id] = step->record->time;
	return status;
}

static void end(void *data)
{
	struct use_after_destroy *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	free(state->last);
	free(state);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct use_after_destroy *state = calloc(1, sizeof(*state));
	void *misuses = NULL;
	enum ct_status status;

	if (!state)
		return CT_ENOMEM;
	state->last = calloc(model->thread_count + 1, sizeof(*state->last));
	status = state->last ? ct_misuses_new(&misuses) : CT_ENOMEM;
	state->misuses = misuses;
	if (status) {
		end(state);
		return status;
	}
	*out_state = state;
	return CT_OK;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct use_after_destroy *state = data;

	return ct_misuses_tell(state->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&use_after_destroy, NULL};

const struct ct_detector ct_detect_use_after_destroy = {
	.name = "use_after_destroy",
	.rules = rules,
	.begin = begin,
	.step = step_seen,
	.finish = finish,
	.end = end,
};
