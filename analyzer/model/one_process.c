#include "model/one_process.h"

#include "model/helpers.h"
#include "model/holders.h"
#include "model/kernel_view.h"
#include "model/past.h"
#include "model/state.h"

bool ct_is_meant_shared(const struct ct_object *object)
{
	bool high = object->kind == CT_OBJECT_BARRIER || object->kind == CT_OBJECT_SEM;

	return object->init_arg >> (high ? 32 : 8) & 1;
}

void ct_one_process_note(const struct ct_model *model, const struct ct_step *step)
{
	if (step->object && step->object->process && ct_is_meant_shared(step->object))
		ct_model_state(model)->shared_copied[step->object->kind] = true;
}

/* Nobody initialised it by a call; so it has a static initialiser, or is all zero, which is one. It
 * must be known that nobody did, and that it has not got the bytes of one that somebody did. */
static bool is_static(const struct ct_model *model, const struct ct_object *object)
{
	size_t threads;

	return object->kind != CT_OBJECT_SEM &&
	       !ct_model_state(model)->shared_copied[object->kind] && !ct_past_life(object) &&
	       ct_is_own_memory(model, object) && !model->trace->problem_count &&
	       !ct_trace_lost(model->trace, &threads);
}

/* Before it sleeps a thread sees what others have given, of whatever process. */
static bool sleeps(const struct ct_model *model, const struct ct_thread *thread)
{
	const struct ct_kernel_view *view = model->kernel_view;

	return view && view->outside.asked && ct_outside_wait_of(&view->outside, thread);
}

/* A child of vfork runs in its parent's memory. */
static bool have_one_memory(const struct ct_process *a, const struct ct_process *b)
{
	return a == b || ct_process_state(a)->borrows || ct_process_state(b)->borrows;
}

/* Who unlocks a robust mutex wakes other processes, too, however it was initialised: glibc. */
static bool is_of_kind(const struct ct_wait *wait)
{
	switch (wait->kind) {
	case CT_WAIT_COND:
		return wait->object->kind == CT_OBJECT_COND;
	case CT_WAIT_SEM:
		return wait->object->kind == CT_OBJECT_SEM && !wait->object->given_name;
	case CT_WAIT_LOCK:
		return wait->object->kind == CT_OBJECT_MUTEX && !ct_is_robust(wait->object);
	default:
		return false;
	}
}

bool ct_is_cut_off(const struct ct_model *model, const struct ct_thread *thread,
		   const struct ct_process *process)
{
	const struct ct_object *object = thread->wait.object;

	if (!object || object->process || have_one_memory(thread->process, process) ||
	    !is_of_kind(&thread->wait) || ct_is_meant_shared(object) || !sleeps(model, thread))
		return false;
	return ct_past_of(object)->initialised.thread || is_static(model, object);
}

static bool is_held(const struct ct_object *lock)
{
	return lock && ct_object_state(lock)->holder_count;
}

const struct ct_deed *ct_gift_in_vain(const struct ct_model *model, const struct ct_thread *thread)
{
	const struct ct_wait *wait = &thread->wait;
	const struct ct_deed *gift;

	if (!wait->object || wait->object->process || is_held(wait->object) || is_held(wait->mutex))
		return NULL;
	gift = wait->kind == CT_WAIT_LOCK ? &ct_past_of(wait->object)->released
					  : &ct_traffic_of(wait->object)->given;
	if (!gift->thread || gift->time <= wait->since ||
	    !ct_is_cut_off(model, thread, gift->thread->process))
		return NULL;
	return gift;
}
