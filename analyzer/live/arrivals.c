#include "live/arrivals.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/repeat.h"

/* A lock that the thread holds. */
struct hold {
	uint64_t object;
	uint32_t depth;
	uint64_t time;
	struct ct_plan_place taken;
};

struct walk {
	const struct ct_repeat *repeat;
	const struct ct_step_of_cycle *step;
	uint32_t process;
	uint64_t from;	    /* earlier records are of a former program */
	struct ct_map came; /* hash of event and site: how often */
	struct hold *holds; /* oldest first; heap */
	size_t hold_count, hold_cap;
	struct ct_plan_place last; /* the newest arrival */
	uint64_t last_time;
	uint16_t requested; /* event of a request that is not complete */
	uint32_t handlers;  /* signal handlers that run */
	struct ct_plan_place own;
	uint64_t own_time;
	bool found;
};

static enum ct_status arrive(struct walk *walk, uint16_t event, uint32_t stack, uint64_t time)
{
	uint64_t site = ct_repeat_site(walk->repeat, walk->process, stack, CT_PLAN_FRAMES);
	uint64_t key = ct_plan_mix(site, event), nth = 0;

	ct_map_get(&walk->came, key, &nth);
	nth++;
	walk->last_time = time;
	walk->last = (struct ct_plan_place){
		.site = site,
		.caller = ct_repeat_site(walk->repeat, walk->process, stack, 1),
		.nth = (uint32_t)nth,
		.event = event,
	};
	if (walk->step->holds && stack && stack == walk->step->held_at.stack) {
		walk->own = walk->last;
		walk->own_time = time;
	}
	return ct_map_put(&walk->came, key, nth);
}

static struct hold *find_hold(struct walk *walk, uint64_t object)
{
	for (size_t i = walk->hold_count; i-- > 0;)
		if (walk->holds[i].object == object)
			return &walk->holds[i];
	return NULL;
}

static enum ct_status acquire(struct walk *walk, uint64_t object)
{
	struct hold *hold = find_hold(walk, object);
	enum ct_status status;

	if (hold) {
		hold->depth++;
		return CT_OK;
	}
	status = ct_vec_grow(&walk->holds, &walk->hold_cap, walk->hold_count + 1,
			     sizeof(*walk->holds));
	if (!status)
		walk->holds[walk->hold_count++] =
			(struct hold){object, 1, walk->last_time, walk->last};
	return status;
}

static void release(struct walk *walk, uint64_t object)
{
	struct hold *hold = find_hold(walk, object);

	if (!hold || --hold->depth)
		return;
	memmove(hold, hold + 1,
		(size_t)(walk->holds + walk->hold_count - (hold + 1)) * sizeof(*hold));
	walk->hold_count--;
}

/* A call that failed at once wrote nothing before: it came all the same. */
static enum ct_status fail(struct walk *walk, const struct ct_record *record)
{
	const struct ct_event_info *call;
	struct ct_payload_fail payload;

	if (record->payload_size < sizeof(payload))
		return CT_OK;
	memcpy(&payload, record->payload, sizeof(payload));
	call = ct_event_info(payload.call);
	if (walk->requested == payload.call || !call || call->effect == CT_EFFECT_RELEASE) {
		walk->requested = 0;
		return CT_OK;
	}
	return arrive(walk, payload.call, record->stack, record->time);
}

static bool is_stop(const struct walk *walk, const struct ct_record *record)
{
	return record->time == walk->step->wanted_at.time &&
	       record->stack == walk->step->wanted_at.stack;
}

static enum ct_status take(struct walk *walk, const struct ct_record *record,
			   const struct ct_event_info *info)
{
	bool requests = record->flags & CT_F_REQUEST, blocked = record->flags & CT_F_BLOCKED;
	enum ct_status status = CT_OK;

	if (info->effect == CT_EFFECT_FAILURE)
		return fail(walk, record);
	if (!blocked)
		status = arrive(walk, record->event, record->stack, record->time);
	walk->requested = requests ? record->event : 0;
	if (is_stop(walk, record)) {
		walk->found = true;
		return status;
	}
	if (status || requests)
		return status;
	if (info->effect == CT_EFFECT_ACQUIRE || info->effect == CT_EFFECT_ACQUIRE_SHARED)
		status = acquire(walk, record->object);
	else if (info->effect == CT_EFFECT_RELEASE)
		release(walk, record->object);
	return status;
}

static enum ct_status look_at(struct walk *walk, const struct ct_record *record)
{
	const struct ct_event_info *info = ct_event_info(record->event);

	if (!info || record->time < walk->from)
		return CT_OK;
	switch (info->effect) {
	case CT_EFFECT_HELD_SET:
	case CT_EFFECT_THREAD_START:
	case CT_EFFECT_MEMORY_FREED:
		return CT_OK;
	case CT_EFFECT_HANDLER_ENTER:
		walk->handlers++;
		return CT_OK;
	case CT_EFFECT_HANDLER_LEAVE:
		walk->handlers -= walk->handlers > 0;
		return CT_OK;
	default:
		return walk->handlers ? CT_OK : take(walk, record, info);
	}
}

static enum ct_status read_all(const struct ct_model *model, struct walk *walk)
{
	struct ct_stream *stream;
	struct ct_record record;
	enum ct_status status = ct_stream_open(model->trace, walk->step->thread->id, &stream);

	if (status)
		return status;
	while (!status && !walk->found && ct_stream_next(stream, &record))
		status = look_at(walk, &record);
	ct_stream_close(stream);
	return status;
}

static void tell(const struct walk *walk, struct ct_arrival_places *out)
{
	*out = (struct ct_arrival_places){
		.time = walk->last_time,
		.since = walk->own_time ? walk->own_time : walk->last_time,
		.stop = walk->last,
		.own = walk->own,
		.outermost = walk->own,
	};
	out->stop.held = (uint16_t)walk->hold_count;
	if (!walk->hold_count || walk->holds[0].time > out->since)
		return;
	out->since = walk->holds[0].time;
	out->outermost = walk->holds[0].taken;
}

enum ct_status ct_arrivals_find(const struct ct_model *model, const struct ct_repeat *repeat,
				const struct ct_step_of_cycle *step, struct ct_arrival_places *out)
{
	struct walk walk = {
		.repeat = repeat,
		.step = step,
		.process = step->thread->process->number,
	};
	enum ct_status status;

	if (step->thread->number == 1)
		walk.from = ct_repeat_image_begin(repeat, walk.process, step->wanted_at.time);
	ct_map_init(&walk.came);
	status = read_all(model, &walk);
	if (!status && (!walk.found || !walk.last.caller))
		status = CT_EUSAGE;
	if (!status)
		tell(&walk, out);
	ct_map_fini(&walk.came);
	free(walk.holds);
	return status;
}
