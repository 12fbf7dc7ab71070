/*
 * A thing of several processes that does not reach from one to the other: it lies in memory that
 * they share but was initialised for one process only, so that the kernel looks for its waiters in
 * the caller's process; or it was initialised to be shared but lies in private memory, so that each
 * process has a copy of its own since the fork.
 *
 * Two processes use it if neither is over before the other one begins. Of copies that is not
 * enough, as a forked child may well go on with its own: each copy must be of no use within its
 * process. One thread uses it, or one process only gives and the other one only takes.
 */
#include <stdlib.h>

#include "detect/causes.h"
#include "detect/detector.h"
#include "detect/misuse.h"
#include "detect/sharing.h"
#include "detect/whole.h"

const struct ct_rule ct_not_process_shared = {
	.id = "not-process-shared",
	.title = "processes use a thing that does not work between them",
	.help = "Put it into memory that the processes share (mmap with MAP_SHARED before the "
		"fork, or shm_open) and initialise it there once, with PTHREAD_PROCESS_SHARED "
		"(sem_init: pshared 1).",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
	.hang = CT_HANG_WHOLE,
};

struct state {
	struct ct_misuses *misuses;
	struct ct_sharings sharings;
};

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	ct_sharings_fini(&state->sharings);
	free(state);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct state *state = calloc(1, sizeof(*state));
	void *misuses = NULL;
	enum ct_status status = state ? ct_misuses_new(&misuses) : CT_ENOMEM;

	if (status) {
		free(state);
		return status;
	}
	state->misuses = misuses;
	status = ct_sharings_init(&state->sharings, model->trace);
	if (status)
		end(state);
	else
		*out_state = state;
	return status;
}

static enum ct_status step_on(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;

	return ct_sharings_step(&state->sharings, model, step);
}

/* Whether the only thread of its process waits there to the end. */
static bool is_left_alone(const struct ct_use *use)
{
	const struct ct_thread *thread = use->deed.thread;

	return thread->process->thread_count == 1 && thread->wait.object == use->object &&
	       !thread->wait.timed;
}

/* Whether both copies are of no use as they are used, each within its process. One that was not
 * meant to be shared may be left over of what threads did with it before the fork. */
static bool is_split(const struct state *state, const struct ct_sharing *sharing)
{
	const struct ct_copy *a = ct_copy_of(&state->sharings, &sharing->first),
			     *b = ct_copy_of(&state->sharings, &sharing->second);
	bool alone, split;

	if (!a || !b || sharing->handled)
		return false;
	alone = !a->several && !b->several;
	split = !(a->roles & b->roles);
	if (ct_is_meant_shared(sharing->root))
		return sharing->in_turn ? alone && split : alone || split;
	return alone && split &&
	       (is_left_alone(&sharing->first) || is_left_alone(&sharing->second));
}

/* Nobody initialised it by a call; so it has a static initialiser, or the bytes of one. */
static bool is_static(const struct state *state, const struct ct_model *model,
		      const struct ct_object *object)
{
	return object->kind != CT_OBJECT_SEM && object->kind != CT_OBJECT_BARRIER &&
	       !state->sharings.copied_into[object->kind] && !ct_past_life(object) &&
	       ct_whole_shared(model, object);
}

/* What is wrong with the two uses; NULL: nothing that is sure. */
static const char *fault_of(const struct state *state, const struct ct_model *model,
			    const struct ct_sharing *sharing)
{
	if (!sharing->first.object)
		return NULL;
	if (sharing->root->process)
		return is_split(state, sharing) ? "each use a copy of " CT_ITS_OBJECT
						  " of their own, as it lies in "
						  "private memory: neither reaches the other"
						: NULL;
	if (ct_past_of(sharing->root)->initialised.thread)
		return "use " CT_ITS_OBJECT ", which lies in shared memory, but was initialised "
		       "for the threads of one process";
	return is_static(state, model, sharing->root)
		       ? "use " CT_ITS_OBJECT ", which lies in shared memory, but has a static "
			 "initialiser, for the threads of one process"
		       : NULL;
}

static void add_deed(struct ct_misuse *misuse, const struct ct_deed *deed, const char *text)
{
	ct_misuse_place(misuse, deed->thread, deed->stack, deed->time, text);
}

static enum ct_status tell(struct state *state, const struct ct_model *model,
			   const struct ct_sharing *sharing)
{
	const char *fault = fault_of(state, model, sharing);
	const struct ct_deed *first = &sharing->first.deed, *second = &sharing->second.deed;
	bool private = sharing->root->process;
	struct ct_misuse misuse;
	const struct ct_life *life;

	if (!fault)
		return CT_OK;
	misuse = ct_misuse_of(&ct_not_process_shared, sharing->root);
	misuse.headline = ct_arena_printf(&state->misuses->arena, "%s and %s %s",
					  first->thread->name, second->thread->name, fault);
	add_deed(&misuse, second, private ? "uses its copy" : "uses it");
	add_deed(&misuse, first, private ? "uses its copy" : "uses it");
	add_deed(&misuse, &ct_past_of(sharing->root)->initialised, "initialised it");
	life = ct_life_of(&state->sharings, private && sharing->second.object == sharing->root
						    ? first->thread->process
						    : second->thread->process);
	if (private && life)
		add_deed(&misuse, &life->fork, "forked");
	return ct_misuses_add(state->misuses, &misuse);
}

/* What hangs for it is told by the detector of threads that are stuck. */
static bool is_told(const struct ct_findings *findings, const struct ct_object *object)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct ct_finding *finding = findings->items[i];

		if (finding->rule == &ct_not_process_shared && finding->object == object)
			return true;
	}
	return false;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < state->sharings.count; i++)
		if (!is_told(findings, state->sharings.items[i].root))
			status = tell(state, model, &state->sharings.items[i]);
	return status ? status : ct_misuses_tell(state->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&ct_not_process_shared, NULL};

static const int wants[] = {
	CT_EFFECT_INIT,	    CT_EFFECT_ACQUIRE, CT_EFFECT_ACQUIRE_SHARED, CT_EFFECT_RELEASE,
	CT_EFFECT_WAIT,	    CT_EFFECT_SIGNAL,  CT_EFFECT_BROADCAST,	 CT_EFFECT_SEM_WAIT,
	CT_EFFECT_SEM_POST, CT_EFFECT_BARRIER, CT_EFFECT_FORK,		 CT_EFFECT_PROCESS_WAIT,
	CT_WANTS_END,
};

const struct ct_detector ct_detect_process_shared = {
	.name = "process_shared",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step_on,
	.finish = finish,
	.end = end,
};
