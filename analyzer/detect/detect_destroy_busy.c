/*
 * An object is destroyed, or the memory that it lies in is freed, while somebody holds it or waits
 * for it.
 */
#include "detect/detector.h"

#include "detect/causes.h"
#include "detect/misuse.h"
#include "model/past.h"
#include "model/users.h"

const struct ct_rule ct_destroy_busy = {
	.id = "destroy-busy",
	.title = "an object is destroyed while it is in use",
	.help = "Destroy it when nobody can use it any more: unlock it first, wake all who wait, "
		"and join the threads that use it.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
	.hang = CT_HANG_WHOLE,
};

/* glibc refuses to destroy a mutex that somebody holds or needs, which proves what the record says.
 * It does not look at a robust one, and mtx_destroy does not tell. */
static bool is_refused(const struct ct_step *step, const struct ct_object *object,
		       const struct ct_user *user)
{
	return step->record->event == CT_EV_MUTEX_DESTROY && !(object->init_arg >> 9 & 1) &&
	       (user->use == CT_USE_HOLDS || user->use == CT_USE_NEEDS);
}

static enum ct_status keep(struct ct_misuses *misuses, const struct ct_step *step,
			   const struct ct_object *object, const struct ct_user *user)
{
	struct ct_misuse misuse = ct_misuse_of(&ct_destroy_busy, object);
	bool freed = step->effect == CT_EFFECT_MEMORY_FREED;
	bool own = user->thread == step->thread;
	const struct ct_deed *initialised = &ct_past_of(object)->initialised;

	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time,
			freed ? "frees its memory" : "destroys it");
	ct_misuse_place(&misuse, user->thread, user->stack, user->since, ct_user_deed(user));
	ct_misuse_place(&misuse, initialised->thread, initialised->stack, initialised->time,
			"initialised it");
	if (ct_misuses_has(misuses, &misuse))
		return CT_OK;
	misuse.headline = ct_arena_printf(
		&misuses->arena, "%s %s " CT_ITS_OBJECT ", which %s %s%s", step->thread->name,
		freed ? "frees the memory of" : "destroys", own ? "it" : user->thread->name,
		ct_user_verb(user, object->kind), own ? " itself" : "");
	if (user->thread->process != step->thread->process) {
		misuse.evidence = CT_POTENTIAL;
		misuse.assumes = "the other process lives";
	}
	if (is_refused(step, object, user))
		return ct_misuses_add_if_refused(misuses, step, &misuse);
	return ct_misuses_add(misuses, &misuse);
}

static enum ct_status destroyed(struct ct_misuses *misuses, const struct ct_model *model,
				const struct ct_step *step)
{
	struct ct_user user;

	/* it was looked at when it was asked for: it waited for those who used it then */
	if (!step->request && step->thread->wait.kind == CT_WAIT_DESTROY)
		return CT_OK;
	if (!step->object || ct_kind_is_kernel(step->object->kind) ||
	    !ct_user_of(model, step->object, NULL, &user))
		return CT_OK;
	return keep(misuses, step, step->object, &user);
}

struct freeing {
	struct ct_misuses *misuses;
	const struct ct_model *model;
	const struct ct_step *step;
};

static enum ct_status object_freed(void *data, const struct ct_object *object)
{
	struct freeing *freeing = data;
	struct ct_user user;

	/* many free what they have locked themselves: nobody is left who could unlock it */
	if (!ct_user_of(freeing->model, object, freeing->step->thread, &user))
		return CT_OK;
	return keep(freeing->misuses, freeing->step, object, &user);
}

static enum ct_status step_seen(void *state, const struct ct_model *model,
				const struct ct_step *step)
{
	struct freeing freeing = {state, model, step};
	enum ct_status status = ct_misuses_step(state, step);

	if (status)
		return status;
	if (step->effect == CT_EFFECT_DESTROY)
		return destroyed(state, model, step);
	if (step->effect != CT_EFFECT_MEMORY_FREED || step->record->flags & CT_F_PLAIN)
		return CT_OK;
	return ct_objects_inside(step->thread->process, step->record->object, step->record->arg,
				 object_freed, &freeing);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	(void)model;
	return ct_misuses_new(out_state);
}

static bool is_told(const struct ct_findings *findings, const struct ct_object *object)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct ct_finding *finding = findings->items[i];

		if (finding->rule == &ct_destroy_busy && finding->object == object)
			return true;
	}
	return false;
}

/* What hangs in the call is told by the detector of threads that are stuck. */
static void drop_hangs(struct ct_misuses *misuses, const struct ct_findings *findings)
{
	size_t kept = 0;

	for (size_t i = 0; i < misuses->count; i++)
		if (!is_told(findings, misuses->items[i].object))
			misuses->items[kept++] = misuses->items[i];
	misuses->count = kept;
}

static enum ct_status finish(void *state, const struct ct_model *model,
			     struct ct_findings *findings)
{
	drop_hangs(state, findings);
	return ct_misuses_tell(state, model, findings);
}

static const struct ct_rule *const rules[] = {&ct_destroy_busy, NULL};

static const int wants[] = {
	CT_EFFECT_DESTROY,
	CT_EFFECT_MEMORY_FREED,
	CT_EFFECT_FAILURE,
	CT_WANTS_END,
};

const struct ct_detector ct_detect_destroy_busy = {
	.name = "destroy_busy",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step_seen,
	.finish = finish,
	.end = ct_misuses_free,
};
