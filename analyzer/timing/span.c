#include "timing/span.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "model/ends.h"
#include "timing/wakes.h"

/* A thread, as its last event left it. */
struct track {
	struct ct_wait wait; /* its own copy: the model's is gone when the wait ends */
	enum ct_activity activity;
	uint64_t from_ns; /* since when it does this */
	bool begun, ended, resumed;
	/* Signal handlers that run while it waits: meanwhile it runs. One that leaves by a jump
	 * leaves the wait as well, which the model learns by what the thread does next. */
	struct ct_wait interrupted;
	uint32_t handlers;
};

struct process_track {
	const struct ct_trace_process *trace;
	const struct ct_process *process;
	uint64_t exec_ns;
	bool exec_pending, over;
};

/* The newest event: what it means for waits shows once the model has applied it. */
struct newest {
	struct ct_thread *thread; /* NULL: none, or one that is not told */
	struct process_track *process;
	uint64_t time_ns;
	struct ct_wait_end wait_end;
	uint16_t event;
	enum ct_effect effect;
	bool failed; /* the call did not get what it was for */
};

struct ct_spans {
	const struct ct_model *model;
	struct ct_span_sink *sinks;
	size_t sink_count;
	struct track *threads;		 /* by id */
	struct process_track *processes; /* as model->processes */
	struct ct_map indexes;		 /* process number: index */
	struct ct_wakes *wakes;
	struct newest newest;
	uint64_t told_ns; /* time of the last change or end */
};

uint64_t ct_timing_ns(const struct ct_trace *trace, uint64_t ticks)
{
	double ns;

	if (ticks <= trace->begin || !trace->frequency)
		return 0;
	ns = (double)(ticks - trace->begin) * 1e9 / (double)trace->frequency;
	return ns < (double)INT64_MAX ? (uint64_t)ns : INT64_MAX; /* only damage is that late */
}

static enum ct_status prepare(struct ct_spans *spans, const struct ct_span_sink *sinks,
			      size_t count)
{
	const struct ct_model *model = spans->model;
	enum ct_status status;

	spans->sinks = calloc(count + 1, sizeof(*spans->sinks));
	spans->threads = calloc(model->thread_count + 1, sizeof(*spans->threads));
	spans->processes = calloc(model->process_count + 1, sizeof(*spans->processes));
	if (!spans->sinks || !spans->threads || !spans->processes)
		return CT_ENOMEM;
	for (size_t i = 0; i < count; i++)
		spans->sinks[spans->sink_count++] = sinks[i];
	for (size_t i = 0; i < model->process_count; i++) {
		spans->processes[i].process = model->processes[i];
		spans->processes[i].trace = &model->trace->processes[i];
		status = ct_map_put(&spans->indexes, model->processes[i]->number, i);
		if (status)
			return status;
	}
	return ct_wakes_new(model, &spans->wakes);
}

enum ct_status ct_spans_new(const struct ct_model *model, const struct ct_span_sink *sinks,
			    size_t count, struct ct_spans **out_spans)
{
	struct ct_spans *spans = calloc(1, sizeof(*spans));
	enum ct_status status;

	if (!spans)
		return CT_ENOMEM;
	spans->model = model;
	ct_map_init(&spans->indexes);
	status = prepare(spans, sinks, count);
	if (status) {
		ct_spans_free(spans);
		return status;
	}
	*out_spans = spans;
	return CT_OK;
}

void ct_spans_free(struct ct_spans *spans)
{
	if (!spans)
		return;
	ct_wakes_free(spans->wakes);
	ct_map_fini(&spans->indexes);
	free(spans->processes);
	free(spans->threads);
	free(spans->sinks);
	free(spans);
}

static struct process_track *track_of(struct ct_spans *spans, const struct ct_process *process)
{
	uint64_t index = 0;

	ct_map_get(&spans->indexes, process->number, &index);
	return &spans->processes[index];
}

/* Times that are told never go back. */
static uint64_t in_order(struct ct_spans *spans, uint64_t time_ns)
{
	if (time_ns > spans->told_ns)
		spans->told_ns = time_ns;
	return spans->told_ns;
}

static enum ct_status tell_change(struct ct_spans *spans, const struct ct_thread *thread,
				  uint64_t time_ns, enum ct_activity from, enum ct_activity to)
{
	uint64_t told_ns = in_order(spans, time_ns);
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < spans->sink_count; i++)
		if (spans->sinks[i].change)
			status = spans->sinks[i].change(spans->sinks[i].state, thread, told_ns,
							from, to);
	return status;
}

static enum ct_status tell_span(struct ct_spans *spans, const struct ct_span *span)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < spans->sink_count; i++)
		if (spans->sinks[i].span)
			status = spans->sinks[i].span(spans->sinks[i].state, span);
	return status;
}

static enum ct_status tell_end(struct ct_spans *spans, const struct ct_thread *thread,
			       uint64_t time_ns)
{
	uint64_t told_ns = in_order(spans, time_ns);
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < spans->sink_count; i++)
		if (spans->sinks[i].end)
			status = spans->sinks[i].end(spans->sinks[i].state, thread, told_ns);
	return status;
}

/* The thread's span so far, up to a time. */
static struct ct_span span_of(const struct track *track, const struct ct_thread *thread,
			      uint64_t time_ns)
{
	struct ct_span span = {
		.thread = thread,
		.activity = track->activity,
		.from_ns = track->from_ns,
		.to_ns = time_ns > track->from_ns ? time_ns : track->from_ns,
		.resumed = track->resumed,
	};

	if (track->activity == CT_RUNS)
		return span;
	span.object = track->wait.object;
	span.joined = track->wait.thread;
	span.child = track->wait.process;
	span.stack = track->wait.stack;
	return span;
}

/* A signal says that the wait is over, before the call returns: it waited for one, or for any child
 * to end. */
static bool is_told_by_signal(const struct newest *newest, const struct ct_wait *wait)
{
	return newest->effect == CT_EFFECT_HANDLER_ENTER &&
	       (wait->kind == CT_WAIT_SIGNAL || (wait->kind == CT_WAIT_CHILD && !wait->process));
}

/* The newest event ends the thread's span. */
static enum ct_status close_span(struct ct_spans *spans, struct track *track)
{
	const struct newest *newest = &spans->newest;
	struct ct_span span = span_of(track, newest->thread, newest->time_ns);

	if (span.activity != CT_RUNS) {
		span.failed = newest->failed || newest->event != track->wait.event;
		if (!span.failed || is_told_by_signal(newest, &track->wait))
			ct_wakes_find(spans->wakes, &track->wait, &newest->wait_end, &span);
		if (span.wake.thread)
			span.failed = false;
	}
	track->from_ns = span.to_ns;
	return tell_span(spans, &span);
}

static enum ct_status begin_thread(struct ct_spans *spans, const struct ct_thread *thread,
				   uint64_t time_ns)
{
	const struct process_track *process = track_of(spans, thread->process);
	struct track *track = &spans->threads[thread->id];
	uint64_t born_ns = ct_timing_ns(spans->model->trace, process->trace->time);

	if (thread->number == 1 && !track->begun && born_ns < time_ns)
		time_ns = born_ns;
	*track = (struct track){.activity = CT_RUNS, .from_ns = time_ns, .begun = true};
	return tell_change(spans, thread, time_ns, CT_RUNS, CT_RUNS);
}

/* `open`: the trace does not have the end. */
static enum ct_status end_thread(struct ct_spans *spans, const struct ct_thread *thread,
				 uint64_t time_ns, bool open)
{
	struct track *track = &spans->threads[thread->id];
	struct ct_span span = span_of(track, thread, time_ns);
	enum ct_status status;

	span.open = open;
	track->ended = true;
	status = tell_span(spans, &span);
	return status ? status : tell_end(spans, thread, span.to_ns);
}

static bool lives(const struct ct_spans *spans, const struct ct_thread *thread)
{
	return spans->threads[thread->id].begun && !spans->threads[thread->id].ended;
}

static enum ct_status end_process(struct ct_spans *spans, struct process_track *process,
				  uint64_t time_ns, bool open)
{
	enum ct_status status = CT_OK;

	process->over = true;
	for (size_t i = 0; !status && i < process->process->thread_count; i++)
		if (lives(spans, process->process->threads[i]))
			status = end_thread(spans, process->process->threads[i], time_ns, open);
	return status;
}

/* A child that was killed, and reaped just now: it ended just now if that was waited for. Else it
 * is not known when. */
static enum ct_status end_reaped(struct ct_spans *spans, const struct ct_process *child,
				 bool was_waited_for)
{
	struct process_track *process = track_of(spans, child);
	uint64_t last_ns = ct_wakes_last_of(spans->wakes, (size_t)(process - spans->processes));

	if (was_waited_for)
		last_ns = spans->newest.time_ns;

	return process->over ? CT_OK : end_process(spans, process, last_ns, true);
}

static bool is_same(const struct ct_wait *a, const struct ct_wait *b)
{
	return a->kind == b->kind && a->since == b->since && a->event == b->event &&
	       a->object == b->object;
}

static void count_handlers(struct track *track, enum ct_effect effect, const struct ct_wait *wait)
{
	bool same = track->handlers && is_same(&track->interrupted, wait);

	if (effect == CT_EFFECT_HANDLER_ENTER && wait->kind != CT_WAIT_NONE) {
		track->handlers = same ? track->handlers + 1 : 1;
		track->interrupted = *wait;
	}
	if (effect == CT_EFFECT_HANDLER_LEAVE && same)
		track->handlers--;
}

/* What the thread does since the newest event. */
static enum ct_status settle_thread(struct ct_spans *spans)
{
	const struct newest *newest = &spans->newest;
	struct track *track = &spans->threads[newest->thread->id];
	const struct ct_wait *wait = &newest->thread->wait;
	enum ct_activity before = track->activity, now;
	enum ct_status status;

	count_handlers(track, newest->effect, wait);
	now = ct_activity_of(wait);
	if (track->handlers && is_same(&track->interrupted, wait))
		now = CT_RUNS;
	if (now == before && (now == CT_RUNS || is_same(&track->wait, wait)))
		return CT_OK;
	status = close_span(spans, track);
	track->resumed =
		now != CT_RUNS && ct_timing_ns(spans->model->trace, wait->since) < newest->time_ns;
	track->activity = now;
	track->wait = *wait;
	if (status == CT_OK && now != before)
		status = tell_change(spans, newest->thread, newest->time_ns, before, now);
	return status;
}

static enum ct_status settle(struct ct_spans *spans)
{
	struct newest *newest = &spans->newest;
	struct process_track *process;
	enum ct_status status = CT_OK;
	bool waited;

	if (!newest->thread)
		return CT_OK;
	process = newest->process;
	waited = spans->threads[newest->thread->id].activity == CT_WAITS_CHILD;
	if (newest->effect == CT_EFFECT_THREAD_EXIT)
		status = end_thread(spans, newest->thread, newest->time_ns, false);
	else if (newest->effect == CT_EFFECT_PROCESS_EXIT)
		status = end_process(spans, process, newest->time_ns, false);
	else
		status = settle_thread(spans);
	if (newest->effect == CT_EFFECT_EXEC) {
		process->exec_pending = true;
		process->exec_ns = newest->time_ns;
	}
	if (status == CT_OK && newest->effect == CT_EFFECT_PROCESS_WAIT && newest->wait_end.other)
		status = end_reaped(spans, newest->wait_end.other->process, waited);
	newest->thread = NULL;
	return status;
}

/* The first event after an exec: if it was another program's, the model has let the other threads
 * go. */
static enum ct_status after_exec(struct ct_spans *spans, struct process_track *process)
{
	enum ct_status status = CT_OK;

	process->exec_pending = false;
	for (size_t i = 0; !status && i < process->process->thread_count; i++) {
		const struct ct_thread *thread = process->process->threads[i];

		if (lives(spans, thread) && thread->exited)
			status = end_thread(spans, thread, process->exec_ns, false);
	}
	return status;
}

/* A request in place of an answer: some of the thread's records are missing. */
static bool is_failed(const struct ct_record *record, enum ct_effect effect)
{
	return effect == CT_EFFECT_FAILURE || record->flags & CT_F_REQUEST ||
	       record->flags & CT_F_TIMED_OUT || (effect == CT_EFFECT_POLL && record->arg == 0);
}

/* The call that the event is about: of a failure, the one that failed. */
static uint16_t call_of(const struct ct_record *record)
{
	struct ct_payload_fail fail;

	if (record->event != CT_EV_FAIL || record->payload_size < sizeof(fail))
		return record->event;
	memcpy(&fail, record->payload, sizeof(fail));
	return fail.call;
}

/* Begins the thread if it has to; remembers the event, if the thread lives. */
static enum ct_status notice(struct ct_spans *spans, struct process_track *process,
			     const struct ct_step *step, uint64_t time_ns)
{
	const struct track *track = &spans->threads[step->thread->id];
	enum ct_status status = CT_OK;

	/* what comes after the end is that of a thread which the exit has overtaken */
	if (process->over || (track->ended && step->effect != CT_EFFECT_THREAD_START))
		return CT_OK;
	if (!lives(spans, step->thread))
		status = begin_thread(spans, step->thread, time_ns);
	spans->newest = (struct newest){
		.thread = step->thread,
		.process = process,
		.time_ns = time_ns,
		.wait_end = {.other = step->request ? NULL : step->other,
			     .accepted = ct_step_accepted(spans->model, step),
			     .nothing = step->effect == CT_EFFECT_READ && step->record->arg == 0},
		.event = call_of(step->record),
		.effect = step->effect,
		.failed = is_failed(step->record, step->effect),
	};
	return status;
}

enum ct_status ct_spans_step(void *state, const struct ct_model *model, const struct ct_step *step)
{
	struct ct_spans *spans = state;
	uint64_t time_ns = ct_timing_ns(model->trace, step->record->time);
	struct process_track *process = track_of(spans, step->thread->process);
	enum ct_status status = settle(spans);

	if (status == CT_OK && process->exec_pending)
		status = after_exec(spans, process);
	if (status == CT_OK)
		status = notice(spans, process, step, time_ns);
	for (size_t i = 0; !status && i < spans->sink_count; i++)
		if (spans->sinks[i].step)
			status = spans->sinks[i].step(spans->sinks[i].state, model, step, time_ns);
	return status ? status : ct_wakes_note(spans->wakes, step, time_ns);
}

enum ct_status ct_spans_finish(struct ct_spans *spans)
{
	enum ct_status status = settle(spans);

	for (size_t i = 0; !status && i < spans->model->process_count; i++)
		status = end_process(spans, &spans->processes[i], ct_wakes_last_of(spans->wakes, i),
				     true);
	return status;
}
