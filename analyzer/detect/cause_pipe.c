#include "detect/causes.h"
#include "model/descriptors.h"

/* "which waits for the end of child (pid 42)": what who has the other end does instead. */
static const char *doing_of(const struct ct_cause *cause, const struct ct_thread *holder)
{
	struct ct_arena *arena = &cause->findings->arena;
	const struct ct_wait *wait = &holder->wait;

	if (wait->thread)
		return ct_arena_printf(arena, "which waits for %s", wait->thread->name);
	if (wait->kind == CT_WAIT_CHILD && wait->process)
		return ct_arena_printf(arena, "which waits for the end of %s (pid %u)",
				       wait->process->name, wait->process->pid);
	if (wait->kind == CT_WAIT_CHILD)
		return "which waits for the end of a child";
	if (wait->kind == CT_WAIT_READ)
		return "which waits for data itself";
	return "which waits itself";
}

/* A thread of the process that stands still: its first one that lives. */
static const struct ct_thread *speaker_of(const struct ct_process *process)
{
	for (size_t i = 0; i < process->thread_count; i++)
		if (process->threads[i]->wait.kind != CT_WAIT_NONE)
			return process->threads[i];
	return process->thread_count ? process->threads[0] : NULL;
}

static bool reads(const struct ct_thread *waiter)
{
	return waiter->wait.kind == CT_WAIT_READ || waiter->wait.event == CT_EV_READ;
}

/* The one that is not the waiter's. */
static enum ct_end other_end(const struct ct_thread *waiter)
{
	return reads(waiter) ? CT_END_WRITE : CT_END_READ;
}

static bool has_other_end(const struct ct_process *process, const struct ct_thread *waiter)
{
	return !process->exited &&
	       ct_descriptor_held(process, waiter->wait.object, other_end(waiter), 0);
}

/* Who has the other end: rather another process than the waiter's. */
static const struct ct_process *holder_of(const struct ct_model *model,
					  const struct ct_thread *waiter)
{
	const struct ct_process *own = waiter->process;

	if (!waiter->wait.object)
		return NULL;
	for (size_t i = 0; i < model->process_count; i++)
		if (model->processes[i] != own && has_other_end(model->processes[i], waiter))
			return model->processes[i];
	return has_other_end(own, waiter) ? own : NULL;
}

bool ct_cause_pipe_is_own(const struct ct_model *model, const struct ct_thread *waiter)
{
	return holder_of(model, waiter) == waiter->process;
}

static enum ct_status add_descriptor(const struct ct_cause *cause, const struct ct_process *process,
				     const struct ct_descriptor *descriptor, const char *name)
{
	const struct ct_thread *opener = descriptor->opener, *speaker = speaker_of(process);
	struct ct_place place;

	if (!speaker)
		return CT_OK;
	place = ct_hang_place(opener ? opener : speaker, opener ? descriptor->stack : 0,
			      descriptor->time);
	place.thread = speaker;
	place.text = ct_arena_printf(
		&cause->findings->arena, "has the %s end open as descriptor %u%s%s", name,
		descriptor->fd, descriptor->inherited ? ", inherited by fork" : "",
		opener ? "; it was opened" : "");
	return place.text ? ct_hang_add_place(cause->findings, cause->finding, place) : CT_ENOMEM;
}

static enum ct_status add_holders(const struct ct_cause *cause, const char *name)
{
	enum ct_end end = other_end(cause->waiter);
	const struct ct_object *pipe = cause->waiter->wait.object;
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < cause->model->process_count; i++) {
		const struct ct_process *process = cause->model->processes[i];
		const struct ct_descriptor *descriptor;

		for (size_t k = 0; !status && !process->exited &&
				   (descriptor = ct_descriptor_held(process, pipe, end, k));
		     k++)
			status = add_descriptor(cause, process, descriptor, name);
	}
	return status;
}

/* Whether somebody else who can use the pipe waits to write too, to it or to another one. */
static bool others_write(const struct ct_cause *cause)
{
	for (size_t i = 0; i < cause->model->thread_count; i++) {
		const struct ct_thread *other = cause->model->threads[i];

		if (other != cause->waiter && other->wait.kind == CT_WAIT_WRITE)
			return true;
	}
	return false;
}

/* NULL: the rule's own, which is for an end of file that does not come. */
static const char *fix_of(const struct ct_cause *cause, const struct ct_thread *holder)
{
	if (cause->waiter->wait.kind != CT_WAIT_WRITE)
		return NULL;
	if (others_write(cause))
		return "Do not let both sides write before they read: one reads first, or each "
		       "reads (by poll, or in a thread of its own) while it writes.";
	if (holder && holder->wait.kind == CT_WAIT_CHILD)
		return "Read what the child writes before waiting for its end.";
	return "A pipe takes 64 KiB: who is to read it has to do so while the other one writes, "
	       "and must not wait for anything that comes after.";
}

enum ct_status ct_cause_pipe(const struct ct_cause *cause)
{
	bool for_data = reads(cause->waiter);
	const char *name = for_data ? "write" : "read";
	const char *waits = for_data ? "for data on" : "for room in";
	struct ct_arena *arena = &cause->findings->arena;
	const struct ct_process *holder = holder_of(cause->model, cause->waiter);
	const struct ct_thread *speaker = holder ? speaker_of(holder) : NULL;
	const char *doing;
	enum ct_status status;

	cause->finding->fix = fix_of(cause, speaker);
	if (!speaker)
		return ct_cause_say(cause, waits,
				    for_data ? ", and all who could write to it wait themselves"
					     : ", and all who could read from it wait themselves");
	if (holder == cause->waiter->process) {
		status = ct_cause_say(cause, waits,
				      ct_arena_printf(arena,
						      ": the %s end is open in its own process "
						      "only, where nobody is left to use it",
						      name));
	} else {
		doing = doing_of(cause, speaker);
		status = doing ? ct_cause_say(cause, waits,
					      ct_arena_printf(
						      arena, ": the %s end is still open in %s, %s",
						      name, speaker->name, doing))
			       : CT_ENOMEM;
	}
	return status ? status : add_holders(cause, name);
}
