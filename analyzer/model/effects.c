#include "model/effects.h"

#include <stdlib.h>
#include <string.h>

#include "model/filelocks.h"
#include "model/held.h"
#include "model/holders.h"
#include "model/helpers.h"
#include "model/lists.h"
#include "model/objects.h"
#include "model/processes.h"
#include "model/resolve.h"
#include "model/rounds.h"
#include "model/threads.h"
#include "model/transfer.h"
#include "model/waits.h"

static enum ct_status acquire(struct ct_model *model, const struct ct_step *step)
{
	struct ct_held_lock lock = {
		.object = step->object,
		.mode = step->effect == CT_EFFECT_ACQUIRE_SHARED ? CT_MODE_SHARED
								 : CT_MODE_EXCLUSIVE,
		.depth = 1,
		.stack = step->record->stack,
		.since = step->record->time,
	};

	if (!lock.object)
		return CT_OK;
	ct_held_expel(model, step->thread, ct_object_state(step->object), lock.mode);
	return ct_held_acquire(step->thread, &lock);
}

/* A condition wait begins, and gives its mutex back; of one that is recursive once only. */
static void give_mutex(const struct ct_step *step)
{
	struct ct_thread_state *thread = ct_thread_state(step->thread);
	struct ct_held_lock *held = ct_held_find(step->thread, step->mutex);

	thread->waited = held ? *held : (struct ct_held_lock){0};
	if (held && held->depth > 1 && ct_is_recursive(step->mutex)) {
		thread->waited.depth = 1;
		held->depth--;
	} else {
		ct_held_drop(step->thread, ct_object_state(step->mutex));
	}
}

/* Whether the thread still held `mutex`, that it gave back once, all the time. */
static bool kept(const struct ct_thread_state *thread, const struct ct_object *mutex)
{
	return thread->waited.object == mutex && ct_is_recursive(mutex);
}

/* A condition wait: gives the mutex back at its request, has it again at its completion. */
static enum ct_status wait_for_condition(struct ct_model *model, const struct ct_step *step)
{
	struct ct_thread_state *thread = ct_thread_state(step->thread);
	struct ct_held_lock lock;

	if (!step->mutex)
		return CT_OK;
	if (step->request) {
		give_mutex(step);
		return CT_OK;
	}
	lock = (struct ct_held_lock){
		.object = step->mutex,
		.mode = CT_MODE_EXCLUSIVE,
		.depth = thread->waited.object == step->mutex ? thread->waited.depth : 1,
		.stack = step->record->stack,
		.since = step->record->time,
	};
	/* it was given back and taken without a request, or a packet said so */
	if (!kept(thread, step->mutex))
		ct_held_drop(step->thread, ct_object_state(step->mutex));
	thread->waited.object = NULL;
	ct_held_expel(model, step->thread, ct_object_state(step->mutex), lock.mode);
	return ct_held_acquire(step->thread, &lock);
}

/* A condition wait was refused: it has its mutex still. */
static enum ct_status keep_mutex(struct ct_model *model, struct ct_thread_state *state)
{
	const struct ct_held_lock mutex = state->waited;
	struct ct_thread *thread = &state->thread;

	state->waited.object = NULL;
	if (!mutex.object || (ct_held_find(thread, mutex.object) && !ct_is_recursive(mutex.object)))
		return CT_OK;
	ct_held_expel(model, thread, ct_object_state(mutex.object), CT_MODE_EXCLUSIVE);
	return ct_held_acquire(thread, &mutex);
}

/* The call that a request, or a record made before the call, spoke of did nothing. */
static enum ct_status fail(struct ct_model *model, const struct ct_step *step)
{
	struct ct_thread_state *thread = ct_thread_state(step->thread);
	uint16_t call = ct_failed_call(step->record);
	const struct ct_event_info *info = ct_event_info(call);
	struct ct_thread *created;

	if (call == CT_EV_FD_CLOSE)
		return ct_descriptors_apply(step);
	switch (info ? info->effect : CT_EFFECT_NOTE) {
	case CT_EFFECT_WAIT:
		return keep_mutex(model, thread);
	case CT_EFFECT_RELEASE:
		return ct_held_take_back(model, step->thread, step->object);
	case CT_EFFECT_DESTROY:
		return step->object ? ct_object_revive(ct_object_state(step->object)) : CT_OK;
	case CT_EFFECT_THREAD_CREATE:
		created = ct_thread_numbered(step->thread->process, step->record->object);
		if (created && !created->started)
			ct_thread_state(created)->created = false;
		return CT_OK;
	case CT_EFFECT_THREAD_DETACH:
		ct_thread_detach_failed(step);
		return CT_OK;
	case CT_EFFECT_FORK:
	case CT_EFFECT_SYSTEM:
		thread->forking = false;
		return CT_OK;
	case CT_EFFECT_EXEC:
		ct_process_state(step->thread->process)->exec_pending = false;
		return CT_OK;
	default:
		return CT_OK;
	}
}

/* What an acquisition by `event` takes; false if it takes no lock. */
static bool lock_taken_by(uint16_t event, enum ct_object_kind *out_kind, enum ct_mode *out_mode)
{
	const struct ct_event_info *info = ct_event_info(event);

	*out_mode = CT_MODE_EXCLUSIVE;
	*out_kind = CT_OBJECT_MUTEX;
	if (!info || info->effect == CT_EFFECT_WAIT) /* a condition wait took its mutex again */
		return info != NULL;
	if (info->effect == CT_EFFECT_ACQUIRE_SHARED)
		*out_mode = CT_MODE_SHARED;
	return ct_event_object_kind(event, out_kind) && *out_kind <= CT_OBJECT_USER_LOCK;
}

/* One entry of a HELD_SET; *out_lock has no object if it makes no sense. */
static enum ct_status read_held(struct ct_model *model, const struct ct_step *step, const char *at,
				struct ct_held_lock *out_lock)
{
	const struct ct_process_state *process = ct_process_state(step->thread->process);
	struct ct_object_state *object = NULL;
	enum ct_object_kind kind;
	enum ct_status status;
	struct ct_held held;
	enum ct_mode mode;

	memcpy(&held, at, sizeof(held));
	if (!lock_taken_by(held.event, &kind, &mode))
		return CT_OK;
	status =
		ct_objects_use(model, step->thread, held.object, kind, step->record->time, &object);
	if (status || !object)
		return status;
	/* what is shared and was taken before the process began is its parent's still */
	if (!object->object.process && held.since < process->trace->time)
		return CT_OK;
	*out_lock = (struct ct_held_lock){
		.object = &object->object,
		.mode = mode,
		.depth = held.depth ? held.depth : 1,
		.stack = held.stack,
		.since = held.since,
	};
	return CT_OK;
}

/* Whether the thread's own records may not tell what it holds. A HELD_SET knows nothing of locks
 * that another thread gave back, so it counts only then. */
static bool needs_held_set(const struct ct_model *model, const struct ct_thread_state *thread)
{
	return !thread->seen || thread->trace->discarded || thread->trace->skipped ||
	       model->trace->problem_count;
}

static enum ct_status restore_held(struct ct_model *model, const struct ct_step *step)
{
	const struct ct_record *record = step->record;
	const char *at = record->payload;
	enum ct_status status = CT_OK;
	struct ct_held_lock *locks;
	size_t filled = 0;
	uint16_t count;

	if (record->flags & CT_RECORD_GAP)
		ct_wait_gap(step->thread);
	if (!needs_held_set(model, ct_thread_state(step->thread)) ||
	    record->payload_size < sizeof(count))
		return CT_OK;
	memcpy(&count, at, sizeof(count));
	at += sizeof(count);
	if (count > (record->payload_size - sizeof(count)) / sizeof(struct ct_held))
		return CT_OK;
	locks = calloc((size_t)count + 1, sizeof(*locks));
	if (!locks)
		return CT_ENOMEM;
	for (uint16_t i = 0; !status && i < count; i++) {
		status = read_held(model, step, at + i * sizeof(struct ct_held), &locks[filled]);
		filled += locks[filled].object != NULL;
	}
	if (status == CT_OK)
		status = ct_held_restore(model, step->thread, locks, filled);
	free(locks);
	return status;
}

static enum ct_status once(const struct ct_step *step)
{
	struct ct_object_state *object = ct_object_state(step->object);

	/* the first to come runs the initialisation: it may ask for other things meanwhile */
	if (object && !object->once_runner) {
		object->once_runner = step->thread->id + 1;
		object->once_hold = (struct ct_held_lock){
			.object = step->object,
			.mode = CT_MODE_EXCLUSIVE,
			.depth = 1,
			.stack = step->record->stack,
			.since = step->record->time,
		};
	}
	return CT_OK;
}

/* If it comes again, from within the initialisation, it waits for itself. */
static bool runs_once(const struct ct_step *step)
{
	const struct ct_object_state *object = ct_object_state(step->object);

	return step->effect == CT_EFFECT_ONCE && object &&
	       object->once_runner == step->thread->id + 1 &&
	       object->once_hold.since == step->record->time;
}

static enum ct_status barrier(const struct ct_step *step)
{
	struct ct_object_state *object = ct_object_state(step->object);
	struct ct_thread_state *thread = ct_thread_state(step->thread);

	if (!object || !object->object.initialised)
		return CT_OK;
	if (!object->rounds) {
		enum ct_status status =
			ct_rounds_new((uint32_t)object->object.init_arg, &object->rounds);

		if (status)
			return status;
	}
	return step->request ? ct_rounds_arrive(object->rounds, thread)
			     : ct_rounds_leave(object->rounds, thread);
}

static void destroy(struct ct_model *model, const struct ct_step *step)
{
	struct ct_object_state *object = ct_object_state(step->object);

	if (!object || step->request)
		return;
	step->object->destroyed = true;
	ct_object_end(object, step->record->time);
	if (step->object->kind == CT_OBJECT_SYSV_SET) /* its semaphores are gone with it */
		ct_objects_end_range(&ct_model_state(model)->kernel, ct_sem_key(object->address, 0),
				     CT_SEM_ALL, step->record->time);
}

static enum ct_status apply_lock(struct ct_model *model, const struct ct_step *step)
{
	enum ct_status status;

	switch (step->effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		return step->request ? CT_OK : acquire(model, step);
	case CT_EFFECT_RELEASE:
		if (step->object)
			ct_held_release(model, step->thread, ct_object_state(step->object));
		return CT_OK;
	case CT_EFFECT_WAIT:
		status = wait_for_condition(model, step);
		return status ? status : ct_transfer_apply(model, step);
	case CT_EFFECT_DESTROY:
		destroy(model, step);
		return CT_OK;
	case CT_EFFECT_ONCE:
		return once(step);
	case CT_EFFECT_BARRIER:
		return barrier(step);
	case CT_EFFECT_FILE_LOCK:
		return ct_file_lock_apply(step);
	case CT_EFFECT_POLL_SET:
		return ct_poll_watch(model, step);
	default:
		return ct_transfer_apply(model, step);
	}
}

static enum ct_status apply_thread(struct ct_model *model, const struct ct_step *step)
{
	struct ct_process_state *process = ct_process_state(step->thread->process);

	switch (step->effect) {
	case CT_EFFECT_HELD_SET:
		return restore_held(model, step);
	case CT_EFFECT_FAILURE:
		return fail(model, step);
	case CT_EFFECT_MEMORY_FREED:
		ct_objects_end_range(&process->table, step->record->object, step->record->arg,
				     step->record->time);
		return CT_OK;
	case CT_EFFECT_THREAD_CREATE:
		return ct_thread_create(step);
	case CT_EFFECT_THREAD_START:
		return ct_thread_start(step);
	case CT_EFFECT_THREAD_EXIT:
		ct_wait_clear(step->thread);
		ct_thread_exit(step);
		return CT_OK;
	case CT_EFFECT_THREAD_JOIN:
		return step->request ? CT_OK : ct_thread_join(step);
	case CT_EFFECT_THREAD_DETACH:
		return ct_thread_detach(step);
	case CT_EFFECT_THREAD_CANCEL:
		if (step->other)
			ct_thread_state(step->other)->cancelled = true;
		return CT_OK;
	case CT_EFFECT_FORK:
	case CT_EFFECT_SYSTEM:
	case CT_EFFECT_PROCESS_WAIT:
	case CT_EFFECT_EXEC:
	case CT_EFFECT_PROCESS_EXIT:
	case CT_EFFECT_TIMER_ARM:
	case CT_EFFECT_HANDLER_ENTER:
	case CT_EFFECT_HANDLER_LEAVE:
	case CT_EFFECT_NOTE:
		return ct_process_apply(model, step);
	default:
		return apply_lock(model, step);
	}
}

enum ct_status ct_effect_apply(struct ct_model *model, const struct ct_step *step)
{
	uint16_t failed = ct_failed_call(step->record);
	enum ct_status status;

	if (!step->request)
		ct_wait_end(model, step, failed ? failed : step->record->event,
			    failed || step->record->flags & CT_F_TIMED_OUT);
	ct_past_note(step);
	status = ct_traffic_note(model, step);
	if (status == CT_OK)
		status = ct_note_help(model, step);
	if (status == CT_OK)
		status = apply_thread(model, step);
	ct_thread_state(step->thread)->seen = true;
	if (status || !step->request || runs_once(step))
		return status;
	return ct_wait_begin(model, step);
}
