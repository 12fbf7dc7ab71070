#include "timing/usage.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/forker.h"
#include "timing/lost.h"
#include "timing/parts.h"
#include "timing/resources.h"
#include "timing/shared.h"

/* What threads wait for, one by one; of the rest only how they waited. */
enum { BLOCKED_KEPT = 256 };

/* A thread while the trace is read. */
struct making {
	struct ct_map blocked; /* what was waited for: index in the thread's list */
	uint64_t created_ns;   /* the call that made it; UNKNOWN */
	uint64_t forking_ns;   /* its fork that has not returned; UNKNOWN */
	uint64_t starts_ns;    /* when it started its first other thread or process; UNKNOWN */
	uint64_t waited_ns;    /* in waits before that */
	bool fork_shares;      /* its child runs in its memory */
};

struct ct_part_usage {
	const struct ct_model *model;
	struct ct_timing_thread *threads; /* by id */
	struct making *making;		  /* by thread id */
	struct ct_timing_process *processes;
	uint64_t *forked_ns;   /* by process: its parent's call; UNKNOWN */
	bool *copied;	       /* by process: its memory began as a copy of its parent's */
	struct ct_map indexes; /* process number: index */
	struct ct_lost lost;
	struct ct_usage before; /* what the first thread used before the trace began */
	bool begun;		/* it had another event than its start */
};

static enum ct_status prepare(struct ct_part_usage *part)
{
	const struct ct_model *model = part->model;
	size_t threads = model->thread_count, processes = model->process_count;
	enum ct_status status = CT_OK;

	part->threads = calloc(threads + 1, sizeof(*part->threads));
	part->making = calloc(threads + 1, sizeof(*part->making));
	part->processes = calloc(processes + 1, sizeof(*part->processes));
	part->forked_ns = calloc(processes + 1, sizeof(*part->forked_ns));
	part->copied = calloc(processes + 1, sizeof(*part->copied));
	if (!part->threads || !part->making || !part->processes || !part->forked_ns ||
	    !part->copied)
		return CT_ENOMEM;
	for (size_t i = 0; i < threads; i++) {
		part->threads[i].thread = model->threads[i];
		part->threads[i].usage = ct_usage_unknown();
		part->threads[i].creation_ns = part->threads[i].unseen_ns = CT_TIME_UNKNOWN;
		part->making[i].created_ns = part->making[i].forking_ns = CT_TIME_UNKNOWN;
		part->making[i].starts_ns = CT_TIME_UNKNOWN;
	}
	for (size_t i = 0; !status && i < processes; i++) {
		part->processes[i].process = model->processes[i];
		part->processes[i].usage = ct_usage_unknown();
		part->processes[i].creation_ns = part->forked_ns[i] = CT_TIME_UNKNOWN;
		part->copied[i] = true;
		status = ct_map_put(&part->indexes, model->processes[i]->number, i);
	}
	return status;
}

enum ct_status ct_part_usage_new(struct ct_timing *timing, struct ct_part_usage **out_part)
{
	struct ct_part_usage *part = calloc(1, sizeof(*part));
	enum ct_status status;

	if (!part)
		return CT_ENOMEM;
	part->model = timing->model;
	ct_map_init(&part->indexes);
	status = prepare(part);
	if (status) {
		ct_part_usage_free(part);
		return status;
	}
	*out_part = part;
	return CT_OK;
}

void ct_part_usage_free(struct ct_part_usage *part)
{
	if (!part)
		return;
	for (size_t i = 0; part->making && i < part->model->thread_count; i++)
		ct_map_fini(&part->making[i].blocked);
	for (size_t i = 0; part->threads && i < part->model->thread_count; i++)
		free(part->threads[i].blocked);
	ct_map_fini(&part->indexes);
	ct_lost_fini(&part->lost);
	free(part->threads);
	free(part->making);
	free(part->processes);
	free(part->forked_ns);
	free(part->copied);
	free(part);
}

static size_t index_of(const struct ct_part_usage *part, const struct ct_process *process)
{
	uint64_t index = 0;

	ct_map_get(&part->indexes, process->number, &index);
	return index;
}

/* What a span is a wait for, as a number: activity, kind of thing, its id. */
static uint64_t key_of(const struct ct_span *span)
{
	uint64_t activity = (uint64_t)span->activity << 40;

	if (span->joined)
		return activity | (uint64_t)1 << 32 | span->joined->id;
	if (span->child)
		return activity | (uint64_t)2 << 32 | span->child->number;
	if (span->object)
		return activity | (uint64_t)3 << 32 | span->object->id;
	return activity;
}

static enum ct_status find_blocked(struct ct_timing_thread *thread, struct ct_map *known,
				   const struct ct_span *span, struct ct_blocked **out_blocked)
{
	struct ct_blocked blocked = {
		span->activity, span->object, span->joined, span->child, 0, 0, 0, false};
	uint64_t key = key_of(span), index;
	enum ct_status status;

	if (!ct_map_get(known, key, &index) && thread->blocked_count >= BLOCKED_KEPT) {
		key = (uint64_t)span->activity << 40;
		blocked = (struct ct_blocked){.activity = span->activity};
	}
	if (!ct_map_get(known, key, &index)) {
		index = thread->blocked_count;
		status = ct_vec_grow(&thread->blocked, &thread->blocked_cap,
				     thread->blocked_count + 1, sizeof(blocked));
		if (status == CT_OK)
			status = ct_map_put(known, key, index);
		if (status)
			return status;
		thread->blocked[thread->blocked_count++] = blocked;
	}
	*out_blocked = &thread->blocked[index];
	return CT_OK;
}

static enum ct_status on_span(void *state, const struct ct_span *span)
{
	struct ct_part_usage *part = state;
	struct ct_timing_thread *thread = &part->threads[span->thread->id];
	uint64_t length_ns = span->to_ns - span->from_ns;
	struct ct_blocked *blocked;
	enum ct_status status;

	if (!thread->present)
		thread->begin_ns = span->from_ns;
	thread->present = true;
	thread->end_ns = span->to_ns;
	thread->by_activity[span->activity] += length_ns;
	thread->ended = !span->open;
	if (span->activity == CT_RUNS)
		return CT_OK;
	if (span->activity == CT_WAITS_CHILD && !span->child)
		thread->strangers_ns += length_ns;
	status = find_blocked(thread, &part->making[span->thread->id].blocked, span, &blocked);
	if (status)
		return status;
	blocked->count += !span->resumed;
	blocked->total_ns += length_ns;
	if (length_ns > blocked->max_ns)
		blocked->max_ns = length_ns;
	blocked->unended |= span->open;
	return CT_OK;
}

static const struct ct_thread *numbered(const struct ct_process *process, uint64_t number)
{
	size_t low = 0, high = process->thread_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (process->threads[mid]->number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low < process->thread_count && process->threads[low]->number == number
		       ? process->threads[low]
		       : NULL;
}

static bool shares_memory(uint16_t event, const struct ct_record *record)
{
	enum { SHARES_MEMORY = 0x100 }; /* CLONE_VM */

	return event == CT_EV_CLONE ? (record->arg & SHARES_MEMORY) != 0
				    : event != CT_EV_FORK && event != CT_EV_DAEMON;
}

/* It was made by the call that its creator is in, unless that has returned before. */
static void note_birth(struct ct_part_usage *part, const struct ct_thread *thread)
{
	const struct ct_thread *forker;
	size_t index;

	if (part->threads[thread->id].present) /* not its first event */
		return;
	index = index_of(part, thread->process);
	if (part->processes[index].present)
		return;
	part->processes[index].present = true;
	forker = ct_forker_of(thread->process);
	if (!forker || part->forked_ns[index] != CT_TIME_UNKNOWN)
		return;
	part->forked_ns[index] = part->making[forker->id].forking_ns;
	part->copied[index] = !part->making[forker->id].fork_shares;
}

static void note_start(struct ct_part_usage *part, const struct ct_thread *thread, uint64_t time_ns)
{
	struct making *making = &part->making[thread->id];

	if (making->starts_ns != CT_TIME_UNKNOWN)
		return;
	making->starts_ns = time_ns;
	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		if (i != CT_RUNS)
			making->waited_ns += part->threads[thread->id].by_activity[i];
}

static void note_fork(struct ct_part_usage *part, const struct ct_step *step, uint64_t time_ns)
{
	struct making *making = &part->making[step->thread->id];
	size_t child;

	note_start(part, step->thread, time_ns);
	if (step->request) {
		making->forking_ns = time_ns;
		making->fork_shares = shares_memory(step->record->event, step->record);
		return;
	}
	if (step->effect == CT_EFFECT_FORK && making->fork_shares &&
	    making->forking_ns != CT_TIME_UNKNOWN && time_ns > making->forking_ns)
		part->threads[step->thread->id].lent_ns += time_ns - making->forking_ns;
	if (step->other) {
		child = index_of(part, step->other->process);
		if (part->forked_ns[child] == CT_TIME_UNKNOWN) {
			part->forked_ns[child] = making->forking_ns;
			part->copied[child] = !making->fork_shares;
		}
	}
	making->forking_ns = CT_TIME_UNKNOWN;
}

static void note_bytes(struct ct_part_usage *part, const struct ct_step *step, bool reads)
{
	struct ct_timing_process *process = &part->processes[index_of(part, step->thread->process)];

	if (step->request || !step->object || step->record->flags & CT_F_PEEK)
		return;
	if (step->object->kind == CT_OBJECT_PIPE)
		*(reads ? &process->bytes_read : &process->bytes_written) += step->record->arg;
	if (step->object->kind == CT_OBJECT_SOCKET)
		*(reads ? &process->socket_bytes_read : &process->socket_bytes_written) +=
			step->record->arg;
}

/* That of the first thread as the trace begins is what was used before. Else it is about one that
 * ends, or about any thread of a process that ends. */
static void note_cpu(struct ct_part_usage *part, const struct ct_step *step)
{
	struct ct_payload_cpu cpu;
	const struct ct_thread *thread;

	if (step->record->payload_size < sizeof(cpu))
		return;
	memcpy(&cpu, step->record->payload, sizeof(cpu));
	thread = numbered(step->thread->process, cpu.thread);
	if (!thread)
		return;
	if (thread->id == 0 && !part->begun) {
		part->before = (struct ct_usage){.cpu_ns = cpu.cpu_ns, .ready_ns = cpu.ready_ns};
		return;
	}
	part->threads[thread->id].usage.cpu_ns = cpu.cpu_ns;
	part->threads[thread->id].usage.ready_ns = cpu.ready_ns;
}

static void note_creation(struct ct_part_usage *part, const struct ct_step *step, uint64_t time_ns)
{
	uint64_t created_ns = part->making[step->thread->id].created_ns;

	if (created_ns == CT_TIME_UNKNOWN)
		return;
	part->making[step->thread->id].created_ns = CT_TIME_UNKNOWN;
	part->threads[step->thread->id].creation_ns =
		time_ns > created_ns ? time_ns - created_ns : 0;
}

static enum ct_status on_step(void *state, const struct ct_model *model, const struct ct_step *step,
			      uint64_t time_ns)
{
	struct ct_part_usage *part = state;

	(void)model;
	note_birth(part, step->thread);
	switch (step->effect) {
	case CT_EFFECT_THREAD_CREATE:
		note_start(part, step->thread, time_ns);
		if (step->other)
			part->making[step->other->id].created_ns = time_ns;
		break;
	case CT_EFFECT_THREAD_START:
		note_creation(part, step, time_ns);
		break;
	case CT_EFFECT_FORK:
	case CT_EFFECT_SYSTEM:
		note_fork(part, step, time_ns);
		break;
	case CT_EFFECT_READ:
	case CT_EFFECT_WRITE:
		note_bytes(part, step, step->effect == CT_EFFECT_READ);
		break;
	case CT_EFFECT_THREAD_EXIT:
		ct_usage_read(step->record, &part->threads[step->thread->id].usage);
		break;
	case CT_EFFECT_PROCESS_EXIT:
		ct_usage_read(step->record,
			      &part->processes[index_of(part, step->thread->process)].usage);
		part->processes[index_of(part, step->thread->process)].ended = true;
		break;
	default:
		if (step->record->event == CT_EV_THREAD_CPU)
			note_cpu(part, step);
		break;
	}
	if (step->thread->id == 0 && step->effect != CT_EFFECT_THREAD_START)
		part->begun = true;
	return ct_lost_step(&part->lost, step);
}

struct ct_span_sink ct_part_usage_sink(struct ct_part_usage *part)
{
	return (struct ct_span_sink){.state = part, .span = on_span, .step = on_step};
}

static int by_length(const void *left, const void *right)
{
	const struct ct_blocked *a = left, *b = right;

	if (a->total_ns != b->total_ns)
		return a->total_ns > b->total_ns ? -1 : 1;
	return (a->activity > b->activity) - (a->activity < b->activity);
}

/* Life of a process: from its first thread's begin to its last one's end. */
static void add_life(struct ct_timing_process *process, const struct ct_timing_thread *thread)
{
	if (!thread->present)
		return;
	if (!process->threads || thread->begin_ns < process->begin_ns)
		process->begin_ns = thread->begin_ns;
	if (thread->end_ns > process->end_ns)
		process->end_ns = thread->end_ns;
	process->threads++;
}

static void finish_thread(struct ct_timing_thread *thread, const struct making *making)
{
	const struct ct_usage *usage = &thread->usage;
	uint64_t known;

	if (making->starts_ns != CT_TIME_UNKNOWN &&
	    making->starts_ns > thread->begin_ns + making->waited_ns)
		thread->alone_ns = making->starts_ns - thread->begin_ns - making->waited_ns;
	if (thread->blocked_count)
		qsort(thread->blocked, thread->blocked_count, sizeof(*thread->blocked), by_length);
	if (usage->cpu_ns == CT_TIME_UNKNOWN || usage->ready_ns == CT_TIME_UNKNOWN)
		return;
	known = usage->cpu_ns + usage->ready_ns;
	thread->unseen_ns =
		thread->by_activity[CT_RUNS] > known ? thread->by_activity[CT_RUNS] - known : 0;
}

static void finish_process(struct ct_part_usage *part, size_t index)
{
	struct ct_timing_process *process = &part->processes[index];
	const struct ct_process *of = process->process;

	for (size_t i = 0; i < of->thread_count; i++)
		add_life(process, &part->threads[of->threads[i]->id]);
	process->present = process->threads > 0;
	if (process->present && part->forked_ns[index] != CT_TIME_UNKNOWN)
		process->creation_ns = process->begin_ns > part->forked_ns[index]
					       ? process->begin_ns - part->forked_ns[index]
					       : 0;
	ct_usage_settle(process, part->threads);
	for (size_t i = 0; i < of->thread_count; i++)
		finish_thread(&part->threads[of->threads[i]->id],
			      &part->making[of->threads[i]->id]);
}

/* From the first thread's begin to the last one's end. */
static uint64_t wall_of(const struct ct_part_usage *part)
{
	uint64_t begin_ns = UINT64_MAX, end_ns = 0;

	for (size_t i = 0; i < part->model->thread_count; i++) {
		const struct ct_timing_thread *thread = &part->threads[i];

		if (thread->present && thread->begin_ns < begin_ns)
			begin_ns = thread->begin_ns;
		if (thread->present && thread->end_ns > end_ns)
			end_ns = thread->end_ns;
	}
	return end_ns > begin_ns ? end_ns - begin_ns : 0;
}

/* Of the first thread, whose life begins with the trace. */
static void leave_out_before(struct ct_part_usage *part)
{
	struct ct_usage *usage = &part->threads[0].usage;

	if (usage->cpu_ns != CT_TIME_UNKNOWN && usage->cpu_ns >= part->before.cpu_ns)
		usage->cpu_ns -= part->before.cpu_ns;
	if (usage->ready_ns != CT_TIME_UNKNOWN && part->before.ready_ns != CT_TIME_UNKNOWN &&
	    usage->ready_ns >= part->before.ready_ns)
		usage->ready_ns -= part->before.ready_ns;
}

/* What the sums are without. */
static void count_missing(const struct ct_part_usage *part, struct ct_timing *timing)
{
	for (size_t i = 0; i < part->model->process_count; i++)
		timing->uncounted += part->processes[i].present && !part->processes[i].counted;
	timing->lost_threads = ct_lost_count(&part->lost, part->model, part->threads);
	timing->lost_records = ct_trace_lost(part->model->trace, &timing->lost_from);
}

enum ct_status ct_part_usage_finish(struct ct_part_usage *part, struct ct_timing *timing)
{
	const struct ct_model *model = part->model;
	enum ct_status status;

	leave_out_before(part);
	for (size_t i = 0; i < model->process_count; i++)
		finish_process(part, i);
	timing->before_ns = part->before.cpu_ns;
	status = ct_shared_bytes(model->trace, part->copied, part->processes, model->process_count);
	if (status)
		return status;
	timing->wall_ns = wall_of(part);
	timing->usage = ct_usage_unknown();
	for (size_t i = 0; i < model->process_count; i++)
		ct_usage_add(&timing->usage, &part->processes[i].usage);
	count_missing(part, timing);
	timing->threads = part->threads;
	timing->thread_count = model->thread_count;
	timing->processes = part->processes;
	timing->process_count = model->process_count;
	part->threads = NULL;
	part->processes = NULL;
	return CT_OK;
}
