#include "live/pattern.h"

#include <errno.h>
#include <string.h>

#include "live/arrivals.h"
#include "model/repeat.h"

/* A thread is held for as long as the others may need, and no longer. */
enum { TIMEOUT_MS = 2000, TIMEOUT_SPANS = 4 };

/* When things happened in the recorded run. */
struct span {
	uint64_t first, last;
};

static enum ct_status thread_of(const struct ct_model *model, const struct ct_repeat *repeat,
				const struct ct_step_of_cycle *step, struct ct_error *error,
				struct ct_pattern_thread *out, struct span *span)
{
	struct ct_arrival_places places;
	enum ct_status status;

	if (!step->thread || !step->wanted_at.stack)
		return ct_error_set(error, CT_EUSAGE,
				    "where one of its threads waits is not known");
	status = ct_arrivals_find(model, repeat, step, &places);
	if (status == CT_EUSAGE)
		return ct_error_set(error, status,
				    "the record of %s, where it would wait, cannot be found",
				    step->thread->name);
	if (!status)
		status = ct_repeat_path(repeat, step->thread, places.time, &out->path);
	if (status)
		return ct_error_set(error, status, "how %s began cannot be read",
				    step->thread->name);
	out->stop = places.stop;
	out->outermost = places.outermost;
	out->own = places.own;
	if (places.since < span->first)
		span->first = places.since;
	if (places.time > span->last)
		span->last = places.time;
	return CT_OK;
}

static uint32_t in_ms(const struct ct_model *model, const struct span *span)
{
	double seconds = 0;

	if (model->trace->frequency)
		seconds = (double)(span->last - span->first) / (double)model->trace->frequency;
	return seconds * 1000 < CT_PLAN_TIMEOUT_MAX ? (uint32_t)(seconds * 1000)
						    : CT_PLAN_TIMEOUT_MAX;
}

enum ct_status ct_pattern_of(const struct ct_model *model, const struct ct_repeat *repeat,
			     const struct ct_finding *finding, struct ct_error *error,
			     struct ct_pattern *out)
{
	struct ct_pattern pattern = {.count = (uint32_t)finding->step_count};
	struct span span = {UINT64_MAX, 0};
	enum ct_status status = CT_OK;

	if (finding->step_count < 2 || finding->step_count > CT_PLAN_THREADS_MAX)
		return ct_error_set(error, CT_EUSAGE,
				    "a run can be steered to circles of 2 to %u threads",
				    CT_PLAN_THREADS_MAX);
	for (uint32_t i = 0; !status && i < pattern.count; i++)
		status = thread_of(model, repeat, &finding->steps[i], error, &pattern.threads[i],
				   &span);
	if (!status)
		pattern.span_ms = in_ms(model, &span);
	if (!status)
		*out = pattern;
	return status;
}

static struct ct_plan_place gate_of(const struct ct_pattern_thread *thread,
				    enum ct_pattern_gates gates)
{
	switch (gates) {
	case CT_GATES_OUTERMOST:
		return thread->outermost;
	case CT_GATES_OWN:
		return thread->own;
	case CT_GATES_NONE:
		break;
	}
	return (struct ct_plan_place){0};
}

void ct_pattern_plan(const struct ct_pattern *pattern, const struct ct_pattern_way *way,
		     uint64_t seed, struct ct_plan *out)
{
	*out = (struct ct_plan){.magic = CT_PLAN_MAGIC,
				.version = CT_PLAN_VERSION,
				.mode = way->mode,
				.count = pattern->count,
				.timeout_ms = TIMEOUT_MS + TIMEOUT_SPANS * pattern->span_ms,
				.seed = seed};
	if (out->timeout_ms > CT_PLAN_TIMEOUT_MAX)
		out->timeout_ms = CT_PLAN_TIMEOUT_MAX;
	for (uint32_t i = 0; i < pattern->count; i++) {
		const struct ct_pattern_thread *thread = &pattern->threads[i];

		out->thread[i] = (struct ct_plan_thread){
			.path = way->any_thread ? 0 : thread->path,
			.stop = thread->stop,
			.gate = gate_of(thread, way->gates),
		};
	}
}

uint64_t ct_pattern_stops(const struct ct_pattern *pattern)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < pattern->count; i++)
		sum += ct_plan_mix(pattern->threads[i].stop.site, pattern->threads[i].stop.caller);
	return ct_plan_mix(sum, pattern->count);
}

bool ct_pattern_stands(const struct ct_pattern *pattern, const struct ct_repeat *repeat,
		       const struct ct_finding *finding)
{
	bool used[CT_PLAN_THREADS_MAX] = {false};

	if (finding->step_count != pattern->count)
		return false;
	for (uint32_t i = 0; i < pattern->count; i++) {
		const struct ct_place *at = &finding->steps[i].wanted_at;
		uint64_t site = ct_repeat_site(repeat, at->process, at->stack, CT_PLAN_FRAMES);
		uint32_t k = 0;

		while (k < pattern->count && (used[k] || pattern->threads[k].stop.site != site))
			k++;
		if (!site || k == pattern->count)
			return false;
		used[k] = true;
	}
	return true;
}

static bool is_stop(const struct ct_pattern *pattern, uint64_t site)
{
	for (uint32_t i = 0; i < pattern->count; i++)
		if (site && pattern->threads[i].stop.site == site)
			return true;
	return false;
}

static bool is_refusal(const struct ct_record *record)
{
	struct ct_payload_fail fail;
	const struct ct_event_info *call;

	if (record->event != CT_EV_FAIL || record->payload_size < sizeof(fail))
		return false;
	memcpy(&fail, record->payload, sizeof(fail));
	call = ct_event_info(fail.call);
	return call && call->effect == CT_EFFECT_FILE_LOCK && fail.error == EDEADLK;
}

enum ct_status ct_pattern_refused(const struct ct_pattern *pattern, const struct ct_repeat *repeat,
				  const struct ct_model *model, bool *out)
{
	*out = false;
	for (size_t i = 0; i < model->thread_count && !*out; i++) {
		uint32_t process = model->threads[i]->process->number;
		struct ct_stream *stream;
		struct ct_record record;
		enum ct_status status = ct_stream_open(model->trace, i, &stream);

		if (status)
			return status;
		while (!*out && ct_stream_next(stream, &record))
			*out = is_refusal(&record) &&
			       is_stop(pattern, ct_repeat_site(repeat, process, record.stack,
							       CT_PLAN_FRAMES));
		ct_stream_close(stream);
	}
	return CT_OK;
}
