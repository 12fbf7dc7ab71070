#include "model/descriptors.h"

#include <stdlib.h>
#include <string.h>

#include "model/kernel.h"
#include "model/lists.h"
#include "model/resolve.h"

static struct ct_descriptors *table_of(const struct ct_process *process)
{
	return &ct_process_state(process)->descriptors;
}

static enum ct_status add(struct ct_descriptors *table, struct ct_descriptor descriptor)
{
	enum ct_status status;

	for (size_t i = 0; i < table->count; i++) {
		if (table->items[i].fd != descriptor.fd)
			continue;
		table->items[i] = descriptor; /* that the old one was closed was not seen */
		return CT_OK;
	}
	status = ct_vec_grow(&table->items, &table->cap, table->count + 1, sizeof(*table->items));
	if (status == CT_OK)
		table->items[table->count++] = descriptor;
	return status;
}

static void take_out(struct ct_descriptors *table, uint32_t fd)
{
	for (size_t i = 0; i < table->count; i++) {
		if (table->items[i].fd != fd)
			continue;
		table->closed = table->items[i];
		table->items[i] = table->items[--table->count];
		return;
	}
}

/* popen() opens its end within the call, and gives the other one to its child. */
static bool is_of_popen(const struct ct_step *step)
{
	const struct ct_thread_state *thread = ct_thread_state(step->thread);

	return thread->forking && thread->fork_event == CT_EV_POPEN &&
	       thread->fork_stack == step->record->stack;
}

bool ct_makes_nameless(const struct ct_step *step)
{
	return step->record->flags & CT_F_PRIVATE || is_of_popen(step);
}

/*
 * Of a trace that does not say so: pipe() says its two ends in one breath, reading, then writing,
 * from one place. A FIFO, which others open by its name, is opened one end at a time.
 */
static void note_birth(const struct ct_step *step, const struct ct_descriptor *new)
{
	struct ct_object_state *object = ct_object_state(step->object);
	const struct ct_descriptors *table = table_of(step->thread->process);
	const struct ct_descriptor *last = table->count ? &table->items[table->count - 1] : NULL;

	if (object->object.kind == CT_OBJECT_EVENTFD || ct_makes_nameless(step))
		object->nameless = true;
	if (object->object.kind != CT_OBJECT_PIPE || new->access != CT_END_WRITE || !last)
		return;
	if (last->object == step->object && last->access == CT_END_READ &&
	    last->opener == step->thread && last->stack == new->stack &&
	    object->object.time == last->time)
		object->nameless = true;
}

static enum ct_status open_one(const struct ct_step *step)
{
	struct ct_descriptor new = {
		.object = step->object,
		.fd = (uint32_t)step->record->arg,
		.access = (uint32_t)(step->record->arg >> 32),
		.opener = step->thread,
		.stack = step->record->stack,
		.time = step->record->time,
	};

	if (!step->object)
		return CT_OK;
	if (step->record->event == CT_EV_FD_OPEN)
		note_birth(step, &new);
	return add(table_of(step->thread->process), new);
}

enum ct_status ct_descriptors_apply(const struct ct_step *step)
{
	struct ct_descriptors *table = table_of(step->thread->process);

	switch (step->effect) {
	case CT_EFFECT_FD_OPEN:
		return open_one(step);
	case CT_EFFECT_FD_CLOSE:
		take_out(table, (uint32_t)step->record->arg);
		return CT_OK;
	case CT_EFFECT_FAILURE:
		if (ct_failed_call(step->record) == CT_EV_FD_CLOSE && step->object &&
		    table->closed.object == step->object)
			return add(table, table->closed);
		return CT_OK;
	default:
		return CT_OK;
	}
}

enum ct_status ct_descriptors_inherit(struct ct_process_state *child,
				      const struct ct_process_state *parent)
{
	const struct ct_descriptors *from = &parent->descriptors;
	enum ct_status status = CT_OK;

	child->descriptors.count = 0;
	child->descriptors.unknown = from->unknown;
	for (size_t i = 0; !status && i < from->count; i++) {
		struct ct_descriptor copy = from->items[i];

		copy.inherited = true;
		status = add(&child->descriptors, copy);
	}
	return status;
}

/* An inherited descriptor that survived the exec was opened by who opened it before. */
static struct ct_descriptor found(const struct ct_descriptors *before, const struct ct_trace_fd *fd,
				  struct ct_object *object, uint64_t time)
{
	for (size_t i = 0; i < before->count; i++)
		if (before->items[i].fd == fd->fd && before->items[i].object == object)
			return before->items[i];
	return (struct ct_descriptor){
		.object = object, .fd = fd->fd, .access = fd->access, .time = time};
}

enum ct_status ct_descriptors_begin(struct ct_model *model, struct ct_process_state *process,
				    struct ct_thread *first, uint64_t time)
{
	const struct ct_trace *trace = model->trace;
	struct ct_descriptors before = process->descriptors;
	enum ct_status status = CT_OK;

	process->descriptors = (struct ct_descriptors){0};
	for (size_t i = 0; !status && i < trace->fd_count; i++) {
		const struct ct_trace_fd *fd = &trace->fds[i];
		struct ct_object_state *object = NULL;

		if (fd->process != process->process.number || fd->image != process->image)
			continue;
		status = ct_kernel_use(model, first, fd->inode, CT_OBJECT_PIPE, time, &object);
		if (!status && object)
			status = add(&process->descriptors,
				     found(&before, fd, &object->object, time));
	}
	free(before.items);
	return status;
}

void ct_descriptors_fini(struct ct_process_state *process)
{
	free(process->descriptors.items);
}

const struct ct_descriptor *ct_descriptor_held(const struct ct_process *process,
					       const struct ct_object *object, enum ct_end end,
					       size_t index)
{
	const struct ct_descriptors *table = table_of(process);

	for (size_t i = 0; i < table->count; i++)
		if (table->items[i].object == object && table->items[i].access & end &&
		    index-- == 0)
			return &table->items[i];
	return NULL;
}

bool ct_end_is_open(const struct ct_model *model, const struct ct_object *object, enum ct_end end)
{
	for (size_t i = 0; i < model->process_count; i++)
		if (!model->processes[i]->exited &&
		    ct_descriptor_held(model->processes[i], object, end, 0))
			return true;
	return false;
}

bool ct_all_are_known(const struct ct_model *model)
{
	for (size_t i = 0; i < model->process_count; i++) {
		const struct ct_process_state *process = ct_process_state(model->processes[i]);

		if (process->descriptors.unknown || process->unknown_children ||
		    process->exec_pending || !process->begun)
			return false;
	}
	return !model->trace->unseen_count;
}

bool ct_is_nameless(const struct ct_model *model, const struct ct_object *object)
{
	const struct ct_object_state *state = ct_object_state(object);

	if (object->kind == CT_OBJECT_SYSV_SEM)
		state = ct_kernel_find(model, ct_sem_key(state->address, CT_SEM_ALL));
	return state && state->nameless && !state->outside && ct_all_are_known(model);
}

bool ct_descriptors_may_travel(const struct ct_model *model)
{
	return model->trace->socket_count || ct_model_state(model)->sockets_seen;
}
