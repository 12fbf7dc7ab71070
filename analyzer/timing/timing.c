#include "timing/timing.h"

#include <stdlib.h>

#include "timing/lanes.h"
#include "timing/parts.h"

enum { PARTS = 6, EVENTS_PER_PROGRESS = 65536 };

/* What watches one run. */
struct run {
	const struct ct_timing_options *options;
	struct ct_part_usage *usage;
	struct ct_part_parallelism *parallelism;
	struct ct_part_locks *locks;
	struct ct_part_critical *critical;
	struct ct_part_interpreter *interpreter;
	struct ct_part_lanes *lanes;
	struct ct_spans *spans;
	struct ct_span_sink sinks[PARTS];
	size_t sink_count;
};

static enum ct_status make_parts(struct run *run, struct ct_timing *timing)
{
	enum ct_status status;

#define MAKE(name)                                                                                 \
	status = ct_part_##name##_new(timing, &run->name);                                         \
	if (status)                                                                                \
		return status;                                                                     \
	run->sinks[run->sink_count++] = ct_part_##name##_sink(run->name)
	MAKE(usage);
	MAKE(parallelism);
	MAKE(locks);
	MAKE(critical);
	MAKE(interpreter);
	if (run->options->lanes) {
		MAKE(lanes);
	}
#undef MAKE
	return ct_spans_new(timing->model, run->sinks, run->sink_count, &run->spans);
}

static enum ct_status finish_parts(struct run *run, struct ct_timing *timing)
{
	enum ct_status status = ct_spans_finish(run->spans);

	if (status == CT_OK)
		status = ct_part_usage_finish(run->usage, timing);
	if (status == CT_OK)
		status = ct_part_parallelism_finish(run->parallelism, timing);
	if (status == CT_OK)
		status = ct_part_locks_finish(run->locks, timing);
	if (status == CT_OK)
		status = ct_part_critical_finish(run->critical, timing);
	if (status == CT_OK && run->lanes)
		status = ct_part_lanes_finish(run->lanes, timing);
	if (status == CT_OK) /* relabels what the others found */
		status = ct_part_interpreter_finish(run->interpreter, timing);
	return status;
}

static void free_parts(struct run *run)
{
	ct_part_usage_free(run->usage);
	ct_part_parallelism_free(run->parallelism);
	ct_part_locks_free(run->locks);
	ct_part_critical_free(run->critical);
	ct_part_interpreter_free(run->interpreter);
	ct_part_lanes_free(run->lanes);
	ct_spans_free(run->spans);
}

static enum ct_status show_progress(void *state, const struct ct_model *model,
				    const struct ct_step *step)
{
	const struct ct_timing_options *options = state;

	(void)model;
	if (!options->progress || (step->index + 1) % EVENTS_PER_PROGRESS)
		return CT_OK;
	return options->progress(options->progress_state, step->index + 1) ? CT_OK : CT_EINTR;
}

static enum ct_status watch(struct run *run, struct ct_timing *timing, struct ct_model *model,
			    struct ct_error *error)
{
	struct ct_observer observers[] = {
		{.state = run->spans, .step = ct_spans_step},
		{.state = (void *)run->options, .step = show_progress},
	};
	enum ct_status status = ct_model_run(model, observers, 2, error);

	if (status)
		return status;
	status = finish_parts(run, timing);
	if (status == CT_OK) {
		ct_timing_classify(timing);
		status = ct_timing_advise(timing);
	}
	return status ? ct_error_set(error, status, "%s", ct_status_text(status)) : CT_OK;
}

enum ct_status ct_timing_new(struct ct_model *model, struct ct_naming *naming,
			     const struct ct_timing_options *options, struct ct_error *error,
			     struct ct_timing **out_timing)
{
	static const struct ct_timing_options none = {.lanes = false};
	struct ct_timing *timing = calloc(1, sizeof(*timing));
	struct run run = {.options = options ? options : &none};
	enum ct_status status;

	if (!timing)
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	timing->model = model;
	timing->naming = naming;
	timing->cpus = model->trace->cpus;
	status = make_parts(&run, timing);
	if (status)
		(void)ct_error_set(error, status, "%s", ct_status_text(status));
	else
		status = watch(&run, timing, model, error);
	free_parts(&run);
	if (status) {
		ct_timing_free(timing);
		return status;
	}
	*out_timing = timing;
	return CT_OK;
}

void ct_timing_free(struct ct_timing *timing)
{
	if (!timing)
		return;
	for (size_t i = 0; i < timing->thread_count; i++)
		free(timing->threads[i].blocked);
	for (size_t i = 0; i < timing->lock_count; i++)
		free(timing->locks[i].sites);
	for (size_t i = 0; i < timing->advice_count; i++) {
		free(timing->advice[i].text);
		free(timing->advice[i].help);
	}
	ct_lanes_free(timing->lanes);
	free(timing->threads);
	free(timing->processes);
	free(timing->locks);
	free(timing->parallelism.at_ns);
	free(timing->parallelism.curve);
	free(timing->critical.thread_ns);
	free(timing->critical.segments);
	free(timing->interpreters);
	free(timing->advice);
	free(timing);
}
