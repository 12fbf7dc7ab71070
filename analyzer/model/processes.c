#include "model/processes.h"

#include <sched.h>
#include <signal.h>

#include "model/forker.h"
#include "model/handler.h"
#include "model/held.h"
#include "model/maps.h"
#include "model/descriptors.h"
#include "model/objects.h"
#include "model/orphans.h"
#include "model/process_end.h"
#include "model/resolve.h"
#include "model/threads.h"
#include "model/waits.h"

enum {
	TIMER_LATE_S = 1, /* for the signal to come, and its handler to begin */
	SIGNALS = 64,
};

/* A fork that was not recorded is taken for one. */
static bool copies_memory(const struct ct_thread_state *forker)
{
	switch (forker->fork_event) {
	case 0:
	case CT_EV_FORK:
	case CT_EV_DAEMON:
		return true;
	case CT_EV_CLONE:
		return !forker->fork_shares;
	default:
		return false;
	}
}

/* What libc starts by itself execs at once, and says then what it has open. */
static enum ct_status inherit_descriptors(struct ct_model *model, struct ct_process_state *child,
					  const struct ct_thread_state *forker)
{
	struct ct_process_state *parent = ct_process_state(forker->thread.process);

	switch (forker->fork_event) {
	case CT_EV_SPAWN:
	case CT_EV_POPEN:
	case CT_EV_SYSTEM:
		return ct_descriptors_begin(model, child, child->process.threads[0],
					    child->trace->time);
	default:
		if (forker->fork_shares_files)
			parent->descriptors.unknown = true;
		return ct_descriptors_inherit(child, parent);
	}
}

/* The child's copies of the locks that the forking thread held: its first thread holds them. */
static enum ct_status inherit_held(struct ct_model *model, const struct ct_thread *forker,
				   struct ct_thread *first)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < forker->held_count; i++) {
		struct ct_held_lock lock = forker->held[i];
		struct ct_object_state *copy = NULL;

		if (!lock.object->process)
			continue;
		status = ct_objects_use(model, first, lock.object->address, lock.object->kind,
					lock.since, &copy);
		if (status || !copy)
			continue;
		lock.object = &copy->object;
		lock.stack = 0; /* its number is one of the parent's */
		status = ct_held_acquire(first, &lock);
	}
	return status;
}

/* `child` was made by `forker`, whose fork has not returned, or returns just now. */
static enum ct_status inherit(struct ct_model *model, struct ct_process *child,
			      struct ct_thread *forker)
{
	struct ct_process_state *state = ct_process_state(child);
	const struct ct_thread_state *from = ct_thread_state(forker);
	struct ct_thread *first = child->thread_count ? child->threads[0] : NULL;
	enum ct_status status;

	state->begun = true;
	state->copied = copies_memory(from);
	state->borrows = !state->copied;
	state->handled = state->copied ? ct_process_state(forker->process)->handled : 0;
	if (!state->copied)
		ct_maps_drop_inherited(state);
	if (!first)
		return CT_OK;
	first->creator = forker;
	ct_thread_state(first)->created = true;
	status = ct_vclock_join(&ct_thread_state(first)->clock, &from->fork_clock);
	if (status == CT_OK)
		status = inherit_descriptors(model, state, from);
	if (status == CT_OK && state->copied)
		status = inherit_held(model, forker, first);
	if (status == CT_OK && state->copied)
		status = ct_orphans_by_fork(model, forker, first);
	return status;
}

/* The first record of a process that comes before its fork was seen to return. */
static enum ct_status begin(struct ct_model *model, struct ct_process *process)
{
	struct ct_process_state *state = ct_process_state(process);
	struct ct_thread *forker = NULL;

	state->begun = true;
	if (process->parent)
		forker = ct_thread_numbered(process->parent, state->trace->creator);
	if (!forker)
		return ct_descriptors_begin(model, state, process->threads[0], state->trace->time);
	if (ct_thread_state(forker)->forking)
		return inherit(model, process, forker);
	state->copied = copies_memory(ct_thread_state(forker));
	state->borrows = !state->copied;
	if (!state->copied)
		ct_maps_drop_inherited(state);
	return inherit_descriptors(model, state, ct_thread_state(forker));
}

const struct ct_thread *ct_forker_of(const struct ct_process *process)
{
	const struct ct_trace_process *trace = ct_process_state(process)->trace;
	const struct ct_process *parent = process->parent;
	const struct ct_thread_state *last = NULL;

	for (size_t i = 0; parent && i < parent->thread_count; i++) {
		const struct ct_thread_state *state = ct_thread_state(parent->threads[i]);
		bool may_be = trace->creator ? state->thread.number == trace->creator
					     : state->fork_time <= trace->time;

		if (state->forking && may_be && (!last || state->fork_time >= last->fork_time))
			last = state;
	}
	return last ? &last->thread : NULL;
}

/* Another program runs: its threads are gone but one, and so is the memory. */
static enum ct_status drop_held(struct ct_model *model, struct ct_thread *thread)
{
	enum ct_status status = CT_OK;

	while (!status && thread->held_count) {
		struct ct_held_lock lock = thread->held[thread->held_count - 1];

		ct_held_drop(thread, ct_object_state(lock.object));
		status = ct_orphan_by_exec(model, thread, &lock);
	}
	return status;
}

static enum ct_status new_image(struct ct_model *model, struct ct_process_state *process,
				struct ct_thread *first)
{
	const struct ct_thread *caller = process->exec_thread;
	enum ct_status status = CT_OK;

	process->exec_pending = false;
	process->copied = process->borrows = false;
	process->handled = 0;
	process->image++;
	for (size_t i = 0; !status && i < process->process.thread_count; i++) {
		struct ct_thread *thread = process->process.threads[i];

		status = drop_held(model, thread);
		ct_wait_clear(thread);
		if (thread != first && thread->started)
			thread->exited = true;
	}
	ct_objects_end_all(process, process->exec_time);
	ct_maps_drop_before(process, process->exec_time);
	ct_map_fini(&process->pthreads);
	ct_map_fini(&process->early_detaches);
	if (status == CT_OK)
		status = ct_descriptors_begin(model, process, first, process->exec_time);
	if (status || first == caller)
		return status;
	return ct_vclock_join(&ct_thread_state(first)->clock, &ct_thread_state(caller)->clock);
}

enum ct_status ct_process_before(struct ct_model *model, struct ct_thread *thread,
				 const struct ct_record *record)
{
	struct ct_process_state *process = ct_process_state(thread->process);

	if (!process->begun)
		return begin(model, thread->process);
	if (!process->exec_pending || ct_failed_call(record) == CT_EV_EXEC)
		return CT_OK;
	if (thread == process->exec_thread ||
	    (thread->number == 1 && record->event == CT_EV_THREAD_START))
		return new_image(model, process, thread);
	return CT_OK;
}

static enum ct_status fork_step(struct ct_model *model, const struct ct_step *step)
{
	struct ct_thread_state *thread = ct_thread_state(step->thread);
	enum ct_status status = CT_OK;

	thread->fork_shares = step->record->event == CT_EV_CLONE && step->record->arg & CLONE_VM;
	thread->fork_shares_files =
		step->record->event == CT_EV_CLONE && step->record->arg & CLONE_FILES;
	if (step->request) {
		thread->forking = true;
		thread->fork_stack = step->record->stack;
		thread->fork_time = step->record->time;
		thread->fork_event = step->record->event;
		ct_vclock_fini(&thread->fork_clock);
		thread->fork_clock = ct_vclock_copy(&thread->clock);
		ct_vclock_tick(&thread->clock);
		return CT_OK;
	}
	if (step->other && !ct_process_state(step->other->process)->begun)
		status = inherit(model, step->other->process, step->thread);
	if (step->other)
		ct_process_state(step->other->process)->told = true;
	else if (step->effect == CT_EFFECT_FORK)
		ct_process_state(step->thread->process)->unknown_children++;
	thread->forking = false;
	return status;
}

/* A reaped child is over, with all its threads. */
static enum ct_status reap(const struct ct_step *step)
{
	struct ct_process *child;
	enum ct_status status = CT_OK;

	if (step->request || !step->other)
		return CT_OK;
	child = step->other->process;
	child->exited = true;
	ct_process_state(child)->reaped = true;
	for (size_t i = 0; !status && i < child->thread_count; i++)
		status = ct_vclock_join(&ct_thread_state(step->thread)->clock,
					&ct_thread_state(child->threads[i])->clock);
	return status;
}

static uint64_t lateness(const struct ct_model *model)
{
	return TIMER_LATE_S * model->trace->frequency;
}

/* When a timer that is set now has certainly done what it does. */
static uint64_t fired_by(const struct ct_model *model, const struct ct_record *record)
{
	double ticks = (double)record->arg / 1e9 * (double)model->trace->frequency;
	double time = (double)record->time + ticks + (double)lateness(model);

	if (record->flags & CT_F_REPEATS || time >= (double)UINT64_MAX)
		return UINT64_MAX;
	return (uint64_t)time;
}

static enum ct_status arm_timer(const struct ct_model *model, const struct ct_step *step)
{
	struct ct_process_state *process = ct_process_state(step->thread->process);

	if (step->object || step->request) /* a timer that is a descriptor sends no signal */
		return CT_OK;
	if (step->record->arg)
		return ct_map_put(&process->timers, step->record->object,
				  fired_by(model, step->record));
	ct_map_remove(&process->timers, step->record->object);
	return CT_OK;
}

bool ct_handler_of(const struct ct_thread *thread, struct ct_handler *out)
{
	const struct ct_thread_state *state = ct_thread_state(thread);

	*out = (struct ct_handler){state->handler_signal, state->handler_time};
	return state->handler_time != 0;
}

/* 0 and 1 are SIG_DFL and SIG_IGN. */
static void set_action(struct ct_process_state *process, uint64_t signal, uint64_t handler)
{
	if (signal == 0 || signal > SIGNALS || signal == SIGKILL || signal == SIGSTOP)
		return;
	if (handler > 1)
		process->handled |= (uint64_t)1 << (signal - 1);
	else
		process->handled &= ~((uint64_t)1 << (signal - 1));
}

static void enter_handler(const struct ct_model *model, const struct ct_step *step)
{
	struct ct_thread_state *thread = ct_thread_state(step->thread);
	struct ct_map *timers = &ct_process_state(step->thread->process)->timers;
	uint64_t fired;

	set_action(ct_process_state(step->thread->process), step->record->object, UINT64_MAX);
	if (step->record->object == SIGALRM && ct_map_get(timers, 0, &fired) &&
	    step->record->time >= fired - lateness(model))
		ct_map_remove(timers, 0); /* alarm's has fired, and is not one that repeats */
	thread->handler_time = step->record->time;
	thread->handler_signal = (uint32_t)step->record->object;
}

enum ct_status ct_process_apply(struct ct_model *model, const struct ct_step *step)
{
	struct ct_process_state *process = ct_process_state(step->thread->process);

	switch (step->effect) {
	case CT_EFFECT_FORK:
	case CT_EFFECT_SYSTEM:
		return fork_step(model, step);
	case CT_EFFECT_PROCESS_WAIT:
		return reap(step);
	case CT_EFFECT_EXEC:
		process->exec_pending = true;
		process->exec_time = step->record->time;
		process->exec_thread = step->thread;
		return CT_OK;
	case CT_EFFECT_PROCESS_EXIT:
		process->process.exited = true;
		return CT_OK;
	case CT_EFFECT_TIMER_ARM:
		return arm_timer(model, step);
	case CT_EFFECT_HANDLER_ENTER:
		enter_handler(model, step);
		return CT_OK;
	case CT_EFFECT_HANDLER_LEAVE:
		ct_thread_state(step->thread)->handler_time = 0;
		return CT_OK;
	case CT_EFFECT_NOTE:
		if (step->record->event == CT_EV_SIGACTION)
			set_action(process, step->record->object, step->record->arg);
		return CT_OK;
	default:
		return CT_OK;
	}
}

bool ct_process_ended_itself(const struct ct_process *process)
{
	return process->exited && ct_process_state(process)->trace->ended;
}

void ct_processes_finish(struct ct_model *model)
{
	for (size_t i = 0; i < model->process_count; i++) {
		struct ct_process_state *process = ct_process_state(model->processes[i]);

		/* by whatever was read of it, or later */
		if (process->trace->ended && !model->trace->until)
			process->process.exited = true;
		if (!process->exec_pending)
			continue;
		/* what runs there now is not in the trace */
		for (size_t k = 0; k < process->process.thread_count; k++) {
			ct_wait_clear(process->process.threads[k]);
			process->process.threads[k]->exited = true;
		}
	}
}
