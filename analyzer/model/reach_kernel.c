/*
 * What must come before what, where threads and processes meet in the kernel: pipes, sockets,
 * counters, queues, semaphores, file locks, signals, timers, futexes.
 *
 * Who takes comes after all that was given before, not only after what it took, and after all who
 * took before, as it would get what they got. Who needed room comes after all that was taken
 * before; as it comes so after what was given before that, its place in a pipe is the recorded one.
 * That keeps more of the recorded order than is needed: it shows less than could be shown, but
 * nothing false.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "model/descriptors.h"
#include "model/filelocks.h"
#include "model/given.h"
#include "model/lists.h"
#include "model/reach_private.h"
#include "model/state.h"

enum { ROOM = 4096 }; /* bytes that every pipe has room for, if no text trace says else */

/* The object that is written to when something can be read from this one. */
static const struct ct_object *giver_of(const struct ct_object *object)
{
	const struct ct_object_state *peer = ct_object_state(object)->peer;

	return peer ? &peer->object : object;
}

/* Whether all that can be had from the object was given to its giver by calls that are recorded. */
static bool is_private(const struct ct_reach *reach, const struct ct_object *object)
{
	const struct ct_object_state *state = ct_object_state(object);

	switch (object->kind) {
	case CT_OBJECT_PIPE:
		return state->one_way || reach->model->trace->text;
	case CT_OBJECT_SOCKET:
		return state->peer;
	case CT_OBJECT_EVENTFD:
	case CT_OBJECT_SYSV_SET:
	case CT_OBJECT_SYSV_SEM:
	case CT_OBJECT_SYSV_MSG:
	case CT_OBJECT_MQ:
	case CT_OBJECT_FILE:
		return true;
	default:
		return false;
	}
}

/* Sockets count by datagrams, or by what a write takes up in the kernel: they are never sure to
 * have room. */
static uint64_t room_of(const struct ct_reach *reach, const struct ct_object *object)
{
	uint64_t room;

	if (object->kind == CT_OBJECT_SOCKET)
		return 0;
	return ct_given_value(reach->model, object->address, &room) ? room : ROOM;
}

/* A write needs no reader as long as all that was ever written has room. Of queues it is not known
 * how much they hold: each completion says that it may have waited. */
static bool needs_room(const struct ct_reach *reach, struct ct_reach_source *source,
		       const struct ct_step *step)
{
	if (step->effect == CT_EFFECT_COUNTER_ADD)
		return false;
	if (step->effect != CT_EFFECT_WRITE)
		return step->record->flags & CT_F_BLOCKED;
	if (step->request)
		return false;
	if (!source->written)
		source->room = room_of(reach, step->object);
	if (step->record->arg <= UINT64_MAX - source->written)
		source->written += step->record->arg;
	return source->written > source->room;
}

static enum ct_status follow_takers(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_reach_source *source;
	enum ct_status status;

	if (!is_private(reach, step->object))
		return ct_reach_follow(reach, step->thread->id, &reach->taken);
	status = ct_reach_source(reach, giver_of(step->object), &source);
	return status ? status : ct_reach_follow(reach, step->thread->id, &source->readers);
}

/* Without an object it is not known what the deed has to do with what. */
static enum ct_status put(struct ct_reach *reach, const struct ct_step *step)
{
	const struct ct_reach_stamp *own = &reach->threads[step->thread->id].now;
	enum ct_status status = CT_OK;
	struct ct_reach_source *source;

	if (step->object) {
		status = ct_reach_source(reach, step->object, &source);
		if (!status && needs_room(reach, source, step))
			status = follow_takers(reach, step);
		if (!status) /* the array of sources may have moved */
			status = ct_reach_source(reach, step->object, &source);
		if (!status)
			status = ct_stamp_join(&source->writer, own);
	}
	return status ? status : ct_stamp_join(&reach->given, own);
}

/* Whoever of several is woken, or handles a signal, gets the same. */
static bool gets_in_turn(enum ct_effect effect)
{
	return effect != CT_EFFECT_FUTEX_WAIT && effect != CT_EFFECT_HANDLER_ENTER;
}

/* What was there to be had: what was given, less what was taken. */
static enum ct_status follow_exchange(struct ct_reach *reach, const struct ct_step *step)
{
	bool private = step->object && is_private(reach, step->object);
	uint32_t thread = step->thread->id;
	enum ct_status status = CT_OK;
	struct ct_reach_source *source;

	if (private) {
		status = ct_reach_source(reach, giver_of(step->object), &source);
		if (!status)
			status = ct_reach_follow(reach, thread, &source->writer);
	}
	if (!status && step->object) {
		status = ct_reach_source(reach, step->object, &source);
		if (!status)
			status = ct_reach_follow(reach, thread, &source->readers);
		if (!status && step->effect == CT_EFFECT_FAILURE) /* there was no room */
			status = ct_reach_follow(reach, thread, &source->writer);
	}
	if (!status && !private && gets_in_turn(step->effect))
		status = ct_reach_follow(reach, thread, &reach->taken);
	return status ? status
		      : ct_reach_follow(reach, thread, private ? &reach->ended : &reach->given);
}

static enum ct_status get(struct ct_reach *reach, const struct ct_step *step)
{
	const struct ct_reach_stamp *own = &reach->threads[step->thread->id].now;
	enum ct_status status = CT_OK;
	struct ct_reach_source *source;

	if (!reach->unit.deeds) /* of what is used as a lock the closure takes care */
		status = follow_exchange(reach, step);
	if (!status && step->object) {
		status = ct_reach_source(reach, step->object, &source);
		if (!status)
			status = ct_stamp_join(&source->readers, own);
	}
	return status ? status : ct_stamp_join(&reach->taken, own);
}

/* At the end of a pipe or socket all who had its other end are gone: also processes that were
 * killed and could not say so. */
static enum ct_status get_to_the_end(struct ct_reach *reach, const struct ct_step *step)
{
	const struct ct_model *model = reach->model;
	bool at_end = step->effect == CT_EFFECT_READ && step->object && !step->record->arg &&
		      !model->trace->text;
	enum ct_status status = CT_OK;

	for (size_t i = 0; at_end && !status && i < model->thread_count; i++)
		if (model->threads[i]->process != step->thread->process)
			status = ct_reach_follow(reach, step->thread->id, &reach->threads[i].now);
	return status ? status : get(reach, step);
}

/* Takes what was there, and may leave something for others. */
static enum ct_status get_and_put(struct ct_reach *reach, const struct ct_step *step)
{
	enum ct_status status = get(reach, step);

	return status ? status : put(reach, step);
}

static bool only_gives(const struct ct_record *record)
{
	struct ct_sem_op op;
	size_t i = 0;

	while (ct_list_sem_op(record, i, &op) && ct_sem_amount(&op) > 0)
		i++;
	return i > 0 && !ct_list_sem_op(record, i, &op);
}

/* Closing a file gives back its locks, and is not recorded: who gets a lock that somebody seems to
 * hold comes after all that this process did. */
static enum ct_status lock_file(struct ct_reach *reach, const struct ct_step *step)
{
	enum ct_status status = CT_OK;
	struct ct_payload_file_lock lock;
	const struct ct_thread *holder;

	if (!ct_read_file_lock(step->record, &lock))
		return CT_OK;
	if (lock.mode == CT_FILE_UNLOCK || reach->unit.deeds)
		return put(reach, step);
	for (size_t i = 0;
	     !status && (holder = ct_file_lock_blocker(step->object, step->thread, &lock, i)); i++)
		for (size_t k = 0; !status && k < holder->process->thread_count; k++) {
			uint32_t id = holder->process->threads[k]->id;

			if (id != step->thread->id)
				status = ct_reach_follow(reach, step->thread->id,
							 &reach->threads[id].now);
		}
	return status ? status : get_and_put(reach, step);
}

static enum ct_status end(struct ct_reach *reach, const struct ct_step *step)
{
	enum ct_status status = ct_stamp_join(&reach->ended, &reach->threads[step->thread->id].now);

	return status ? status : put(reach, step);
}

static bool may_be_missed(const struct ct_step *step, const struct ct_thread *thread)
{
	const struct ct_process *process = thread->process;

	return thread != step->thread &&
	       (thread->exited || process->exited || process->pid == step->record->object ||
		process->parent == step->thread->process);
}

/* There is no such child, process or thread: whoever it was has ended, and need not have said so.
 */
static enum ct_status find_gone(struct ct_reach *reach, const struct ct_step *step)
{
	const struct ct_model *model = reach->model;
	enum ct_status status = ct_reach_follow(reach, step->thread->id, &reach->given);

	for (size_t i = 0; !status && i < model->thread_count; i++)
		if (may_be_missed(step, model->threads[i]))
			status = ct_reach_follow(reach, step->thread->id, &reach->threads[i].now);
	return status;
}

static enum ct_status fail(struct ct_reach *reach, const struct ct_step *step)
{
	struct ct_payload_fail why;

	if (step->object) /* that there was nothing to take is something learnt, too */
		return ct_kind_is_lock(step->object->kind) ? CT_OK : get(reach, step);
	if (step->record->payload_size < sizeof(why))
		return CT_OK;
	memcpy(&why, step->record->payload, sizeof(why));
	return why.error == ECHILD || why.error == ESRCH ? find_gone(reach, step) : CT_OK;
}

/* Signals are given: a child that one ended, stopped or let go on follows them. */
static enum ct_status wait_for_child(struct ct_reach *reach, const struct ct_step *step)
{
	if (step->request || !step->record->object || WIFEXITED((int)step->record->arg))
		return CT_OK;
	return ct_reach_follow(reach, step->thread->id, &reach->given);
}

/* Whoever opens an end of a FIFO waits for one who opens its other end, and may come back before
 * that one does: so after all that anybody did until then. Who opens both ends at once does not
 * wait; nor does the maker of a pipe, whom nobody can have waited for either. */
static enum ct_status open_end(struct ct_reach *reach, const struct ct_step *step)
{
	bool both = step->record->arg >> 32 == (CT_END_READ | CT_END_WRITE);
	enum ct_status status = CT_OK;

	if (!step->object || step->object->kind != CT_OBJECT_PIPE ||
	    step->record->event != CT_EV_FD_OPEN || reach->model->trace->text ||
	    ct_makes_nameless(step))
		return CT_OK;
	for (size_t i = 0; !status && !both && i < reach->model->thread_count; i++)
		if (i != step->thread->id)
			status = ct_reach_follow(reach, step->thread->id, &reach->threads[i].now);
	return status ? status : put(reach, step);
}

enum ct_status ct_reach_exchange(struct ct_reach *reach, const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_WRITE:
	case CT_EFFECT_MESSAGE_SEND:
	case CT_EFFECT_COUNTER_INIT:
	case CT_EFFECT_COUNTER_ADD:
	case CT_EFFECT_SEM_SET:
	case CT_EFFECT_FD_CLOSE:
	case CT_EFFECT_LISTEN:
	case CT_EFFECT_POLL_SET:
	case CT_EFFECT_TIMER_ARM:
	case CT_EFFECT_SIGNAL_SEND:
	case CT_EFFECT_FUTEX_WAKE:
		return put(reach, step);
	case CT_EFFECT_EXEC:
	case CT_EFFECT_PROCESS_EXIT:
		return end(reach, step);
	case CT_EFFECT_READ:
		return step->request ? CT_OK : get_to_the_end(reach, step);
	case CT_EFFECT_MESSAGE_RECEIVE:
	case CT_EFFECT_COUNTER_TAKE:
	case CT_EFFECT_ACCEPT:
	case CT_EFFECT_POLL:
	case CT_EFFECT_SIGNAL_WAIT:
	case CT_EFFECT_HANDLER_ENTER:
	case CT_EFFECT_FUTEX_WAIT:
		return step->request ? CT_OK : get(reach, step);
	case CT_EFFECT_SEM_OP: /* one that gives and takes has a request, which is before it gives
				*/
		return step->request || only_gives(step->record) ? put(reach, step)
								 : get_and_put(reach, step);
	case CT_EFFECT_FILE_LOCK:
		return step->request ? CT_OK : lock_file(reach, step);
	case CT_EFFECT_CONNECT:
		return step->request ? put(reach, step) : get_and_put(reach, step);
	case CT_EFFECT_FD_OPEN:
		return open_end(reach, step);
	case CT_EFFECT_PROCESS_WAIT:
		return wait_for_child(reach, step);
	case CT_EFFECT_FAILURE:
		return fail(reach, step);
	case CT_EFFECT_NOTE: /* shutdown, say */
		return step->object && ct_kind_is_kernel(step->object->kind) ? put(reach, step)
									     : CT_OK;
	default: /* a sleep orders nothing */
		return CT_OK;
	}
}
