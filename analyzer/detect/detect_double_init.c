/*
 * An object is initialised that is initialised already. What lies there may be other memory by
 * then, so nothing is said of objects on stacks, of copies in forked children, and of blocks that
 * were freed, unless somebody uses the object at that moment.
 */
#include "detect/detector.h"

#include <stdlib.h>

#include "detect/misuse.h"
#include "detect/whole.h"
#include "model/past.h"
#include "model/users.h"

static const struct ct_rule double_init = {
	.id = "double-init",
	.title = "an object is initialised twice",
	.help = "Initialise it once (pthread_once, or before the threads are created), and destroy "
		"it before it is initialised again.",
	.severity = CT_WARNING,
	.family = CT_FAMILY_MISUSE,
};

enum { LIVES = 8 }; /* so far back it is looked what stood at a place */

struct double_init {
	struct ct_misuses *misuses;
	struct ct_map seen;  /* hash of place and address: each is told once, whatever its life */
	struct ct_map sites; /* process and stack: the address initialised there, or SEVERAL */
};
#define SEVERAL UINT64_MAX

static bool on_stack_of(const struct ct_thread *thread, uint64_t address)
{
	return address - thread->stack_low < thread->stack_size;
}

static bool on_a_stack(const struct ct_step *step)
{
	const struct ct_process *process = step->thread->process;

	for (size_t i = 0; i < process->thread_count; i++)
		if (on_stack_of(process->threads[i], step->record->object))
			return true;
	return false;
}

/* A variable of the program or a library, which was there when it was initialised before. */
static bool is_static(const struct ct_model *model, const struct ct_step *step, uint64_t since)
{
	for (size_t i = 0; i < model->trace->module_count; i++) {
		const struct ct_trace_module *module = &model->trace->modules[i];

		if (module->process == step->thread->process->number && module->time <= since &&
		    (!module->unload || module->end_time > step->record->time) &&
		    step->record->object - module->start < module->end - module->start)
			return true;
	}
	return false;
}

static uint64_t site_key(const struct ct_thread *thread, uint32_t stack)
{
	return (uint64_t)thread->process->number << 32 | stack;
}

static enum ct_status note_site(struct double_init *state, const struct ct_step *step)
{
	uint64_t key = site_key(step->thread, step->record->stack), address;

	if (!ct_map_get(&state->sites, key, &address))
		address = step->record->object;
	return ct_map_put(&state->sites, key, address == step->record->object ? address : SEVERAL);
}

/* Whether objects are made there that may lie in a buffer of the program's, which an allocator
 * hands out piece by piece, and then once more. */
static bool makes_several(const struct double_init *state, const struct ct_thread *thread,
			  uint32_t stack)
{
	uint64_t address;

	return ct_map_get(&state->sites, site_key(thread, stack), &address) && address == SEVERAL;
}

/* What this one begins over; or itself: one that somebody holds lives on. */
static const struct ct_object *life_before(const struct ct_step *step)
{
	const struct ct_object *life = ct_past_life(step->object);

	if (step->object->time < step->record->time)
		return step->object;
	return life && life->kind == step->object->kind && ct_past_of(life)->overwritten ? life
											 : NULL;
}

/* Who had different kinds of objects there before uses it for one after the other. */
static bool is_reused(const struct ct_object *life)
{
	const struct ct_object *at = life;

	for (int i = 0; at && i < LIVES; i++, at = ct_past_life(at))
		if (at->kind != life->kind)
			return true;
	return false;
}

static bool is_new(struct double_init *state, const struct ct_step *step,
		   enum ct_status *out_status)
{
	uint64_t key = ct_map_mix(site_key(step->thread, step->record->stack));

	key = ct_map_mix(key ^ step->record->object);
	*out_status = CT_OK;
	if (ct_map_get(&state->seen, key, NULL))
		return false;
	*out_status = ct_map_put(&state->seen, key, 1);
	return true;
}

static const char *headline(struct ct_arena *arena, const struct ct_step *step,
			    const struct ct_user *user, const struct ct_thread *before)
{
	const struct ct_thread *who = user ? user->thread : before;

	return ct_arena_printf(
		arena, "%s initialises " CT_ITS_OBJECT "%s, which %s %s", step->thread->name,
		before ? " again" : "", who == step->thread ? "it" : who->name,
		user ? ct_user_verb(user, step->object->kind) : "initialised before");
}

static enum ct_status keep(struct double_init *state, const struct ct_model *model,
			   const struct ct_step *step, const struct ct_user *user,
			   struct ct_misuse *misuse)
{
	const struct ct_deed *before = &ct_past_of(life_before(step))->initialised;

	ct_misuse_place(misuse, step->thread, step->record->stack, step->record->time,
			"initialises it");
	if (user)
		ct_misuse_place(misuse, user->thread, user->stack, user->since, ct_user_deed(user));
	ct_misuse_place(misuse, before->thread, before->stack, before->time,
			"initialised it before");
	if (ct_misuses_has(state->misuses, misuse))
		return CT_OK;
	misuse->headline = headline(&state->misuses->arena, step, user, before->thread);
	if (!ct_whole_trace(model->trace)) {
		misuse->evidence = CT_POTENTIAL;
		misuse->assumes = "it is not destroyed in what is lost of the record";
	}
	return ct_misuses_add(state->misuses, misuse);
}

/* A process may begin anew what another one, which has ended, left in shared memory. */
static bool initialised_here(const struct ct_step *step, const struct ct_object *life)
{
	const struct ct_thread *before = ct_past_of(life)->initialised.thread;

	return before && before->process == step->thread->process;
}

static void judge(struct ct_misuse *misuse, const struct ct_step *step, const struct ct_user *user,
		  bool fixed)
{
	if (user)
		misuse->severity = CT_ERROR;
	if (user && user->thread->process != step->thread->process) {
		misuse->evidence = CT_POTENTIAL;
		misuse->assumes = "the other process lives";
	}
	if (!user && !fixed) {
		misuse->evidence = CT_POTENTIAL;
		misuse->assumes = "its memory was not given back, and handed out again, by an "
				  "allocator of the program's own";
	}
}

/* Who uses it himself may have forgotten that before the memory became another object. */
static enum ct_status initialised(struct double_init *state, const struct ct_model *model,
				  const struct ct_step *step, const struct ct_object *life)
{
	struct ct_misuse misuse = ct_misuse_of(&double_init, step->object);
	bool here = initialised_here(step, life), used, fixed;
	enum ct_status status;
	struct ct_user user;

	used = ct_user_of(model, life, step->thread, &user);
	if (!used && (on_stack_of(step->thread, step->record->object) ||
		      !(here || ct_user_of(model, life, NULL, &user))))
		return CT_OK;
	if (!is_new(state, step, &status) || status)
		return status;
	if (!used && (on_a_stack(step) || is_reused(life)))
		return CT_OK;
	fixed = is_static(model, step, life->time) &&
		!makes_several(state, step->thread, step->record->stack);
	if (!used && fixed)
		used = ct_user_of(model, life, NULL, &user);
	if (!used && !here)
		return CT_OK;
	judge(&misuse, step, used ? &user : NULL, fixed);
	return keep(state, model, step, used ? &user : NULL, &misuse);
}

static enum ct_status step_seen(void *data, const struct ct_model *model,
				const struct ct_step *step)
{
	struct double_init *state = data;
	const struct ct_object *life;
	enum ct_status status;

	if (step->effect != CT_EFFECT_INIT || !step->object)
		return CT_OK;
	status = note_site(state, step);
	life = life_before(step);
	return status || !life ? status : initialised(state, model, step, life);
}

static void end(void *data)
{
	struct double_init *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	ct_map_fini(&state->seen);
	ct_map_fini(&state->sites);
	free(state);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct double_init *state = calloc(1, sizeof(*state));
	void *misuses;
	enum ct_status status;

	(void)model;
	if (!state)
		return CT_ENOMEM;
	ct_map_init(&state->seen);
	ct_map_init(&state->sites);
	status = ct_misuses_new(&misuses);
	if (status) {
		end(state);
		return status;
	}
	state->misuses = misuses;
	*out_state = state;
	return CT_OK;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct double_init *state = data;

	return ct_misuses_tell(state->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&double_init, NULL};

static const int wants[] = {CT_EFFECT_INIT, CT_WANTS_END};

const struct ct_detector ct_detect_double_init = {
	.name = "double_init",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step_seen,
	.finish = finish,
	.end = end,
};
