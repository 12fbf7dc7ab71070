#include "model/state.h"

#include <stdlib.h>

#include "model/access_private.h"
#include "model/counts.h"
#include "model/effects.h"
#include "model/gate.h"
#include "model/given.h"
#include "model/kernel.h"
#include "model/maps.h"
#include "model/objects.h"
#include "model/processes.h"
#include "model/resolve.h"
#include "model/threads.h"
#include "model/traps.h"

enum { EVENTS_PER_PROGRESS = 4096 };

static enum ct_status prepare(struct ct_model_state *state)
{
	enum ct_status status = ct_given_prepare(state);

	state->model.counts = ct_arena_calloc(&state->model.arena, 1, sizeof(*state->model.counts));
	if (!state->model.counts)
		return CT_ENOMEM;
	if (status == CT_OK)
		status = ct_threads_prepare(state);
	if (status == CT_OK)
		status = ct_labels_prepare(&state->model);
	if (status == CT_OK)
		status = ct_kernel_prepare(state);
	if (status == CT_OK)
		status = ct_maps_prepare(state);
	if (status == CT_OK)
		status = ct_accesses_prepare(state);
	return status;
}

enum ct_status ct_model_new_from(struct ct_trace *trace, const struct ct_order_source *source,
				 struct ct_error *error, struct ct_model **out_model)
{
	struct ct_model_state *state = calloc(1, sizeof(*state));
	enum ct_status status;

	if (!state)
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	ct_arena_init(&state->model.arena);
	state->model.trace = trace;
	state->model.private_data = state;
	if (source)
		state->source = *source;
	status = prepare(state);
	if (status) {
		ct_model_free(&state->model);
		return ct_error_set(error, status,
				    status == CT_ENOMEM ? "out of memory"
							: "a thread of the trace has no process");
	}
	*out_model = &state->model;
	return CT_OK;
}

enum ct_status ct_model_new(struct ct_trace *trace, struct ct_error *error,
			    struct ct_model **out_model)
{
	return ct_model_new_from(trace, NULL, error, out_model);
}

static bool next_of_stream(void *state, size_t thread, struct ct_record *out_record)
{
	struct ct_stream *const *streams = state;

	return ct_stream_next(streams[thread], out_record);
}

static enum ct_status open_streams(struct ct_model_state *state)
{
	size_t count = state->model.trace->thread_count;

	if (state->source.next)
		return CT_OK;
	state->streams = calloc(count + 1, sizeof(struct ct_stream *));
	if (!state->streams)
		return CT_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		enum ct_status status = ct_stream_open(state->model.trace, i, &state->streams[i]);

		if (status)
			return status;
	}
	state->source = (struct ct_order_source){
		.state = state->streams, .thread_count = count, .next = next_of_stream};
	return CT_OK;
}

static void close_streams(struct ct_model_state *state)
{
	for (size_t i = 0; state->streams && i < state->model.trace->thread_count; i++)
		if (state->streams[i])
			ct_stream_close(state->streams[i]);
	free(state->streams);
	state->streams = NULL;
}

static enum ct_status one_event(struct ct_model_state *state, struct ct_thread *thread,
				const struct ct_record *record, const struct ct_observer *observers,
				size_t count)
{
	struct ct_model *model = &state->model;
	const struct ct_event_info *info = ct_event_info(record->event);
	enum ct_status status = CT_OK;
	struct ct_step step;

	if (!info) /* of a later version of the format: it says nothing to us */
		return CT_OK;
	if (!state->complete && record->time >= model->trace->complete_from) {
		state->complete = true;
		ct_traffic_forget(model);
	}
	if (ct_maps_due(state, record->time))
		status = ct_maps_until(state, record->time);
	if (status == CT_OK)
		status = ct_process_before(model, thread, record);
	if (status == CT_OK)
		status = ct_resolve(model, thread, record, info, &step);
	if (status == CT_OK)
		status = ct_accesses_resolve(state, &step);
	thread->started = true;
	if (status == CT_OK)
		ct_counts_add(model->counts, &step);
	if (status == CT_OK)
		status = ct_traps_note(model, &step);
	for (size_t i = 0; !status && i < count; i++)
		if (observers[i].step)
			status = observers[i].step(observers[i].state, model, &step);
	if (status == CT_OK)
		status = ct_effect_apply(model, &step);
	if (status == CT_OK)
		status = ct_accesses_apply(state, &step);
	model->events++;
	if (record->time > state->last_time)
		state->last_time = record->time;
	return status;
}

enum ct_status ct_model_goes_on(const struct ct_model *model)
{
	if (model->unwanted && atomic_load(model->unwanted))
		return CT_EINTR;
	if (model->progress && !model->progress(model->progress_state, model->events))
		return CT_EINTR;
	return CT_OK;
}

static enum ct_status run(struct ct_model_state *state, struct ct_order *order,
			  const struct ct_observer *observers, size_t count)
{
	enum ct_status status = CT_OK;

	for (uint64_t i = 0; status == CT_OK; i++) {
		const struct ct_record *record;
		size_t thread;

		if (i % EVENTS_PER_PROGRESS == 0)
			status = ct_model_goes_on(&state->model);
		if (status == CT_OK)
			status = ct_order_next(order, &thread, &record);
		if (status == CT_ENOTFOUND)
			return CT_OK;
		if (status == CT_OK)
			status = one_event(state, state->model.threads[thread], record, observers,
					   count);
	}
	return status;
}

enum ct_status ct_model_run(struct ct_model *model, struct ct_observer *observers, size_t count,
			    struct ct_error *error)
{
	struct ct_model_state *state = ct_model_state(model);
	struct ct_order_rules rules = ct_gate_rules(model);
	struct ct_order *order = NULL;
	enum ct_status status = open_streams(state);

	if (status == CT_OK)
		status = ct_order_new(&state->source, &rules, model->trace->frequency, &order);
	if (status == CT_OK)
		status = run(state, order, observers, count);
	if (status == CT_OK)
		ct_processes_finish(model);
	ct_order_free(order);
	close_streams(state);
	if (status)
		return ct_error_set(error, status, "%s: %s",
				    model->trace->path ? model->trace->path : "the trace",
				    ct_status_text(status));
	return CT_OK;
}

void ct_model_free(struct ct_model *model)
{
	struct ct_model_state *state = ct_model_state(model);

	if (!model)
		return;
	ct_objects_fini(model);
	ct_accesses_fini(state);
	ct_maps_fini(state);
	ct_kernel_fini(state);
	ct_given_fini(state);
	ct_threads_fini(model);
	ct_map_fini(&state->unseen_order);
	ct_arena_fini(&model->arena);
	free(state);
}
