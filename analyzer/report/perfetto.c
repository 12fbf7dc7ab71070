#include "report/perfetto.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/text.h"
#include "report/sarif_json.h"
#include "timing/region_names.h"

/* Events are gathered to this size before they are written. */
enum { CHUNK_BYTES = 65536 };
/* Regions within regions that are shown; of those further in only the depth is counted. */
enum { REGIONS_NESTED = 8 };

struct track {
	bool runs;
	uint32_t depth; /* of regions */
	const char *regions[REGIONS_NESTED];
};

struct ct_perfetto {
	const struct ct_model *model;
	struct ct_naming *naming;
	struct ct_perfetto_out out;
	struct ct_text text;
	struct ct_map places; /* process << 32 | stack: its name, as a pointer */
	uint64_t arrows;      /* so far */
	struct track *tracks; /* by thread id; owned */
	struct ct_region_names *names;
	json_int_t running;
	bool begun;
};

static enum ct_status flush(struct ct_perfetto *p)
{
	enum ct_status status = ct_text_status(&p->text);

	if (status == CT_OK)
		status = p->out.write(p->out.state, ct_text_str(&p->text), p->text.len);
	ct_text_reset(&p->text);
	return status;
}

/* Takes `event`, which `json` says whether it is whole. */
static enum ct_status put(struct ct_perfetto *p, const struct ct_json *json, json_t *event)
{
	char *line = NULL;

	if (event && !json->failed)
		line = json_dumps(event, JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(event);
	if (!line)
		return CT_ENOMEM;
	ct_text_add(&p->text, p->begun ? ",\n" : "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
	ct_text_add(&p->text, line);
	free(line);
	p->begun = true;
	return p->text.len < CHUNK_BYTES ? ct_text_status(&p->text) : flush(p);
}

/* The format counts microseconds. */
static json_t *microseconds(uint64_t ns)
{
	return json_real((double)ns / 1000.0);
}

static json_t *event_of(struct ct_json *json, const char *phase, const char *name,
			const struct ct_process *process)
{
	json_t *event = ct_json_object(json);

	ct_json_set_string(json, event, "ph", phase);
	ct_json_set_string(json, event, "name", name);
	/* The trace's own numbers: the kernel may use one of its again. */
	ct_json_set(json, event, "pid", ct_json_integer(json, process->number));
	return event;
}

static json_t *thread_event(struct ct_json *json, const char *phase, const char *name,
			    const struct ct_thread *thread, uint64_t time_ns)
{
	json_t *event = event_of(json, phase, name, thread->process);

	ct_json_set(json, event, "tid", ct_json_integer(json, (json_int_t)thread->id + 1));
	ct_json_set(json, event, "ts", microseconds(time_ns));
	return event;
}

static enum ct_status name_track(struct ct_perfetto *p, const char *what, const char *name,
				 const struct ct_process *process, const struct ct_thread *thread)
{
	struct ct_json json = {0};
	json_t *event = event_of(&json, "M", what, process), *args = ct_json_object(&json);

	if (thread)
		ct_json_set(&json, event, "tid",
			    ct_json_integer(&json, (json_int_t)thread->id + 1));
	ct_json_set_string(&json, args, "name", name);
	ct_json_set(&json, event, "args", args);
	return put(p, &json, event);
}

static enum ct_status name_tracks(struct ct_perfetto *p)
{
	const struct ct_model *model = p->model;
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < model->process_count && status == CT_OK; i++)
		status = name_track(p, "process_name",
				    ct_name_process(p->naming, model->processes[i]),
				    model->processes[i], NULL);
	for (size_t i = 0; i < model->thread_count && status == CT_OK; i++)
		status = name_track(p, "thread_name", ct_name_thread(p->naming, model->threads[i]),
				    model->threads[i]->process, model->threads[i]);
	return status;
}

static const char *place_of(struct ct_perfetto *p, const struct ct_thread *thread, uint32_t stack)
{
	uint64_t key = (uint64_t)thread->process->number << 32 | stack, known;
	const char *place;

	if (!stack)
		return NULL;
	if (ct_map_get(&p->places, key, &known))
		return (const char *)(uintptr_t)known;
	place = ct_name_place(p->naming, thread->process->number, stack);
	/* without room for it, the next one is looked up again */
	if (ct_map_put(&p->places, key, (uintptr_t)place) != CT_OK)
		return place;
	return place;
}

/* "lock `queue.lock`", "join T2", "running" */
static void name_span(struct ct_perfetto *p, const struct ct_span *span, struct ct_text *out)
{
	ct_text_add(out, ct_activity_name(span->activity));
	if (span->joined)
		ct_text_addf(out, " %s", ct_name_thread(p->naming, span->joined));
	else if (span->child)
		ct_text_addf(out, " %s", ct_name_process(p->naming, span->child));
	else if (span->object)
		ct_text_addf(out, " `%s`", ct_name_object_short(p->naming, span->object));
}

static enum ct_status put_slice(struct ct_perfetto *p, const struct ct_span *span)
{
	struct ct_json json = {0};
	json_t *event, *args = ct_json_object(&json);
	struct ct_text name;

	ct_text_init(&name);
	name_span(p, span, &name);
	event = thread_event(&json, "X", ct_text_str(&name), span->thread, span->from_ns);
	ct_json_set(&json, event, "dur", microseconds(span->to_ns - span->from_ns));
	ct_json_set_string(&json, event, "cat", ct_activity_name(span->activity));
	ct_json_set_string(&json, args, "at", place_of(p, span->thread, span->stack));
	if (span->wake.thread)
		ct_json_set_string(&json, args, "ended by",
				   ct_name_thread(p->naming, span->wake.thread));
	if (span->open)
		ct_json_set_string(&json, args, "end", "not recorded");
	ct_json_set(&json, event, "args", args);
	json.failed = json.failed || ct_text_status(&name) != CT_OK;
	ct_text_fini(&name);
	return put(p, &json, event);
}

static enum ct_status put_arrow(struct ct_perfetto *p, const struct ct_span *span, bool end)
{
	struct ct_json json = {0};
	json_t *event =
		end ? thread_event(&json, "f", "wakes", span->thread, span->to_ns)
		    : thread_event(&json, "s", "wakes", span->wake.thread, span->wake.time_ns);

	ct_json_set_string(&json, event, "cat", "wake");
	ct_json_set(&json, event, "id", ct_json_integer(&json, (json_int_t)p->arrows));
	if (end)
		ct_json_set_string(&json, event, "bp", "e");
	return put(p, &json, event);
}

static enum ct_status take_span(void *state, const struct ct_span *span)
{
	struct ct_perfetto *p = state;
	enum ct_status status;

	if (span->from_ns == span->to_ns)
		return CT_OK;
	status = put_slice(p, span);
	if (!span->wake.thread || status)
		return status;
	p->arrows++;
	status = put_arrow(p, span, false);
	return status ? status : put_arrow(p, span, true);
}

static enum ct_status set_running(struct ct_perfetto *p, const struct ct_thread *thread,
				  uint64_t time_ns, bool runs)
{
	struct ct_json json = {0};
	json_t *event, *args;

	if (p->tracks[thread->id].runs == runs)
		return CT_OK;
	p->tracks[thread->id].runs = runs;
	p->running += runs ? 1 : -1;
	event = event_of(&json, "C", "running threads", p->model->processes[0]);
	args = ct_json_object(&json);
	ct_json_set(&json, args, "running", ct_json_integer(&json, p->running));
	ct_json_set(&json, event, "ts", microseconds(time_ns));
	ct_json_set(&json, event, "args", args);
	return put(p, &json, event);
}

static enum ct_status take_change(void *state, const struct ct_thread *thread, uint64_t time_ns,
				  enum ct_activity from, enum ct_activity to)
{
	(void)from;
	return set_running(state, thread, time_ns, to == CT_RUNS);
}

static enum ct_status take_end(void *state, const struct ct_thread *thread, uint64_t time_ns)
{
	return set_running(state, thread, time_ns, false);
}

static const struct ct_held_lock *held(const struct ct_thread *thread,
				       const struct ct_object *object)
{
	for (size_t i = 0; i < thread->held_count; i++)
		if (thread->held[i].object == object)
			return &thread->held[i];
	return NULL;
}

/* `phase` "b": from here on the lock is held, "e": until here. */
static enum ct_status put_hold(struct ct_perfetto *p, const struct ct_step *step,
			       const struct ct_object *lock, const char *phase, uint64_t time_ns)
{
	struct ct_json json = {0};
	struct ct_text name, id;
	json_t *event, *args = ct_json_object(&json);

	ct_text_init(&name);
	ct_text_init(&id);
	ct_text_addf(&name, "holds `%s`", ct_name_object_short(p->naming, lock));
	ct_text_addf(&id, "%" PRIx32 ".%" PRIx32, lock->id, step->thread->id);
	event = thread_event(&json, phase, ct_text_str(&name), step->thread, time_ns);
	ct_json_set_string(&json, event, "cat", "holds");
	ct_json_set_string(&json, event, "id", ct_text_str(&id));
	ct_json_set_string(&json, args, "by", ct_name_thread(p->naming, step->thread));
	ct_json_set_string(&json, args, "at", place_of(p, step->thread, step->record->stack));
	ct_json_set(&json, event, "args", args);
	json.failed = json.failed || ct_text_status(&name) != CT_OK || ct_text_status(&id) != CT_OK;
	ct_text_fini(&name);
	ct_text_fini(&id);
	return put(p, &json, event);
}

static enum ct_status put_region(struct ct_perfetto *p, const struct ct_thread *thread,
				 const char *phase, uint32_t depth, uint64_t time_ns)
{
	struct ct_json json = {0};
	const char *name = p->tracks[thread->id].regions[depth];
	json_t *event = thread_event(&json, phase, name, thread, time_ns);
	struct ct_text id;

	ct_text_init(&id);
	ct_text_addf(&id, "region.%" PRIx32, thread->id);
	ct_json_set_string(&json, event, "cat", "region");
	ct_json_set_string(&json, event, "id", ct_text_str(&id));
	json.failed = json.failed || ct_text_status(&id) != CT_OK;
	ct_text_fini(&id);
	return put(p, &json, event);
}

static enum ct_status take_region(struct ct_perfetto *p, const struct ct_step *step,
				  uint64_t time_ns)
{
	struct track *track = &p->tracks[step->thread->id];

	if (step->record->event == CT_EV_REGION_BEGIN) {
		uint32_t depth = track->depth++;

		if (depth >= REGIONS_NESTED)
			return CT_OK;
		track->regions[depth] = ct_region_name(p->names, step);
		return put_region(p, step->thread, "b", depth, time_ns);
	}
	/* its beginning may be lost, or have been in the parent of a forked thread */
	if (track->depth == 0 || --track->depth >= REGIONS_NESTED)
		return CT_OK;
	return put_region(p, step->thread, "e", track->depth, time_ns);
}

static enum ct_status take_step(void *state, const struct ct_model *model,
				const struct ct_step *step, uint64_t time_ns)
{
	struct ct_perfetto *p = state;
	bool waits = step->effect == CT_EFFECT_WAIT;
	const struct ct_object *lock = waits ? step->mutex : step->object;
	bool takes = step->effect == CT_EFFECT_ACQUIRE || step->effect == CT_EFFECT_ACQUIRE_SHARED;

	(void)model;
	if (step->record->event == CT_EV_REGION_BEGIN || step->record->event == CT_EV_REGION_END)
		return take_region(p, step, time_ns);
	if (!lock || !ct_kind_is_lock(lock->kind))
		return CT_OK;
	if ((takes || waits) && !step->request && !held(step->thread, lock))
		return put_hold(p, step, lock, "b", time_ns);
	if (step->effect == CT_EFFECT_RELEASE && step->outermost && held(step->thread, lock))
		return put_hold(p, step, lock, "e", time_ns);
	if (waits && step->request && held(step->thread, lock))
		return put_hold(p, step, lock, "e", time_ns);
	return CT_OK;
}

enum ct_status ct_perfetto_new(const struct ct_model *model, struct ct_naming *naming,
			       const struct ct_perfetto_out *out, struct ct_perfetto **out_perfetto)
{
	struct ct_perfetto *p = calloc(1, sizeof(*p));
	enum ct_status status;

	if (!p)
		return CT_ENOMEM;
	p->model = model;
	p->naming = naming;
	p->out = *out;
	p->tracks = calloc(model->thread_count + 1, sizeof(*p->tracks));
	ct_text_init(&p->text);
	ct_map_init(&p->places);
	status = p->tracks ? ct_region_names_new(model->trace, &p->names) : CT_ENOMEM;
	if (status == CT_OK)
		status = name_tracks(p);
	if (status) {
		ct_perfetto_free(p);
		return status;
	}
	*out_perfetto = p;
	return CT_OK;
}

struct ct_span_sink ct_perfetto_sink(struct ct_perfetto *perfetto)
{
	return (struct ct_span_sink){
		.state = perfetto,
		.change = take_change,
		.span = take_span,
		.end = take_end,
		.step = take_step,
	};
}

enum ct_status ct_perfetto_finish(struct ct_perfetto *perfetto)
{
	ct_text_add(&perfetto->text, perfetto->begun ? "\n]}\n" : "{\"traceEvents\":[]}\n");
	return flush(perfetto);
}

void ct_perfetto_free(struct ct_perfetto *perfetto)
{
	if (!perfetto)
		return;
	ct_text_fini(&perfetto->text);
	ct_map_fini(&perfetto->places);
	ct_region_names_free(perfetto->names);
	free(perfetto->tracks);
	free(perfetto);
}
