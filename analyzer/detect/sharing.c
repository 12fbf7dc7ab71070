#include "detect/sharing.h"

#include <stdlib.h>

#include "base/vec.h"

void ct_sharings_fini(struct ct_sharings *sharings)
{
	free(sharings->items);
	free(sharings->copies);
	free(sharings->lives);
	ct_map_fini(&sharings->index);
	ct_map_fini(&sharings->copy_index);
	ct_map_fini(&sharings->life_index);
}

enum ct_status ct_sharings_init(struct ct_sharings *sharings, const struct ct_trace *trace)
{
	enum ct_status status = CT_OK;

	*sharings = (struct ct_sharings){.items = NULL};
	ct_map_init(&sharings->index);
	ct_map_init(&sharings->copy_index);
	ct_map_init(&sharings->life_index);
	sharings->lives = calloc(trace->process_count + 1, sizeof(*sharings->lives));
	if (!sharings->lives)
		return CT_ENOMEM;
	for (size_t i = 0; !status && i < trace->process_count; i++) {
		sharings->lives[i].birth = trace->processes[i].time;
		status = ct_map_put(&sharings->life_index, trace->processes[i].number, i);
	}
	return status;
}

static struct ct_life *life_of(const struct ct_sharings *sharings, const struct ct_process *process)
{
	uint64_t index;

	return ct_map_get(&sharings->life_index, process->number, &index) ? &sharings->lives[index]
									  : NULL;
}

/* Spin locks reach from process to process however they were initialised. */
static bool is_of_kind(const struct ct_object *object)
{
	return object->kind == CT_OBJECT_MUTEX || object->kind == CT_OBJECT_RWLOCK ||
	       object->kind == CT_OBJECT_COND || object->kind == CT_OBJECT_BARRIER ||
	       object->kind == CT_OBJECT_SEM;
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
static bool was_copied(const struct ct_sharings *sharings, const struct ct_object *root,
		       const struct ct_object *copy)
{
	const struct ct_past *past = ct_past_of(root);
	const struct ct_life *life = life_of(sharings, copy->process);

	if (!life || past->initialised.time >= life->birth)
		return false;
	if (past->destroyed.thread)
		return past->destroyed.time > life->birth;
	return !ct_past_ended(root); /* of memory that ended it is not known when */
}

/* The thing that the object is, or is a copy of, if that may not work between processes. */
static const struct ct_object *subject_of(const struct ct_sharings *sharings,
					  const struct ct_object *object)
{
	const struct ct_object *root;

	if (!is_of_kind(object))
		return NULL;
	if (!object->process)
		return ct_is_meant_shared(object) ? NULL : object;
	if (!ct_is_meant_shared(object) && object->kind != CT_OBJECT_SEM)
		return NULL;
	root = root_of(object);
	if (!root->process || !ct_past_of(root)->initialised.thread)
		return NULL;
	return root == object || was_copied(sharings, root, object) ? root : NULL;
}

static unsigned roles_of(const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_SEM_POST:
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
		return CT_GIVES;
	case CT_EFFECT_SEM_WAIT:
	case CT_EFFECT_WAIT:
		return CT_TAKES;
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
	case CT_EFFECT_RELEASE:
	case CT_EFFECT_BARRIER:
		return CT_GIVES | CT_TAKES;
	default:
		return 0;
	}
}

static enum ct_status sharing_of(struct ct_sharings *sharings, const struct ct_object *root,
				 struct ct_sharing **out_sharing)
{
	enum ct_status status = CT_OK;
	uint64_t index;

	if (!ct_map_get(&sharings->index, root->id, &index)) {
		index = sharings->count;
		status = ct_vec_grow(&sharings->items, &sharings->cap, sharings->count + 1,
				     sizeof(*sharings->items));
		if (status == CT_OK)
			status = ct_map_put(&sharings->index, root->id, index);
		if (status)
			return status;
		sharings->items[sharings->count++] = (struct ct_sharing){.root = root};
	}
	*out_sharing = &sharings->items[index];
	return CT_OK;
}

static enum ct_status note_copy(struct ct_sharings *sharings, const struct ct_step *step)
{
	const struct ct_life *life = life_of(sharings, step->thread->process);
	uint64_t children = life ? life->children : 0, index;
	enum ct_status status;
	struct ct_copy *copy;

	if (!ct_map_get(&sharings->copy_index, step->object->id, &index)) {
		index = sharings->copy_count;
		status = ct_vec_grow(&sharings->copies, &sharings->copy_cap,
				     sharings->copy_count + 1, sizeof(*sharings->copies));
		if (status == CT_OK)
			status = ct_map_put(&sharings->copy_index, step->object->id, index);
		if (status)
			return status;
		sharings->copies[sharings->copy_count++] =
			(struct ct_copy){.thread = step->thread, .children = children};
	}
	copy = &sharings->copies[index];
	if (copy->children != children)
		copy->roles = 0;
	copy->children = children;
	copy->several |= copy->thread != step->thread;
	copy->roles |= roles_of(step);
	return CT_OK;
}

/* Whether the other process used it while that of `now` was there. */
static bool is_at_a_time(const struct ct_sharings *sharings, const struct ct_use *other,
			 const struct ct_use *now)
{
	const struct ct_process *process = other->object ? other->deed.thread->process : NULL;
	const struct ct_life *mine = life_of(sharings, now->deed.thread->process), *its;

	if (!process || process == now->deed.thread->process || !mine)
		return false;
	its = life_of(sharings, process);
	return its && other->deed.time > mine->birth && now->deed.time > its->birth;
}

/* What one process left in shared memory the next one may use when it is over. But what it posts to
 * its own copy of a semaphore comes to nobody. */
static void note_two(const struct ct_sharings *sharings, struct ct_sharing *sharing,
		     const struct ct_use *now)
{
	const struct ct_use *last = &sharing->last;
	bool over;

	if ((sharing->first.object && !sharing->in_turn) || !is_at_a_time(sharings, last, now))
		return;
	over = life_of(sharings, last->deed.thread->process)->reaped;
	if (over && (sharing->first.object || !sharing->root->process ||
		     sharing->root->kind != CT_OBJECT_SEM))
		return;
	sharing->first = *last;
	sharing->second = *now;
	sharing->in_turn = over;
}

/* A forked child gives back a lock that it did not take: its parent had it at the fork. */
static bool gives_back_inherited(const struct ct_sharings *sharings, const struct ct_step *step)
{
	const struct ct_life *life = life_of(sharings, step->thread->process);

	if (step->effect != CT_EFFECT_RELEASE || !life)
		return false;
	for (size_t i = 0; i < step->thread->held_count; i++)
		if (step->thread->held[i].object == step->object)
			return step->thread->held[i].since < life->birth;
	return true;
}

static enum ct_status note_use(struct ct_sharings *sharings, const struct ct_step *step)
{
	const struct ct_object *root = subject_of(sharings, step->object);
	struct ct_use use = {step->object, ct_deed_of(step)};
	struct ct_sharing *sharing = NULL;
	enum ct_status status;

	if (!root)
		return CT_OK;
	status = sharing_of(sharings, root, &sharing);
	if (status == CT_OK && root->process)
		status = note_copy(sharings, step);
	if (status)
		return status;
	sharing->handled |= step->object != root && gives_back_inherited(sharings, step);
	note_two(sharings, sharing, &use);
	/* of an unlock little is known but its time */
	if (step->effect == CT_EFFECT_RELEASE && sharing->last.object == use.object &&
	    sharing->last.deed.thread == step->thread)
		sharing->last.deed.time = use.deed.time;
	else
		sharing->last = use;
	return CT_OK;
}

/* The record of a child begins at its first event, which may be long after its fork. */
static void note_fork(const struct ct_sharings *sharings, const struct ct_step *step)
{
	struct ct_life *parent = life_of(sharings, step->thread->process), *child;

	if (parent && step->request)
		parent->children++;
	if (step->request || !step->other)
		return;
	child = life_of(sharings, step->other->process);
	if (!child)
		return;
	child->fork = ct_deed_of(step);
	if (child->birth > step->record->time)
		child->birth = step->record->time;
}

static void note_init(struct ct_sharings *sharings, const struct ct_object *object)
{
	if (object && object->process && is_of_kind(object) && ct_is_meant_shared(object))
		sharings->copied_into[object->kind] = true;
}

enum ct_status ct_sharings_step(struct ct_sharings *sharings, const struct ct_model *model,
				const struct ct_step *step)
{
	struct ct_life *life;

	if (model->process_count < 2)
		return CT_OK;
	switch (step->effect) {
	case CT_EFFECT_FORK:
		note_fork(sharings, step);
		return CT_OK;
	case CT_EFFECT_PROCESS_WAIT:
		life = step->other ? life_of(sharings, step->other->process) : NULL;
		if (life && !step->request)
			life->reaped = true;
		return CT_OK;
	case CT_EFFECT_INIT:
		note_init(sharings, step->object);
		return CT_OK;
	default:
		return step->object && roles_of(step) ? note_use(sharings, step) : CT_OK;
	}
}

const struct ct_copy *ct_copy_of(const struct ct_sharings *sharings, const struct ct_use *use)
{
	uint64_t index;

	return ct_map_get(&sharings->copy_index, use->object->id, &index) ? &sharings->copies[index]
									  : NULL;
}

const struct ct_life *ct_life_of(const struct ct_sharings *sharings,
				 const struct ct_process *process)
{
	return life_of(sharings, process);
}
