#include "detect/leak_uses.h"

#include <stdlib.h>

#include "base/vec.h"
#include "detect/misuse.h"
#include "model/lists.h"

enum { STANDARD_FDS = 3 };

void ct_leak_uses_init(struct ct_leak_uses *uses)
{
	*uses = (struct ct_leak_uses){.pipes = NULL};
	ct_pipe_pasts_init(&uses->pasts);
	ct_map_init(&uses->index);
	ct_map_init(&uses->used);
	ct_map_init(&uses->execs);
	ct_map_init(&uses->images);
	ct_map_init(&uses->begun);
	ct_map_init(&uses->found_ends);
}

void ct_leak_uses_fini(struct ct_leak_uses *uses)
{
	ct_pipe_pasts_fini(&uses->pasts);
	ct_map_fini(&uses->index);
	ct_map_fini(&uses->used);
	ct_map_fini(&uses->execs);
	ct_map_fini(&uses->images);
	ct_map_fini(&uses->begun);
	ct_map_fini(&uses->found_ends);
	free(uses->pipes);
	free(uses->starts);
}

static struct ct_leak_pipe *find(const struct ct_leak_uses *uses, uint64_t inode)
{
	uint64_t place;

	return ct_map_get(&uses->index, inode, &place) ? &uses->pipes[place] : NULL;
}

static uint64_t use_key(uint32_t process, uint64_t inode)
{
	return ct_map_mix(ct_map_mix(inode) ^ process);
}

static uint64_t image_key(uint32_t process, uint32_t image)
{
	return (uint64_t)process << 32 | image;
}

static enum ct_status make(struct ct_leak_uses *uses, const struct ct_step *step)
{
	enum ct_status status;

	if (step->object->kind != CT_OBJECT_PIPE || find(uses, step->record->object) ||
	    !ct_pipe_past_of(&uses->pasts, step->object))
		return CT_OK;
	status = ct_vec_grow(&uses->pipes, &uses->cap, uses->count + 1, sizeof(*uses->pipes));
	if (status == CT_OK)
		status = ct_map_put(&uses->index, step->record->object, uses->count);
	if (status == CT_OK)
		uses->pipes[uses->count++] = (struct ct_leak_pipe){.object = step->object};
	return status;
}

/* Those who started a process count as users at its first use: it is for that that they had it. */
static enum ct_status use(struct ct_leak_uses *uses, const struct ct_step *step, uint64_t inode)
{
	const struct ct_process *process = step->thread->process;
	uint64_t key = use_key(process->number, inode), time = step->record->time;
	bool first = !ct_map_get(&uses->used, key, NULL);
	enum ct_status status;

	if (!find(uses, inode))
		return CT_OK;
	status = ct_map_put(&uses->used, key, time);
	if (!first)
		return status;
	process = process->parent;
	for (size_t i = 0; !status && process && i < CT_ANCESTORS; i++, process = process->parent)
		status = ct_map_put(&uses->used, use_key(process->number, inode), time);
	return status;
}

static enum ct_status use_list(struct ct_leak_uses *uses, const struct ct_step *step)
{
	enum ct_status status = CT_OK;
	struct ct_polled polled;

	for (size_t i = 0; !status && ct_list_polled(step->record, i, &polled); i++)
		status = use(uses, step, polled.object);
	return status;
}

static void note_transfer(struct ct_leak_uses *uses, const struct ct_step *step)
{
	struct ct_leak_pipe *pipe = find(uses, step->record->object);

	if (!pipe || step->request)
		return;
	if (step->effect == CT_EFFECT_WRITE && step->record->arg)
		pipe->written = true;
	if (step->effect == CT_EFFECT_READ && step->record->arg)
		pipe->read = true;
	if (step->effect != CT_EFFECT_READ || step->record->arg ||
	    step->record->flags & CT_F_PEEK || step->thread->wait.kind != CT_WAIT_READ)
		return;
	pipe->eof = ct_deed_of(step);
	pipe->eof_since = step->thread->wait.since;
}

static void note_close(struct ct_leak_uses *uses, const struct ct_step *step)
{
	struct ct_leak_pipe *pipe = find(uses, step->record->object);

	if (pipe && step->record->arg >> 32 & CT_END_WRITE)
		pipe->closed_time = step->record->time;
}

static enum ct_status add_start(struct ct_leak_uses *uses, const struct ct_step *step,
				uint32_t process, uint32_t image)
{
	enum ct_status status = ct_vec_grow(&uses->starts, &uses->start_cap, uses->start_count + 1,
					    sizeof(*uses->starts));

	if (status == CT_OK)
		status = ct_map_put(&uses->images, image_key(process, image), uses->start_count);
	if (status == CT_OK)
		uses->starts[uses->start_count++] = ct_deed_of(step);
	return status;
}

/* The programs of a process are numbered by its execs. */
static enum ct_status exec(struct ct_leak_uses *uses, const struct ct_step *step)
{
	uint32_t process = step->thread->process->number;
	uint64_t count = 0;
	enum ct_status status;

	ct_map_get(&uses->execs, process, &count);
	status = ct_map_put(&uses->execs, process, ++count);
	return status ? status : add_start(uses, step, process, (uint32_t)count);
}

static enum ct_status exec_failed(struct ct_leak_uses *uses, const struct ct_step *step)
{
	uint32_t process = step->thread->process->number;
	const struct ct_event_info *call = NULL;
	uint64_t count;
	int error;

	if (!ct_misuse_failure(step, &call, &error) || !call || call->effect != CT_EFFECT_EXEC ||
	    !ct_map_get(&uses->execs, process, &count) || !count)
		return CT_OK;
	return ct_map_put(&uses->execs, process, count - 1);
}

enum ct_status ct_leak_uses_step(struct ct_leak_uses *uses, const struct ct_step *step)
{
	enum ct_status status = ct_pipe_pasts_step(&uses->pasts, step);

	if (status)
		return status;
	switch (step->effect) {
	case CT_EFFECT_EXEC:
		return exec(uses, step);
	case CT_EFFECT_FAILURE:
		status = exec_failed(uses, step);
		break;
	case CT_EFFECT_FORK:
		return step->other && !step->request
			       ? add_start(uses, step, step->other->process->number, 0)
			       : CT_OK;
	case CT_EFFECT_FD_OPEN:
		if (step->object)
			status = make(uses, step);
		break;
	case CT_EFFECT_FD_CLOSE:
		note_close(uses, step);
		break;
	case CT_EFFECT_READ:
	case CT_EFFECT_WRITE:
		note_transfer(uses, step);
		break;
	case CT_EFFECT_POLL:
	case CT_EFFECT_POLL_SET:
		status = use_list(uses, step);
		break;
	default:
		break;
	}
	return status || !uses->count ? status : use(uses, step, step->record->object);
}

/* What another program found, other than as its input or output, and uses. */
static void note_user(struct ct_leak_uses *uses, const struct ct_trace *trace,
		      const struct ct_trace_fd *fd)
{
	const struct ct_trace_image *image = ct_leak_image_of(uses, trace, fd);
	struct ct_leak_pipe *pipe = find(uses, fd->inode);

	if (pipe && image && fd->fd >= STANDARD_FDS && ct_leak_is_used(uses, fd, image->time))
		pipe->handed_on = true;
}

static uint64_t ends_key(const struct ct_trace_fd *fd)
{
	return ct_map_mix(ct_map_mix(image_key(fd->process, fd->image)) ^ fd->inode);
}

static enum ct_status note_ends(struct ct_leak_uses *uses, const struct ct_trace_fd *fd)
{
	uint64_t ends = 0;

	ct_map_get(&uses->found_ends, ends_key(fd), &ends);
	return ct_map_put(&uses->found_ends, ends_key(fd), ends | fd->access);
}

enum ct_status ct_leak_uses_finish(struct ct_leak_uses *uses, const struct ct_trace *trace)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < trace->image_count; i++)
		status = ct_map_put(&uses->begun,
				    image_key(trace->images[i].process, trace->images[i].image), i);
	for (size_t i = 0; !status && i < trace->fd_count; i++) {
		status = note_ends(uses, &trace->fds[i]);
		note_user(uses, trace, &trace->fds[i]);
	}
	return status;
}

const struct ct_leak_pipe *ct_leak_pipe_of(const struct ct_leak_uses *uses, uint64_t inode)
{
	return find(uses, inode);
}

const struct ct_deed *ct_leak_start_of(const struct ct_leak_uses *uses, uint32_t process,
				       uint32_t image)
{
	uint64_t place;

	return ct_map_get(&uses->images, image_key(process, image), &place) ? &uses->starts[place]
									    : NULL;
}

const struct ct_trace_image *ct_leak_image_of(const struct ct_leak_uses *uses,
					      const struct ct_trace *trace,
					      const struct ct_trace_fd *fd)
{
	uint64_t place;

	return ct_map_get(&uses->begun, image_key(fd->process, fd->image), &place)
		       ? &trace->images[place]
		       : NULL;
}

bool ct_leak_is_used(const struct ct_leak_uses *uses, const struct ct_trace_fd *fd, uint64_t since)
{
	uint64_t time;

	return ct_map_get(&uses->used, use_key(fd->process, fd->inode), &time) && time >= since;
}

bool ct_leak_found_both(const struct ct_leak_uses *uses, const struct ct_trace_fd *fd)
{
	uint64_t ends = 0;

	ct_map_get(&uses->found_ends, ends_key(fd), &ends);
	return ends == (CT_END_READ | CT_END_WRITE);
}
