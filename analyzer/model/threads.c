#include "model/threads.h"

#include <stdlib.h>
#include <string.h>

#include "model/objects.h"

static enum ct_status make_processes(struct ct_model_state *state)
{
	struct ct_model *model = &state->model;
	const struct ct_trace *trace = model->trace;

	model->processes =
		ct_arena_calloc(&model->arena, trace->process_count, sizeof(struct ct_process *));
	if (!model->processes)
		return CT_ENOMEM;
	for (size_t i = 0; i < trace->process_count; i++) {
		const struct ct_trace_process *from = &trace->processes[i];
		struct ct_process_state *process = ct_arena_alloc(&model->arena, sizeof(*process));
		enum ct_status status;

		if (!process)
			return CT_ENOMEM;
		process->trace = from;
		process->index = (uint32_t)i;
		process->process.number = from->number;
		process->process.pid = from->pid;
		process->process.parent_pid = from->parent_pid;
		process->process.command = from->command ? from->command : "";
		model->processes[model->process_count++] = &process->process;
		status = ct_map_put(&state->numbers, from->number, i);
		if (status)
			return status;
	}
	/* processes are numbered as they begin; so nobody is its own ancestor, in no trace */
	for (size_t i = 0; i < trace->process_count; i++)
		if (trace->processes[i].parent < trace->processes[i].number)
			model->processes[i]->parent =
				ct_process_numbered(model, trace->processes[i].parent);
	return CT_OK;
}

static enum ct_status make_thread(struct ct_model *model, const struct ct_trace_thread *from)
{
	struct ct_process *process = ct_process_numbered(model, from->process);
	struct ct_thread_state *thread = ct_arena_alloc(&model->arena, sizeof(*thread));
	enum ct_status status;

	if (!process)
		return CT_EFORMAT;
	if (!thread)
		return CT_ENOMEM;
	thread->trace = from;
	thread->thread.id = (uint32_t)model->thread_count;
	thread->thread.process = process;
	thread->thread.number = from->thread;
	thread->thread.tid = from->tid;
	thread->thread.clock = &thread->clock;
	ct_vclock_init(&thread->clock, thread->thread.id);
	ct_vclock_init(&thread->fork_clock, thread->thread.id);
	status = ct_vec_grow(&process->threads, &process->thread_cap, process->thread_count + 1,
			     sizeof(struct ct_thread *));
	if (status)
		return status;
	process->threads[process->thread_count++] = &thread->thread;
	model->threads[model->thread_count++] = &thread->thread;
	return CT_OK;
}

enum ct_status ct_threads_prepare(struct ct_model_state *state)
{
	struct ct_model *model = &state->model;
	const struct ct_trace *trace = model->trace;
	enum ct_status status = make_processes(state);

	if (status)
		return status;
	model->threads =
		ct_arena_calloc(&model->arena, trace->thread_count, sizeof(struct ct_thread *));
	if (!model->threads || trace->thread_count >= UINT32_MAX)
		return CT_ENOMEM;
	for (size_t i = 0; !status && i < trace->thread_count; i++)
		status = make_thread(model, &trace->threads[i]);
	return status;
}

void ct_threads_fini(struct ct_model *model)
{
	for (size_t i = 0; i < model->thread_count; i++) {
		struct ct_thread_state *thread = ct_thread_state(model->threads[i]);

		free(thread->thread.held);
		ct_vclock_fini(&thread->clock);
		ct_vclock_fini(&thread->fork_clock);
	}
	for (size_t i = 0; i < model->process_count; i++) {
		free(model->processes[i]->threads);
		ct_map_fini(&ct_process_state(model->processes[i])->pthreads);
		ct_map_fini(&ct_process_state(model->processes[i])->early_detaches);
		ct_map_fini(&ct_process_state(model->processes[i])->timers);
		ct_descriptors_fini(ct_process_state(model->processes[i]));
	}
	ct_map_fini(&ct_model_state(model)->numbers);
}

struct ct_process *ct_process_numbered(const struct ct_model *model, uint32_t number)
{
	uint64_t index;

	if (!ct_map_get(&ct_model_state(model)->numbers, number, &index))
		return NULL;
	return model->processes[index];
}

struct ct_process *ct_process_forked(const struct ct_model *model, const struct ct_process *parent,
				     uint64_t pid)
{
	for (size_t i = 0; i < model->process_count; i++) {
		struct ct_process *child = model->processes[i];

		if (child->pid == pid && child->parent == parent && !ct_process_state(child)->told)
			return child;
	}
	return NULL;
}

struct ct_process *ct_process_unreaped(const struct ct_model *model,
				       const struct ct_process *parent, uint64_t pid)
{
	for (size_t i = 0; i < model->process_count; i++) {
		struct ct_process *child = model->processes[i];

		if (child->pid == pid && child->parent == parent &&
		    !ct_process_state(child)->reaped)
			return child;
	}
	return NULL;
}

/* trace->threads is sorted by number within a process, so the process's array is too. */
struct ct_thread *ct_thread_numbered(const struct ct_process *process, uint64_t number)
{
	size_t low = 0, high = process->thread_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (process->threads[mid]->number < number)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == process->thread_count || process->threads[low]->number != number)
		return NULL;
	return process->threads[low];
}

struct ct_thread *ct_thread_of_pthread(const struct ct_model *model,
				       const struct ct_process *process, uint64_t pthread)
{
	uint64_t id;

	if (model->trace->text)
		return ct_thread_numbered(process, pthread);
	if (!ct_map_get(&ct_process_state(process)->pthreads, pthread, &id))
		return NULL;
	return model->threads[id];
}

enum ct_status ct_thread_create(const struct ct_step *step)
{
	struct ct_thread_state *creator = ct_thread_state(step->thread);
	struct ct_thread_state *thread = ct_thread_state(step->other);
	enum ct_status status;

	if (!thread || thread == creator)
		return CT_OK;
	thread->created = true;
	thread->create_time = step->record->time;
	thread->thread.detached = step->record->flags & CT_F_DETACHED;
	thread->thread.creator = step->thread;
	thread->thread.create_stack = step->record->stack;
	status = ct_vclock_join(&thread->clock, &creator->clock);
	ct_vclock_tick(&creator->clock);
	return status;
}

static void forget_pthread(const struct ct_thread *thread)
{
	struct ct_map *pthreads = &ct_process_state(thread->process)->pthreads;
	uint64_t id;

	if (ct_map_get(pthreads, thread->pthread, &id) && id == thread->id)
		ct_map_remove(pthreads, thread->pthread);
}

/* Who asked to join this pthread_t before anybody knew whose it is, meant this thread. */
static void resolve_joins(struct ct_thread *thread)
{
	struct ct_process_state *process = ct_process_state(thread->process);

	for (size_t i = 0; process->unresolved_joins && i < process->process.thread_count; i++) {
		struct ct_thread *joiner = process->process.threads[i];

		if (joiner->wait.kind != CT_WAIT_JOIN || joiner->wait.thread ||
		    ct_thread_state(joiner)->wait_key != thread->pthread)
			continue;
		joiner->wait.thread = thread;
		process->unresolved_joins--;
	}
}

/* Who detached it before it ran its first instruction, could name nothing but its pthread_t. One
 * that was created since then has it from another, which was never seen. */
static void resolve_detach(struct ct_thread *thread)
{
	struct ct_map *early = &ct_process_state(thread->process)->early_detaches;
	uint64_t time;

	if (!ct_map_get(early, thread->pthread, &time))
		return;
	ct_map_remove(early, thread->pthread);
	if (ct_thread_state(thread)->create_time > time)
		return;
	thread->detached = true;
	forget_pthread(thread);
}

enum ct_status ct_thread_start(const struct ct_step *step)
{
	struct ct_thread *thread = step->thread;
	struct ct_payload_start start;
	enum ct_status status;

	if (step->record->payload_size < sizeof(start))
		return CT_OK;
	memcpy(&start, step->record->payload, sizeof(start));
	thread->started = true;
	thread->exited = thread->joined = false;
	thread->pthread = start.pthread;
	thread->stack_low = start.stack_low;
	thread->stack_size = start.stack_size;
	if (!thread->creator && step->other != thread)
		thread->creator = step->other;
	if (!start.pthread)
		return CT_OK;
	status =
		ct_map_put(&ct_process_state(thread->process)->pthreads, start.pthread, thread->id);
	if (status == CT_OK)
		resolve_joins(thread);
	if (status == CT_OK)
		resolve_detach(thread);
	return status;
}

void ct_thread_exit(const struct ct_step *step)
{
	struct ct_thread *thread = step->thread;

	thread->exited = true;
	if (thread->detached) /* its pthread_t may be given to the next one */
		forget_pthread(thread);
	if (thread->stack_low)
		ct_objects_end_range(&ct_process_state(thread->process)->table, thread->stack_low,
				     thread->stack_size, step->record->time);
}

enum ct_status ct_thread_join(const struct ct_step *step)
{
	struct ct_thread *ended = step->other;

	if (!ended)
		return CT_OK;
	ended->joined = true;
	forget_pthread(ended);
	return ct_vclock_join(&ct_thread_state(step->thread)->clock,
			      &ct_thread_state(ended)->clock);
}

enum ct_status ct_thread_detach(const struct ct_step *step)
{
	if (!step->other)
		return ct_map_put(&ct_process_state(step->thread->process)->early_detaches,
				  step->record->object, step->record->time);
	step->other->detached = true;
	forget_pthread(step->other);
	return CT_OK;
}

void ct_thread_detach_failed(const struct ct_step *step)
{
	ct_map_remove(&ct_process_state(step->thread->process)->early_detaches,
		      step->record->object);
}
