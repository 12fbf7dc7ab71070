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

#include "base/vec.h"
#include "detect/detector.h"
#include "detect/misuse.h"
#include "detect/whole.h"
#include "model/past.h"

static const struct ct_rule not_process_shared = {
	.id = "not-process-shared",
	.title = "processes use a thing that does not work between them",
	.help = "Put it into memory that the processes share (mmap with MAP_SHARED before the "
		"fork, or shm_open) and initialise it there once, with PTHREAD_PROCESS_SHARED "
		"(sem_init: pshared 1).",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
};

enum { GIVES = 1, TAKES = 2 };

struct use {
	const struct ct_object *object; /* the user's own copy, or the shared one; NULL: no use */
	struct ct_deed deed;
};

/* One thing, with its copies. */
struct sharing {
	const struct ct_object *root;
	struct use last;	  /* by whatever process */
	struct use first, second; /* of two processes at a time */
	bool handled; /* a child gave back what its parent took: handlers of fork see to it */
};

/* What one process does with its copy. */
struct copy {
	const struct ct_thread *thread;
	bool several; /* threads use it */
	unsigned roles;
	uint64_t children; /* of its process at the last use; roles are those since then */
};

struct life {
	uint64_t birth, children; /* birth: it was there by then */
	bool reaped;
	struct ct_deed fork; /* that made it */
};

struct state {
	struct ct_misuses *misuses;
	struct sharing *sharings;
	struct copy *copies;
	struct life *lives;
	size_t sharing_count, sharing_cap, copy_count, copy_cap;
	struct ct_map sharing_of, copy_of; /* object id: index */
	struct ct_map life_of;		   /* process number: index */
	bool copied_into[CT_OBJECT_KINDS]; /* shared memory: a private one may have been */
};

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	ct_misuses_free(state->misuses);
	free(state->sharings);
	free(state->copies);
	free(state->lives);
	ct_map_fini(&state->sharing_of);
	ct_map_fini(&state->copy_of);
	ct_map_fini(&state->life_of);
	free(state);
}

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	const struct ct_trace *trace = model->trace;
	struct state *state = calloc(1, sizeof(*state));
	void *misuses = NULL;
	enum ct_status status = state ? ct_misuses_new(&misuses) : CT_ENOMEM;

	if (status) {
		free(state);
		return status;
	}
	state->misuses = misuses;
	state->lives = calloc(trace->process_count + 1, sizeof(*state->lives));
	status = state->lives ? CT_OK : CT_ENOMEM;
	for (size_t i = 0; !status && i < trace->process_count; i++) {
		state->lives[i].birth = trace->processes[i].time;
		status = ct_map_put(&state->life_of, trace->processes[i].number, i);
	}
	if (status)
		end(state);
	else
		*out_state = state;
	return status;
}

static struct life *life_of(const struct state *state, const struct ct_process *process)
{
	uint64_t index;

	return ct_map_get(&state->life_of, process->number, &index) ? &state->lives[index] : NULL;
}

/* Spin locks reach from process to process however they were initialised. */
static bool is_of_kind(const struct ct_object *object)
{
	return object->kind == CT_OBJECT_MUTEX || object->kind == CT_OBJECT_RWLOCK ||
	       object->kind == CT_OBJECT_COND || object->kind == CT_OBJECT_BARRIER ||
	       object->kind == CT_OBJECT_SEM;
}

/* Whether its initialiser was told that processes share it: docs/trace-format.md has the bits. */
static bool is_meant_shared(const struct ct_object *object)
{
	bool high = object->kind == CT_OBJECT_BARRIER || object->kind == CT_OBJECT_SEM;

	return object->init_arg >> (high ? 32 : 8) & 1;
}

/* What a forked child did not initialise anew is a copy of its parent's, and so on. */
static const struct ct_object *root_of(const struct ct_object *object)
{
	const struct ct_object *origin = ct_past_origin(object);

	while (origin && !ct_past_of(object)->initialised.thread) {
		object = origin;
		origin = ct_past_origin(object);
	}
	return object;
}

/* Whether the root was there, whole, when the process of its copy began. */
static bool was_copied(const struct state *state, const struct ct_object *root,
		       const struct ct_object *copy)
{
	const struct ct_past *past = ct_past_of(root);
	const struct life *life = life_of(state, copy->process);

	if (!life || past->initialised.time >= life->birth)
		return false;
	if (past->destroyed.thread)
		return past->destroyed.time > life->birth;
	return !ct_past_ended(root); /* of memory that ended it is not known when */
}

/* The thing that the object is, or is a copy of, if that may not work between processes. */
static const struct ct_object *subject_of(const struct state *state, const struct ct_object *object)
{
	const struct ct_object *root;

	if (!is_of_kind(object))
		return NULL;
	if (!object->process)
		return is_meant_shared(object) ? NULL : object;
	if (!is_meant_shared(object) && object->kind != CT_OBJECT_SEM)
		return NULL;
	root = root_of(object);
	if (!root->process || !ct_past_of(root)->initialised.thread)
		return NULL;
	return root == object || was_copied(state, root, object) ? root : NULL;
}

static unsigned roles_of(const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_SEM_POST:
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
		return GIVES;
	case CT_EFFECT_SEM_WAIT:
	case CT_EFFECT_WAIT:
		return TAKES;
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
	case CT_EFFECT_RELEASE:
	case CT_EFFECT_BARRIER:
		return GIVES | TAKES;
	default:
		return 0;
	}
}

static enum ct_status sharing_of(struct state *state, const struct ct_object *root,
				 struct sharing **out_sharing)
{
	enum ct_status status = CT_OK;
	uint64_t index;

	if (!ct_map_get(&state->sharing_of, root->id, &index)) {
		index = state->sharing_count;
		status = ct_vec_grow(&state->sharings, &state->sharing_cap,
				     state->sharing_count + 1, sizeof(*state->sharings));
		if (status == CT_OK)
			status = ct_map_put(&state->sharing_of, root->id, index);
		if (status)
			return status;
		state->sharings[state->sharing_count++] = (struct sharing){.root = root};
	}
	*out_sharing = &state->sharings[index];
	return CT_OK;
}

static enum ct_status note_copy(struct state *state, const struct ct_step *step)
{
	const struct life *life = life_of(state, step->thread->process);
	uint64_t children = life ? life->children : 0, index;
	enum ct_status status;
	struct copy *copy;

	if (!ct_map_get(&state->copy_of, step->object->id, &index)) {
		index = state->copy_count;
		status = ct_vec_grow(&state->copies, &state->copy_cap, state->copy_count + 1,
				     sizeof(*state->copies));
		if (status == CT_OK)
			status = ct_map_put(&state->copy_of, step->object->id, index);
		if (status)
			return status;
		state->copies[state->copy_count++] =
			(struct copy){.thread = step->thread, .children = children};
	}
	copy = &state->copies[index];
	if (copy->children != children)
		copy->roles = 0;
	copy->children = children;
	copy->several |= copy->thread != step->thread;
	copy->roles |= roles_of(step);
	return CT_OK;
}

/* Whether the other process used it while that of `now` was there, and is not known to be over. */
static bool is_at_a_time(const struct state *state, const struct use *other, const struct use *now)
{
	const struct ct_process *process = other->object ? other->deed.thread->process : NULL;
	const struct life *mine = life_of(state, now->deed.thread->process), *its;

	if (!process || process == now->deed.thread->process || !mine)
		return false;
	its = life_of(state, process);
	return its && !its->reaped && other->deed.time > mine->birth && now->deed.time > its->birth;
}

/* A forked child gives back a lock that it did not take: its parent had it at the fork. */
static bool gives_back_inherited(const struct state *state, const struct ct_step *step)
{
	const struct life *life = life_of(state, step->thread->process);

	if (step->effect != CT_EFFECT_RELEASE || !life)
		return false;
	for (size_t i = 0; i < step->thread->held_count; i++)
		if (step->thread->held[i].object == step->object)
			return step->thread->held[i].since < life->birth;
	return true;
}

static enum ct_status note_use(struct state *state, const struct ct_step *step)
{
	const struct ct_object *root = subject_of(state, step->object);
	struct use use = {step->object, {step->thread, step->record->stack, step->record->time}};
	struct sharing *sharing = NULL;
	enum ct_status status;

	if (!root)
		return CT_OK;
	status = sharing_of(state, root, &sharing);
	if (status == CT_OK && root->process)
		status = note_copy(state, step);
	if (status)
		return status;
	sharing->handled |= step->object != root && gives_back_inherited(state, step);
	if (!sharing->first.object && is_at_a_time(state, &sharing->last, &use)) {
		sharing->first = sharing->last;
		sharing->second = use;
	}
	/* of an unlock little is known but its time */
	if (step->effect == CT_EFFECT_RELEASE && sharing->last.object == use.object &&
	    sharing->last.deed.thread == step->thread)
		sharing->last.deed.time = use.deed.time;
	else
		sharing->last = use;
	return CT_OK;
}

/* The record of a child begins at its first event, which may be long after its fork. */
static void note_fork(const struct state *state, const struct ct_step *step)
{
	struct life *parent = life_of(state, step->thread->process), *child;

	if (parent && step->request)
		parent->children++;
	if (step->request || !step->other)
		return;
	child = life_of(state, step->other->process);
	if (!child)
		return;
	child->fork = (struct ct_deed){step->thread, step->record->stack, step->record->time};
	if (child->birth > step->record->time)
		child->birth = step->record->time;
}

static void note_init(struct state *state, const struct ct_object *object)
{
	if (object && object->process && is_of_kind(object) && is_meant_shared(object))
		state->copied_into[object->kind] = true;
}

static enum ct_status step_on(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;
	struct life *life;

	if (model->process_count < 2)
		return CT_OK;
	switch (step->effect) {
	case CT_EFFECT_FORK:
		note_fork(state, step);
		return CT_OK;
	case CT_EFFECT_PROCESS_WAIT:
		life = step->other ? life_of(state, step->other->process) : NULL;
		if (life && !step->request)
			life->reaped = true;
		return CT_OK;
	case CT_EFFECT_INIT:
		note_init(state, step->object);
		return CT_OK;
	default:
		return step->object && roles_of(step) ? note_use(state, step) : CT_OK;
	}
}

static const struct copy *copy_of(const struct state *state, const struct use *use)
{
	uint64_t index;

	return ct_map_get(&state->copy_of, use->object->id, &index) ? &state->copies[index] : NULL;
}

/* Whether the only thread of its process waits there to the end. */
static bool is_left_alone(const struct use *use)
{
	const struct ct_thread *thread = use->deed.thread;

	return thread->process->thread_count == 1 && thread->wait.object == use->object &&
	       !thread->wait.timed;
}

/* Whether both copies are of no use as they are used, each within its process. One that was not
 * meant to be shared may be left over of what threads did with it before the fork. */
static bool is_split(const struct state *state, const struct sharing *sharing)
{
	const struct copy *a = copy_of(state, &sharing->first),
			  *b = copy_of(state, &sharing->second);

	if (!a || !b || sharing->handled)
		return false;
	if (is_meant_shared(sharing->root))
		return (!a->several && !b->several) || !(a->roles & b->roles);
	return !a->several && !b->several && !(a->roles & b->roles) &&
	       (is_left_alone(&sharing->first) || is_left_alone(&sharing->second));
}

/* Nobody initialised it by a call; so it has a static initialiser, or the bytes of one. */
static bool is_static(const struct state *state, const struct ct_model *model,
		      const struct ct_object *object)
{
	return object->kind != CT_OBJECT_SEM && object->kind != CT_OBJECT_BARRIER &&
	       !state->copied_into[object->kind] && !ct_past_life(object) &&
	       ct_whole_shared(model, object);
}

/* What is wrong with the two uses; NULL: nothing that is sure. */
static const char *fault_of(const struct state *state, const struct ct_model *model,
			    const struct sharing *sharing)
{
	if (!sharing->first.object)
		return NULL;
	if (sharing->root->process)
		return is_split(state, sharing) && !sharing->handled
			       ? "each use their own copy of " CT_ITS_OBJECT
				 ", which is meant to be shared, but lies in private memory"
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
			   const struct sharing *sharing)
{
	const char *fault = fault_of(state, model, sharing);
	const struct ct_deed *first = &sharing->first.deed, *second = &sharing->second.deed;
	bool private = sharing->root->process;
	struct ct_misuse misuse;
	const struct life *life;

	if (!fault)
		return CT_OK;
	misuse = ct_misuse_of(&not_process_shared, sharing->root);
	misuse.headline = ct_arena_printf(&state->misuses->arena, "%s and %s %s",
					  first->thread->name, second->thread->name, fault);
	add_deed(&misuse, second, private ? "uses its copy" : "uses it");
	add_deed(&misuse, first, private ? "uses its copy" : "uses it");
	add_deed(&misuse, &ct_past_of(sharing->root)->initialised, "initialised it");
	life = life_of(state, private && sharing->second.object == sharing->root
				      ? first->thread->process
				      : second->thread->process);
	if (private && life)
		add_deed(&misuse, &life->fork, "forked");
	return ct_misuses_add(state->misuses, &misuse);
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct state *state = data;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < state->sharing_count; i++)
		status = tell(state, model, &state->sharings[i]);
	return status ? status : ct_misuses_tell(state->misuses, model, findings);
}

static const struct ct_rule *const rules[] = {&not_process_shared, NULL};

const struct ct_detector ct_detect_process_shared = {
	.name = "process_shared",
	.rules = rules,
	.begin = begin,
	.step = step_on,
	.finish = finish,
	.end = end,
};
