#include "report/perfetto.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/text.h"
#include "base/vec.h"
#include "report/perfetto_event.h"
#include "timing/region_names.h"

/* Regions within regions that are shown; of those further in only the depth is counted. */
enum { REGIONS_NESTED = 8 };

struct track {
	bool runs;
	uint32_t depth; /* of regions */
	const char *regions[REGIONS_NESTED];
	const struct ct_object **holds; /* slices that are open, oldest first; owned */
	size_t hold_count, hold_cap;
	uint64_t end_ns;
};

struct ct_perfetto {
	const struct ct_model *model;
	struct ct_naming *naming;
	struct ct_perfetto_file file;
	struct ct_map places; /* process << 32 | stack: its name, as a pointer */
	struct ct_map takers; /* lock: who took it last, for itself alone; ids */
	uint64_t arrows;      /* so far */
	struct track *tracks; /* by thread id; owned */
	struct ct_region_names *names;
	int64_t running;
};

static const char *thread_name(struct ct_perfetto *p, const struct ct_thread *thread)
{
	return ct_name_thread(p->naming, thread);
}

/* "name" of a whole that may have the program's words in it. */
static void add_name(struct ct_perfetto *p, const char *before, const char *name, const char *after)
{
	ct_text_addf(&p->file.text, ",\"name\":\"%s%s%s\"", before,
		     name ? ct_perfetto_escape(&p->file, name) : "", after);
}

static enum ct_status name_track(struct ct_perfetto *p, const char *what, const char *name,
				 const struct ct_process *process, const struct ct_thread *thread)
{
	ct_perfetto_begin(&p->file, 'M', process, thread);
	add_name(p, what, NULL, "");
	ct_perfetto_open_args(&p->file);
	ct_perfetto_add_arg(&p->file, "name", name);
	ct_perfetto_close_args(&p->file);
	return ct_perfetto_put(&p->file);
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
		status = name_track(p, "thread_name", thread_name(p, model->threads[i]),
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
static void name_span(struct ct_perfetto *p, const struct ct_span *span)
{
	const char *activity = ct_activity_name(span->activity), *name = NULL;
	bool object = !span->joined && !span->child && span->object;

	if (span->joined)
		name = thread_name(p, span->joined);
	else if (span->child)
		name = ct_name_process(p->naming, span->child);
	else if (span->object)
		name = ct_name_object_short(p->naming, span->object);
	if (name)
		name = ct_perfetto_escape(&p->file, name);
	ct_text_addf(&p->file.text, ",\"name\":\"%s%s%s%s\",\"cat\":\"%s\"", activity,
		     object ? " `"
		     : name ? " "
			    : "",
		     name ? name : "", object ? "`" : "", activity);
}

static enum ct_status put_slice(struct ct_perfetto *p, const struct ct_span *span)
{
	struct ct_perfetto_file *file = &p->file;

	ct_perfetto_begin(file, 'X', span->thread->process, span->thread);
	ct_perfetto_add_time(file, "ts", span->from_ns);
	ct_perfetto_add_time(file, "dur", span->to_ns - span->from_ns);
	name_span(p, span);
	ct_perfetto_open_args(file);
	ct_perfetto_add_arg(file, "at", place_of(p, span->thread, span->stack));
	if (span->wake.thread)
		ct_perfetto_add_arg(file, "ended by", thread_name(p, span->wake.thread));
	if (span->open)
		ct_perfetto_add_arg(file, "end", "not recorded");
	ct_perfetto_close_args(file);
	return ct_perfetto_put(file);
}

static enum ct_status put_arrow(struct ct_perfetto *p, const struct ct_span *span, bool end)
{
	const struct ct_thread *thread = end ? span->thread : span->wake.thread;

	ct_perfetto_begin(&p->file, end ? 'f' : 's', thread->process, thread);
	ct_perfetto_add_time(&p->file, "ts", end ? span->to_ns : span->wake.time_ns);
	ct_text_addf(&p->file.text, ",\"name\":\"wakes\",\"cat\":\"wake\",\"id\":%" PRIu64 "%s",
		     p->arrows, end ? ",\"bp\":\"e\"" : "");
	return ct_perfetto_put(&p->file);
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
	if (p->tracks[thread->id].runs == runs)
		return CT_OK;
	p->tracks[thread->id].runs = runs;
	p->running += runs ? 1 : -1;
	ct_perfetto_begin(&p->file, 'C', p->model->processes[0], NULL);
	ct_perfetto_add_time(&p->file, "ts", time_ns);
	ct_text_addf(&p->file.text,
		     ",\"name\":\"running threads\",\"args\":{\"running\":%" PRId64 "}",
		     p->running);
	return ct_perfetto_put(&p->file);
}

static enum ct_status take_change(void *state, const struct ct_thread *thread, uint64_t time_ns,
				  enum ct_activity from, enum ct_activity to)
{
	(void)from;
	return set_running(state, thread, time_ns, to == CT_RUNS);
}

/* `phase` 'b': from here on the lock is held, 'e': until here. */
static enum ct_status put_hold(struct ct_perfetto *p, char phase, const struct ct_thread *thread,
			       const struct ct_object *lock, uint32_t stack, uint64_t time_ns)
{
	ct_perfetto_begin(&p->file, phase, thread->process, thread);
	ct_perfetto_add_time(&p->file, "ts", time_ns);
	add_name(p, "holds `", ct_name_object_short(p->naming, lock), "`");
	ct_text_addf(&p->file.text, ",\"cat\":\"holds\",\"id\":\"%" PRIx32 ".%" PRIx32 "\"",
		     lock->id, thread->id);
	ct_perfetto_open_args(&p->file);
	ct_perfetto_add_arg(&p->file, "by", thread_name(p, thread));
	ct_perfetto_add_arg(&p->file, "at", place_of(p, thread, stack));
	ct_perfetto_close_args(&p->file);
	return ct_perfetto_put(&p->file);
}

/* Where the lock stands in the open slices of the track; their number if it is not there. */
static size_t find_hold(const struct track *track, const struct ct_object *lock)
{
	for (size_t i = track->hold_count; i-- > 0;)
		if (track->holds[i] == lock)
			return i;
	return track->hold_count;
}

static enum ct_status end_hold(struct ct_perfetto *p, uint32_t thread, const struct ct_object *lock,
			       uint32_t stack, uint64_t time_ns)
{
	struct track *track = &p->tracks[thread];
	size_t at = find_hold(track, lock);

	if (at == track->hold_count)
		return CT_OK;
	for (track->hold_count--; at < track->hold_count; at++)
		track->holds[at] = track->holds[at + 1];
	return put_hold(p, 'e', p->model->threads[thread], lock, stack, time_ns);
}

/* Who gives a lock back may be another thread than the one that took it; so may be the next one
 * that takes it, of a trace with gaps. */
static enum ct_status end_hold_of_taker(struct ct_perfetto *p, const struct ct_object *lock,
					uint64_t time_ns)
{
	uint64_t taker;

	if (!ct_map_get(&p->takers, lock->id, &taker))
		return CT_OK;
	return end_hold(p, (uint32_t)taker, lock, 0, time_ns);
}

static enum ct_status begin_hold(struct ct_perfetto *p, const struct ct_step *step,
				 const struct ct_object *lock, uint64_t time_ns)
{
	struct track *track = &p->tracks[step->thread->id];
	enum ct_status status;

	if (find_hold(track, lock) < track->hold_count)
		return CT_OK;
	status = end_hold_of_taker(p, lock, time_ns);
	if (status == CT_OK)
		status = ct_vec_grow(&track->holds, &track->hold_cap, track->hold_count + 1,
				     sizeof(struct ct_object *));
	if (step->effect == CT_EFFECT_ACQUIRE_SHARED)
		ct_map_remove(&p->takers, lock->id);
	else if (status == CT_OK)
		status = ct_map_put(&p->takers, lock->id, step->thread->id);
	if (status)
		return status;
	track->holds[track->hold_count++] = lock;
	return put_hold(p, 'b', step->thread, lock, step->record->stack, time_ns);
}

static enum ct_status release(struct ct_perfetto *p, const struct ct_step *step,
			      const struct ct_object *lock, uint64_t time_ns)
{
	const struct track *track = &p->tracks[step->thread->id];

	if (find_hold(track, lock) == track->hold_count)
		return end_hold_of_taker(p, lock, time_ns);
	return end_hold(p, step->thread->id, lock, step->record->stack, time_ns);
}

static enum ct_status put_region(struct ct_perfetto *p, const struct ct_thread *thread, char phase,
				 uint32_t depth, uint64_t time_ns)
{
	ct_perfetto_begin(&p->file, phase, thread->process, thread);
	ct_perfetto_add_time(&p->file, "ts", time_ns);
	add_name(p, "", p->tracks[thread->id].regions[depth], "");
	ct_text_addf(&p->file.text, ",\"cat\":\"region\",\"id\":\"region.%" PRIx32 "\"",
		     thread->id);
	return ct_perfetto_put(&p->file);
}

static enum ct_status begin_region(struct ct_perfetto *p, const struct ct_step *step,
				   uint64_t time_ns)
{
	struct track *track = &p->tracks[step->thread->id];
	uint32_t depth = track->depth++;

	if (depth >= REGIONS_NESTED)
		return CT_OK;
	track->regions[depth] = ct_region_name(p->names, step);
	return put_region(p, step->thread, 'b', depth, time_ns);
}

static enum ct_status end_region(struct ct_perfetto *p, const struct ct_thread *thread,
				 uint64_t time_ns)
{
	struct track *track = &p->tracks[thread->id];

	/* its beginning may be lost, or have been in the parent of a forked thread */
	if (track->depth == 0 || --track->depth >= REGIONS_NESTED)
		return CT_OK;
	return put_region(p, thread, 'e', track->depth, time_ns);
}

/* Regions that it did not leave end with it. A lock is still locked. */
static enum ct_status take_end(void *state, const struct ct_thread *thread, uint64_t time_ns)
{
	struct ct_perfetto *p = state;
	enum ct_status status = set_running(p, thread, time_ns, false);

	p->tracks[thread->id].end_ns = time_ns;
	while (p->tracks[thread->id].depth && status == CT_OK)
		status = end_region(p, thread, time_ns);
	return status;
}

static enum ct_status take_step(void *state, const struct ct_model *model,
				const struct ct_step *step, uint64_t time_ns)
{
	struct ct_perfetto *p = state;
	bool waits = step->effect == CT_EFFECT_WAIT;
	const struct ct_object *lock = waits ? step->mutex : step->object;
	bool takes = step->effect == CT_EFFECT_ACQUIRE || step->effect == CT_EFFECT_ACQUIRE_SHARED;

	(void)model;
	if (step->record->event == CT_EV_REGION_BEGIN)
		return begin_region(p, step, time_ns);
	if (step->record->event == CT_EV_REGION_END)
		return end_region(p, step->thread, time_ns);
	if (!lock || !ct_kind_is_lock(lock->kind))
		return CT_OK;
	if ((takes || waits) && !step->request)
		return begin_hold(p, step, lock, time_ns);
	if (step->effect == CT_EFFECT_RELEASE && step->outermost)
		return release(p, step, lock, time_ns);
	if (waits && step->request)
		return end_hold(p, step->thread->id, lock, step->record->stack, time_ns);
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
	p->tracks = calloc(model->thread_count + 1, sizeof(*p->tracks));
	ct_perfetto_file_init(&p->file, out);
	ct_map_init(&p->places);
	ct_map_init(&p->takers);
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

/* Locks that nobody gave back are held until the process ends. */
static enum ct_status end_holds(struct ct_perfetto *p, const struct ct_process *process)
{
	enum ct_status status = CT_OK;
	uint64_t end_ns = 0;

	for (size_t i = 0; i < process->thread_count; i++)
		if (p->tracks[process->threads[i]->id].end_ns > end_ns)
			end_ns = p->tracks[process->threads[i]->id].end_ns;
	for (size_t i = 0; i < process->thread_count; i++) {
		const uint32_t id = process->threads[i]->id;
		const struct track *track = &p->tracks[id];

		while (track->hold_count && status == CT_OK)
			status = end_hold(p, id, track->holds[track->hold_count - 1], 0, end_ns);
	}
	return status;
}

enum ct_status ct_perfetto_finish(struct ct_perfetto *perfetto)
{
	const struct ct_model *model = perfetto->model;
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < model->process_count && status == CT_OK; i++)
		status = end_holds(perfetto, model->processes[i]);
	return status ? status : ct_perfetto_end(&perfetto->file);
}

void ct_perfetto_free(struct ct_perfetto *perfetto)
{
	if (!perfetto)
		return;
	for (size_t i = 0; perfetto->tracks && i < perfetto->model->thread_count; i++)
		free(perfetto->tracks[i].holds);
	ct_perfetto_file_fini(&perfetto->file);
	ct_map_fini(&perfetto->places);
	ct_map_fini(&perfetto->takers);
	ct_region_names_free(perfetto->names);
	free(perfetto->tracks);
	free(perfetto);
}
