/*
 * Robust mutexes after the death of their holder. Who gets one then has to call
 * pthread_mutex_consistent before giving it back, else nobody gets it any more. That may be meant:
 * it is how to give up what the mutex guards, and then it is not asked for again, or made anew.
 */
#include "detect/detector.h"

#include <errno.h>
#include <stdlib.h>

#include "base/vec.h"
#include "detect/misuse.h"
#include "model/holders.h"
#include "model/past.h"

static const struct ct_rule inconsistent = {
	.id = "robust-inconsistent",
	.title = "a robust mutex is unlocked before it is made consistent",
	.help = "When a lock call returns EOWNERDEAD, repair what the mutex guards and call "
		"pthread_mutex_consistent before unlocking it; to give it up for good, destroy it "
		"and do not ask for it again.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

enum phase {
	SOUND,
	INHERITED, /* taken with EOWNERDEAD */
	GIVEN_UP,  /* unlocked so: for ever */
};

/* A mutex whose holder died. */
struct robust {
	const struct ct_object *mutex;
	enum phase phase;
	struct ct_deed died, inherited, given_up, refused; /* died: where it was locked */
	bool over;					   /* destroyed, or made anew */
};

struct robusts {
	struct ct_misuses *misuses;
	struct ct_map index; /* object id: place in `items` */
	struct robust *items;
	size_t count, cap;
};

static void end(void *data)
{
	struct robusts *robusts = data;

	if (!robusts)
		return;
	ct_misuses_free(robusts->misuses);
	ct_map_fini(&robusts->index);
	free(robusts->items);
	free(robusts);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct robusts *robusts = calloc(1, sizeof(*robusts));
	void *misuses = NULL;
	enum ct_status status;

	(void)model;
	if (!robusts)
		return CT_ENOMEM;
	ct_map_init(&robusts->index);
	status = ct_misuses_new(&misuses);
	robusts->misuses = misuses;
	if (status)
		end(robusts);
	else
		*out_state = robusts;
	return status;
}

static struct robust *find(const struct robusts *robusts, const struct ct_object *mutex)
{
	uint64_t place;

	if (!mutex || !robusts->count || !ct_map_get(&robusts->index, mutex->id, &place))
		return NULL;
	return &robusts->items[place];
}

/* Who died with it, if that is on record. */
static struct ct_deed death_of(const struct ct_model *model, const struct ct_step *step,
			       const struct ct_object *mutex)
{
	for (size_t i = 0; i < ct_holder_count(mutex); i++) {
		const struct ct_thread *holder = ct_holder(model, mutex, i);
		const struct ct_held_lock *held = ct_held_by(holder, mutex);

		if (holder != step->thread && held->stack)
			return (struct ct_deed){holder, held->stack, held->since};
	}
	return (struct ct_deed){0};
}

static enum ct_status inherit(struct robusts *robusts, const struct ct_model *model,
			      const struct ct_step *step, const struct ct_object *mutex)
{
	struct robust *known = find(robusts, mutex);
	struct robust robust = {.mutex = mutex,
				.phase = INHERITED,
				.died = death_of(model, step, mutex),
				.inherited = ct_deed_of(step)};
	enum ct_status status = CT_OK;

	if (known) {
		*known = robust;
		return CT_OK;
	}
	status = ct_vec_grow(&robusts->items, &robusts->cap, robusts->count + 1,
			     sizeof(*robusts->items));
	if (status == CT_OK)
		status = ct_map_put(&robusts->index, mutex->id, robusts->count);
	if (status == CT_OK)
		robusts->items[robusts->count++] = robust;
	return status;
}

static void take(struct robusts *robusts, const struct ct_object *mutex)
{
	struct robust *robust = find(robusts, mutex);

	if (robust)
		robust->phase = SOUND; /* that it was made consistent is not on record */
}

static void give_back(struct robusts *robusts, const struct ct_step *step,
		      const struct ct_object *mutex)
{
	struct robust *robust = find(robusts, mutex);
	const struct ct_held_lock *held;

	if (!robust || robust->phase != INHERITED || robust->inherited.thread != step->thread)
		return;
	held = ct_held_by(step->thread, mutex);
	if (!held || held->depth > 1)
		return;
	robust->phase = GIVEN_UP;
	robust->given_up = ct_deed_of(step);
}

/* Somebody asks, and gets ENOTRECOVERABLE. */
static void refuse(struct robusts *robusts, const struct ct_step *step)
{
	struct robust *robust = find(robusts, step->object);

	if (!robust || robust->phase != GIVEN_UP)
		return;
	if (!robust->refused.thread)
		robust->refused = ct_deed_of(step);
}

static void make_consistent(struct robusts *robusts, const struct ct_object *mutex)
{
	struct robust *robust = find(robusts, mutex);

	if (robust && robust->phase == INHERITED)
		robust->phase = SOUND;
}

/* pthread_mutex_consistent was called of a mutex that is not inconsistent. */
static enum ct_status consistent_in_vain(struct robusts *robusts, const struct ct_step *step)
{
	const struct ct_object *mutex = step->object;
	const struct ct_deed *init;
	const struct ct_held_lock *held;
	struct ct_misuse misuse;
	bool plain;

	if (!mutex || mutex->destroyed || mutex->kind != CT_OBJECT_MUTEX)
		return CT_OK;
	misuse = ct_misuse_of(&inconsistent, mutex);
	init = &ct_past_of(mutex)->initialised;
	held = ct_held_by(step->thread, mutex);
	plain = mutex->initialised && !ct_is_robust(mutex);
	misuse.severity = CT_WARNING;
	misuse.fix = plain ? "Make the mutex robust (pthread_mutexattr_setrobust), or leave the "
			     "call out."
			   : "Call pthread_mutex_consistent only while holding the mutex after "
			     "a lock call that returned EOWNERDEAD.";
	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time,
			"calls pthread_mutex_consistent, which is refused (EINVAL)");
	if (ct_misuses_has(robusts->misuses, &misuse))
		return CT_OK;
	misuse.headline = ct_arena_printf(
		&robusts->misuses->arena,
		"%s calls pthread_mutex_consistent of " CT_ITS_OBJECT ", %s", step->thread->name,
		plain ? "which is not robust" : "though no holder of it has died");
	if (plain)
		ct_misuse_place(&misuse, init->thread, init->stack, init->time, "initialised it");
	if (held)
		ct_misuse_place(&misuse, step->thread, held->stack, held->since, "locked it");
	return ct_misuses_add(robusts->misuses, &misuse);
}

static enum ct_status fail(struct robusts *robusts, const struct ct_step *step)
{
	const struct ct_event_info *call = NULL;
	int error;

	if (!ct_misuse_failure(step, &call, &error) || !call)
		return CT_OK;
	if (call->effect == CT_EFFECT_ACQUIRE && error == ENOTRECOVERABLE)
		refuse(robusts, step);
	if (call->id == CT_EV_MUTEX_CONSISTENT && error == EINVAL)
		return consistent_in_vain(robusts, step);
	return CT_OK;
}

static void finish_life(struct robusts *robusts, const struct ct_object *mutex)
{
	struct robust *robust = find(robusts, mutex);

	if (robust)
		robust->over = true;
}

/* `mutex` is what the step takes or, of a wait that begins, gives back. */
static enum ct_status acquire(struct robusts *robusts, const struct ct_model *model,
			      const struct ct_step *step, const struct ct_object *mutex)
{
	if (!mutex || mutex->kind != CT_OBJECT_MUTEX)
		return CT_OK;
	if (step->request && step->effect == CT_EFFECT_WAIT)
		give_back(robusts, step, mutex);
	if (step->request)
		return CT_OK;
	if (step->record->flags & CT_F_OWNER_DEAD)
		return inherit(robusts, model, step, mutex);
	if (!ct_held_by(step->thread, mutex))
		take(robusts, mutex);
	return CT_OK;
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct robusts *robusts = data;
	enum ct_status status = ct_misuses_step(robusts->misuses, step);

	if (status)
		return status;
	switch (step->effect) {
	case CT_EFFECT_ACQUIRE:
		return acquire(robusts, model, step, step->object);
	case CT_EFFECT_WAIT:
		return acquire(robusts, model, step, step->mutex);
	case CT_EFFECT_RELEASE:
		give_back(robusts, step, step->object);
		return CT_OK;
	case CT_EFFECT_FAILURE:
		return fail(robusts, step);
	case CT_EFFECT_NOTE:
		if (step->record->event == CT_EV_MUTEX_CONSISTENT)
			make_consistent(robusts, step->object);
		return CT_OK;
	case CT_EFFECT_DESTROY:
		finish_life(robusts, step->object);
		return CT_OK;
	case CT_EFFECT_INIT:
		if (step->object)
			finish_life(robusts, ct_past_life(step->object));
		return CT_OK;
	default:
		return CT_OK;
	}
}

static enum ct_status add(struct robusts *robusts, const struct robust *robust)
{
	struct ct_misuse misuse = ct_misuse_of(&inconsistent, robust->mutex);
	const struct ct_deed *up = &robust->given_up, *dead = &robust->inherited;
	const struct ct_deed *asked = &robust->refused, *died = &robust->died;

	misuse.headline = ct_arena_printf(
		&robusts->misuses->arena,
		"%s unlocks " CT_ITS_OBJECT
		" without pthread_mutex_consistent, so that nobody can lock it any more",
		up->thread->name);
	ct_misuse_place(&misuse, up->thread, up->stack, up->time, "unlocks it");
	ct_misuse_place(&misuse, dead->thread, dead->stack, dead->time,
			"got it from a holder that had died (EOWNERDEAD)");
	ct_misuse_place(&misuse, asked->thread, asked->stack, asked->time,
			"asks for it, and is refused (ENOTRECOVERABLE)");
	ct_misuse_place(&misuse, died->thread, died->stack, died->time, "had locked it, and died");
	return ct_misuses_add(robusts->misuses, &misuse);
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct robusts *robusts = data;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < robusts->count; i++) {
		const struct robust *robust = &robusts->items[i];

		if (robust->phase == GIVEN_UP && robust->refused.thread && !robust->over)
			status = add(robusts, robust);
	}
	return status ? status : ct_misuses_tell(robusts->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&inconsistent, NULL};

static const int wants[] = {
	CT_EFFECT_INIT,	   CT_EFFECT_DESTROY, CT_EFFECT_ACQUIRE, CT_EFFECT_WAIT,
	CT_EFFECT_RELEASE, CT_EFFECT_NOTE,    CT_EFFECT_FAILURE, CT_WANTS_END,
};

const struct ct_detector ct_detect_robust = {
	.name = "robust",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
