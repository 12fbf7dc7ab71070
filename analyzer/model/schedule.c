#include "model/schedule.h"

#include <stdlib.h>

#include "model/reach_private.h"

struct runner {
	const struct ct_reach_thread *thread;
	uint32_t position, goal;
	size_t past, section, event; /* the next of its pasts, sections, events */
};

struct item {
	uint32_t order;
	const struct ct_thread *thread;
	uint32_t position;
};

struct schedule {
	const struct ct_reach *reach;
	struct runner *runners; /* by thread id */
	struct item *kept;	/* events that keep the recorded order; to be released */
	size_t kept_count, kept_cap, kept_done;
	struct ct_schedule_run *runs;
	size_t count, cap;
};

/* Who failed to get it has to find it held. */
static bool was_tried(const struct ct_reach *reach, uint32_t object)
{
	return object < reach->source_count && reach->sources[object].tried;
}

/* Whether the event is one of those which only have to come after what they come after, and may
 * else be exchanged with others: locks are taken in the recorded order anyway. */
static bool is_free_to_move(const struct ct_reach *reach, const struct ct_reach_event *event)
{
	uint32_t object = event->object - 1;

	switch (ct_event_info(event->event)->effect) {
	case CT_EFFECT_THREAD_CREATE:
	case CT_EFFECT_THREAD_START:
	case CT_EFFECT_THREAD_EXIT:
	case CT_EFFECT_THREAD_JOIN:
	case CT_EFFECT_FORK:
	case CT_EFFECT_PROCESS_WAIT:
	case CT_EFFECT_INIT:
	case CT_EFFECT_HELD_SET:
		return true;
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
	case CT_EFFECT_RELEASE:
		return !event->object || !was_tried(reach, object);
	case CT_EFFECT_SEM_WAIT:
	case CT_EFFECT_SEM_POST:
		return event->object && !was_tried(reach, object) &&
		       ct_unit_is_lock(reach->units, reach->model->objects[object]);
	default:
		return false;
	}
}

static enum ct_status is_done(void *context, uint32_t thread, uint32_t position)
{
	const struct schedule *schedule = context;

	return schedule->runners[thread].position >= position ? CT_OK : CT_ENOTFOUND;
}

/* Whether all that the next event comes after is done. */
static bool is_ready(struct schedule *schedule, struct runner *runner)
{
	const struct ct_reach_thread *thread = runner->thread;
	const struct ct_vclock nothing = {.thread = UINT32_MAX};

	while (runner->past < thread->past_count &&
	       thread->pasts[runner->past].epoch <= runner->position + 1) {
		const struct ct_vclock *before =
			runner->past ? &thread->pasts[runner->past - 1] : &nothing;

		if (ct_vclock_differences(before, &thread->pasts[runner->past], is_done,
					  schedule) != CT_OK)
			return false;
		runner->past++;
	}
	return true;
}

/* The last section of the pair that was taken before `order` and is in the set, or NULL. */
static const struct ct_reach_section *section_before(const struct schedule *schedule,
						     const struct ct_reach_pair *pair,
						     uint32_t order, bool exclusive)
{
	const struct ct_reach *reach = schedule->reach;
	uint32_t goal = schedule->runners[pair->thread].goal;
	const struct ct_reach_section *sections = reach->threads[pair->thread].sections;
	size_t low = 0, high = pair->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (sections[pair->sections[mid]].order < order &&
		    sections[pair->sections[mid]].begin <= goal)
			low = mid + 1;
		else
			high = mid;
	}
	while (low && !exclusive && !sections[pair->sections[low - 1]].exclusive)
		low--;
	return low ? &sections[pair->sections[low - 1]] : NULL;
}

/* Whether everybody who has the lock before, and goes so far, is out of it. */
static bool is_free(const struct schedule *schedule, const struct ct_reach_section *section)
{
	const struct ct_reach *reach = schedule->reach;
	const struct ct_reach_source *source = &reach->sources[reach->pairs[section->pair].lock];

	for (size_t i = 0; i < source->pair_count; i++) {
		const struct ct_reach_pair *pair = &reach->pairs[source->pairs[i]];
		const struct runner *other = &schedule->runners[pair->thread];
		const struct ct_reach_section *before;

		if (source->pairs[i] == section->pair)
			continue;
		before = section_before(schedule, pair, section->order, section->exclusive);
		if (before && (!before->end || before->end > other->position))
			return false;
	}
	return true;
}

/* What the thread does next, if that is kept as an event. */
static const struct ct_reach_event *event_at(struct runner *runner)
{
	const struct ct_reach_thread *thread = runner->thread;

	while (runner->event < thread->event_count &&
	       thread->events[runner->event].position <= runner->position)
		runner->event++;
	if (runner->event == thread->event_count ||
	    thread->events[runner->event].position > runner->position + 1)
		return NULL;
	return &thread->events[runner->event];
}

/* One event further; false if it cannot be. */
static bool step(struct schedule *schedule, struct runner *runner)
{
	const struct ct_reach_thread *thread = runner->thread;
	const struct ct_reach_section *next = &thread->sections[runner->section];
	size_t section = runner->section;
	const struct ct_reach_event *event = event_at(runner);
	bool kept = event && !is_free_to_move(schedule->reach, event);

	if (kept && (schedule->kept_done == schedule->kept_count ||
		     schedule->kept[schedule->kept_done].order != event->order))
		return false;
	if (!is_ready(schedule, runner))
		return false;
	for (; section < thread->section_count && next->begin <= runner->position + 1;
	     section++, next++)
		if (!is_free(schedule, next))
			return false;
	runner->section = section;
	runner->position++;
	schedule->kept_done += kept;
	return true;
}

static enum ct_status add_run(struct schedule *schedule, const struct ct_thread *thread,
			      uint32_t position)
{
	enum ct_status status;

	if (schedule->count && schedule->runs[schedule->count - 1].thread == thread) {
		schedule->runs[schedule->count - 1].position = position;
		return CT_OK;
	}
	status = ct_vec_grow(&schedule->runs, &schedule->cap, schedule->count + 1,
			     sizeof(*schedule->runs));
	if (status == CT_OK)
		schedule->runs[schedule->count++] = (struct ct_schedule_run){thread, position};
	return status;
}

static enum ct_status run(struct schedule *schedule, const struct ct_thread *thread, bool *out_any)
{
	struct runner *runner = &schedule->runners[thread->id];
	uint32_t begin = runner->position;

	while (runner->position < runner->goal && step(schedule, runner))
		;
	*out_any = runner->position > begin;
	return *out_any ? add_run(schedule, thread, runner->position) : CT_OK;
}

static int by_order(const void *left, const void *right)
{
	const struct item *a = left, *b = right;

	return a->order < b->order ? -1 : a->order > b->order;
}

/* Collects the events of the set, `all` or those that keep their order, as they were recorded. */
static enum ct_status collect(struct schedule *schedule, const struct ct_schedule_run *goals,
			      size_t count, bool all)
{
	const struct ct_reach *reach = schedule->reach;

	for (size_t i = 0; i < count; i++) {
		const struct ct_reach_thread *thread = &reach->threads[goals[i].thread->id];

		for (size_t k = 0; k < thread->event_count; k++) {
			const struct ct_reach_event *event = &thread->events[k];
			enum ct_status status;

			if (event->position > goals[i].position)
				break;
			if (!all && is_free_to_move(reach, event))
				continue;
			status = ct_vec_grow(&schedule->kept, &schedule->kept_cap,
					     schedule->kept_count + 1, sizeof(*schedule->kept));
			if (status)
				return status;
			schedule->kept[schedule->kept_count++] =
				(struct item){event->order, goals[i].thread, event->position};
		}
	}
	if (schedule->kept_count)
		qsort(schedule->kept, schedule->kept_count, sizeof(*schedule->kept), by_order);
	return CT_OK;
}

/* With accesses to memory, which are no events of these, only the recorded order is sure. */
static enum ct_status run_as_recorded(struct schedule *schedule,
				      const struct ct_schedule_run *goals, size_t count)
{
	enum ct_status status = collect(schedule, goals, count, true);

	for (size_t i = 0; !status && i < schedule->kept_count; i++)
		status = add_run(schedule, schedule->kept[i].thread, schedule->kept[i].position);
	return status;
}

/* Lets the first of them run that can, until nobody has to. */
static enum ct_status run_all(struct schedule *schedule, const struct ct_schedule_run *goals,
			      size_t count)
{
	enum ct_status status = collect(schedule, goals, count, false);

	for (size_t at = 0; !status && at < count;) {
		bool any;

		status = run(schedule, goals[at].thread, &any);
		at = any && at > 0 ? 0 : at + 1;
	}
	for (size_t i = 0; !status && i < count; i++)
		if (schedule->runners[goals[i].thread->id].position < goals[i].position)
			status = CT_ENOTFOUND;
	return status;
}

enum ct_status ct_schedule(const struct ct_reach *reach, const struct ct_schedule_run *goals,
			   size_t count, size_t limit, struct ct_schedule_run **out_runs,
			   size_t *out_count)
{
	struct schedule schedule = {.reach = reach};
	enum ct_status status;
	size_t events = 0;

	for (size_t i = 0; i < count; i++)
		events += goals[i].position;
	if (events > limit)
		return CT_ENOTFOUND;
	schedule.runners = calloc(reach->model->thread_count + 1, sizeof(*schedule.runners));
	if (!schedule.runners)
		return CT_ENOMEM;
	for (size_t i = 0; i < reach->model->thread_count; i++)
		schedule.runners[i].thread = &reach->threads[i];
	for (size_t i = 0; i < count; i++)
		schedule.runners[goals[i].thread->id].goal = goals[i].position;
	status = reach->accessed ? run_as_recorded(&schedule, goals, count)
				 : run_all(&schedule, goals, count);
	free(schedule.runners);
	free(schedule.kept);
	if (status) {
		free(schedule.runs);
		return status;
	}
	*out_runs = schedule.runs;
	*out_count = schedule.count;
	return CT_OK;
}
