#include "detect/pipe_past.h"

#include <stdlib.h>

#include "base/vec.h"

/* A shell's descriptors of input, output and errors are not the program's choice. */
enum { STANDARD_FDS = 3 };

void ct_pipe_pasts_init(struct ct_pipe_pasts *pasts)
{
	*pasts = (struct ct_pipe_pasts){0};
	ct_map_init(&pasts->index);
	ct_map_init(&pasts->end_index);
}

void ct_pipe_pasts_fini(struct ct_pipe_pasts *pasts)
{
	free(pasts->items);
	free(pasts->ends);
	ct_map_fini(&pasts->index);
	ct_map_fini(&pasts->end_index);
}

static struct ct_pipe_past *find(const struct ct_pipe_pasts *pasts, const struct ct_object *object)
{
	uint64_t place;

	if (!object || !ct_map_get(&pasts->index, object->id, &place))
		return NULL;
	return &pasts->items[place];
}

static enum ct_status add(struct ct_pipe_pasts *pasts, const struct ct_step *step,
			  struct ct_deed made)
{
	uint32_t fd = (uint32_t)step->record->arg;
	enum ct_status status;

	status = ct_vec_grow(&pasts->items, &pasts->cap, pasts->count + 1, sizeof(*pasts->items));
	if (status == CT_OK)
		status = ct_map_put(&pasts->index, step->object->id, pasts->count);
	if (status == CT_OK)
		pasts->items[pasts->count++] = (struct ct_pipe_past){
			.object = step->object, .made = made, .fds = {fd, fd}};
	return status;
}

/* The two ends of a pipe are said in one breath, reading first. Those of a pair of sockets are,
 * too, but what they are is said after them. */
static enum ct_status open_end(struct ct_pipe_pasts *pasts, const struct ct_step *step)
{
	struct ct_pipe_past *past = find(pasts, step->object);
	bool is_pipe = ct_makes_nameless(step);

	if (step->record->event != CT_EV_FD_OPEN)
		return CT_OK;
	if (!past)
		return add(pasts, step, is_pipe ? ct_deed_of(step) : (struct ct_deed){0});
	if (step->record->arg >> 32 == CT_END_WRITE && past->fds[0] == past->fds[1])
		past->fds[1] = (uint32_t)step->record->arg;
	return CT_OK;
}

static void pair(struct ct_pipe_pasts *pasts, const struct ct_step *step)
{
	for (size_t i = pasts->count; i-- > 0 && i + 2 >= pasts->count;) {
		uint64_t inode = pasts->items[i].object->address;

		if (inode == step->record->object || inode == step->record->arg)
			pasts->items[i].made = ct_deed_of(step);
	}
}

static enum ct_status end_of(struct ct_pipe_pasts *pasts, const struct ct_process *process,
			     struct ct_process_end **out_end)
{
	uint64_t place = pasts->end_count;
	enum ct_status status;

	if (!ct_map_get(&pasts->end_index, process->number, &place)) {
		status =
			ct_vec_grow(&pasts->ends, &pasts->end_cap, place + 1, sizeof(*pasts->ends));
		if (status == CT_OK)
			status = ct_map_put(&pasts->end_index, process->number, place);
		if (status)
			return status;
		pasts->ends[pasts->end_count++] = (struct ct_process_end){.reaped = false};
	}
	*out_end = &pasts->ends[place];
	return CT_OK;
}

static enum ct_status reap(struct ct_pipe_pasts *pasts, const struct ct_step *step)
{
	struct ct_process_end *ended;
	enum ct_status status;

	if (step->request || !step->other)
		return CT_OK;
	status = end_of(pasts, step->other->process, &ended);
	if (status)
		return status;
	ended->reaped = true;
	ended->status = (uint32_t)step->record->arg;
	return CT_OK;
}

enum ct_status ct_pipe_pasts_step(struct ct_pipe_pasts *pasts, const struct ct_step *step)
{
	struct ct_process_end *ended;
	struct ct_pipe_past *past;
	enum ct_status status;

	switch (step->effect) {
	case CT_EFFECT_FD_OPEN:
		return step->object ? open_end(pasts, step) : CT_OK;
	case CT_EFFECT_FD_PAIR:
		pair(pasts, step);
		return CT_OK;
	case CT_EFFECT_FD_CLOSE:
		past = find(pasts, step->object);
		if (past && step->record->arg >> 32 & CT_END_READ)
			past->closed = ct_deed_of(step);
		return CT_OK;
	case CT_EFFECT_PROCESS_WAIT:
		return reap(pasts, step);
	case CT_EFFECT_PROCESS_EXIT:
		status = end_of(pasts, step->thread->process, &ended);
		if (status == CT_OK)
			ended->exit = ct_deed_of(step);
		return status;
	default:
		return CT_OK;
	}
}

const struct ct_pipe_past *ct_pipe_past_of(const struct ct_pipe_pasts *pasts,
					   const struct ct_object *object)
{
	const struct ct_pipe_past *past = find(pasts, object);

	return past && past->made.thread ? past : NULL;
}

struct ct_process_end ct_process_end_of(const struct ct_pipe_pasts *pasts,
					const struct ct_process *process)
{
	uint64_t place;

	if (ct_map_get(&pasts->end_index, process->number, &place))
		return pasts->ends[place];
	return (struct ct_process_end){.reaped = false};
}

bool ct_pipe_was_found(const struct ct_model *model, const struct ct_process *process,
		       const struct ct_object *object)
{
	const struct ct_trace *trace = model->trace;

	for (size_t i = 0; i < trace->fd_count; i++)
		if (trace->fds[i].process == process->number &&
		    trace->fds[i].inode == object->address)
			return true;
	return false;
}

bool ct_pipe_is_own(const struct ct_model *model, const struct ct_pipe_past *past,
		    const struct ct_process *process, enum ct_end end)
{
	const struct ct_descriptor *held;
	size_t count = 0;

	for (; (held = ct_descriptor_held(process, past->object, end, count)); count++)
		if (held->fd < STANDARD_FDS)
			return false;
	if (!count)
		return false;
	for (size_t i = 0; process && i < CT_ANCESTORS; i++, process = process->parent) {
		if (ct_pipe_was_found(model, process, past->object))
			return false;
		if (process == past->made.thread->process)
			return true;
	}
	return false;
}
