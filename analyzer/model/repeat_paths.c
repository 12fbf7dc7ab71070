/* How threads were created: see "Creation paths" in format/ct_plan.h. */
#include "format/ct_plan.h"
#include "model/repeat_private.h"

/* Deeper than this only damaged traces go, in circles. */
#define DEPTH_MAX 4096

/* One thread makes another, or a process. */
struct making {
	uint64_t n;    /* which one of its maker it is, from 1; 0: not found */
	uint64_t time; /* when */
};

static enum ct_status path_of(const struct ct_repeat *repeat, const struct ct_thread *thread,
			      uint64_t time, int depth, uint64_t *out);

static const struct ct_trace_process *trace_process(const struct ct_repeat *repeat, uint32_t number)
{
	const struct ct_trace *trace = repeat->model->trace;

	for (size_t i = 0; i < trace->process_count; i++)
		if (trace->processes[i].number == number)
			return &trace->processes[i];
	return NULL;
}

static const struct ct_trace_image *image_at(const struct ct_repeat *repeat, uint32_t process,
					     uint64_t time)
{
	const struct ct_trace *trace = repeat->model->trace;
	const struct ct_trace_image *found = NULL;

	for (size_t i = 0; i < trace->image_count; i++) {
		const struct ct_trace_image *image = &trace->images[i];

		if (image->process == process && (!found || image->time <= time))
			found = image;
	}
	return found;
}

uint64_t ct_repeat_image_begin(const struct ct_repeat *repeat, uint32_t process, uint64_t time)
{
	const struct ct_trace_image *image = image_at(repeat, process, time);

	return image ? image->time : 0;
}

/* `from`: nothing before counts, being of a former program. */
static enum ct_status find_create(const struct ct_repeat *repeat, const struct ct_thread *thread,
				  uint64_t from, struct making *out)
{
	struct ct_stream *stream;
	struct ct_record record;
	uint64_t n = 0;
	enum ct_status status = ct_stream_open(repeat->model->trace, thread->creator->id, &stream);

	if (status)
		return status;
	while (!out->n && ct_stream_next(stream, &record)) {
		const struct ct_event_info *info = ct_event_info(record.event);

		if (!info || info->effect != CT_EFFECT_THREAD_CREATE || record.time < from)
			continue;
		n++;
		if (record.object == thread->number)
			*out = (struct making){n, record.time};
	}
	ct_stream_close(stream);
	return CT_OK;
}

/* Pids come back: which of those that the maker forked it is, of all that had its pid. */
static uint64_t turn_of(const struct ct_repeat *repeat, const struct ct_trace_process *process)
{
	const struct ct_trace *trace = repeat->model->trace;
	uint64_t turn = 1;

	for (size_t i = 0; i < trace->process_count; i++) {
		const struct ct_trace_process *other = &trace->processes[i];

		turn += other->number < process->number && other->parent == process->parent &&
			other->creator == process->creator && other->pid == process->pid;
	}
	return turn;
}

/* `n` counts from where the maker's program begins: `out->time` tells which one that was. */
static enum ct_status find_fork(const struct ct_repeat *repeat,
				const struct ct_trace_process *process,
				const struct ct_thread *maker, struct making *out)
{
	uint64_t from = 0, n = 0, turn = turn_of(repeat, process);
	struct ct_stream *stream;
	struct ct_record record;
	enum ct_status status = ct_stream_open(repeat->model->trace, maker->id, &stream);

	if (status)
		return status;
	while (!out->n && ct_stream_next(stream, &record)) {
		const struct ct_event_info *info = ct_event_info(record.event);

		if (!info || (info->effect != CT_EFFECT_FORK && info->effect != CT_EFFECT_SYSTEM))
			continue;
		if (maker->number == 1) {
			uint64_t begin =
				ct_repeat_image_begin(repeat, maker->process->number, record.time);
			if (begin != from)
				n = 0;
			from = begin;
		}
		if (record.flags & CT_F_REQUEST)
			n++;
		else if (record.object == process->pid && --turn == 0)
			*out = (struct making){n, record.time};
	}
	ct_stream_close(stream);
	return CT_OK;
}

static const struct ct_thread *thread_numbered(const struct ct_process *process, uint32_t number)
{
	for (size_t i = 0; process && i < process->thread_count; i++)
		if (process->threads[i]->number == number)
			return process->threads[i];
	return NULL;
}

/* Of a program that began with exec, or in a process that was spawned. */
static enum ct_status image_path(const struct ct_repeat *repeat, const struct ct_process *process,
				 const struct ct_trace_image *image, int depth, uint64_t *out)
{
	const struct ct_thread *main = thread_numbered(process->parent, 1);
	const char *command = image ? image->command : process->command;
	uint64_t base = CT_PLAN_ROOT;
	enum ct_status status = CT_OK;

	if (main)
		status = path_of(repeat, main, image ? image->time : 0, depth, &base);
	if (!status)
		*out = ct_plan_path(base, CT_PLAN_STEP_IMAGE, ct_plan_command(command));
	return status;
}

static enum ct_status main_path(const struct ct_repeat *repeat, const struct ct_process *process,
				uint64_t time, int depth, uint64_t *out)
{
	const struct ct_trace_image *image = image_at(repeat, process->number, time);
	const struct ct_trace_process *told = trace_process(repeat, process->number);
	const struct ct_thread *maker = NULL;
	struct making making = {0};
	enum ct_status status;
	uint64_t base;

	if (told && told->creator && (!image || image->image == 0))
		maker = thread_numbered(process->parent, told->creator);
	if (maker) {
		status = find_fork(repeat, told, maker, &making);
		if (!status)
			status = path_of(repeat, maker, making.time, depth, &base);
		if (!status)
			*out = ct_plan_path(base, CT_PLAN_STEP_FORK, making.n);
		return status;
	}
	if ((!told || !told->parent) && (!image || image->image == 0)) {
		*out = CT_PLAN_ROOT;
		return CT_OK;
	}
	return image_path(repeat, process, image, depth, out);
}

static enum ct_status path_of(const struct ct_repeat *repeat, const struct ct_thread *thread,
			      uint64_t time, int depth, uint64_t *out)
{
	const struct ct_thread *maker = thread->creator;
	struct making making = {0};
	enum ct_status status = CT_OK;
	uint64_t base;

	if (depth >= DEPTH_MAX)
		return CT_EFORMAT;
	if (thread->number == 1)
		return main_path(repeat, thread->process, time, depth + 1, out);
	if (maker && maker->process == thread->process)
		status = find_create(
			repeat, thread,
			maker->number == 1
				? ct_repeat_image_begin(repeat, thread->process->number, time)
				: 0,
			&making);
	if (status)
		return status;
	if (making.n) {
		status = path_of(repeat, maker, making.time, depth + 1, &base);
		*out = ct_plan_path(base, CT_PLAN_STEP_THREAD, making.n);
		return status;
	}
	status = main_path(repeat, thread->process, time, depth + 1, &base);
	if (!status)
		*out = ct_plan_path(base, CT_PLAN_STEP_STRANGER, 0);
	return status;
}

enum ct_status ct_repeat_path(const struct ct_repeat *repeat, const struct ct_thread *thread,
			      uint64_t time, uint64_t *out_path)
{
	return path_of(repeat, thread, time, 0, out_path);
}
