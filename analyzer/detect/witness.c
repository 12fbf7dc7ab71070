#include "detect/witness.h"

#include <stdlib.h>

#include "model/schedule.h"

/* Events that are listed of one witness, the last ones; of one run, if it has no more. */
enum { LISTED = 24, SHORT_RUN = 3 };

struct maker {
	const struct ct_witness_goals *wanted;
	const struct ct_reach *reach;
	struct ct_schedule_run *goals; /* wanted->runs, whoever does not stand in the end first */
	struct ct_witness_event *events;
	size_t count, cap;
};

static bool is_standing(const struct ct_witness_goals *wanted, const struct ct_thread *thread)
{
	for (size_t i = 0; i < wanted->standing_count; i++)
		if (wanted->standing[i] == thread)
			return true;
	return false;
}

static void fill_goals(struct maker *maker)
{
	const struct ct_witness_goals *wanted = maker->wanted;
	size_t count = 0;

	for (size_t i = 0; i < wanted->count; i++)
		if (!is_standing(wanted, wanted->runs[i].thread))
			maker->goals[count++] = wanted->runs[i];
	for (size_t s = 0; s < wanted->standing_count; s++)
		for (size_t i = 0; i < wanted->count; i++)
			if (wanted->runs[i].thread == wanted->standing[s])
				maker->goals[count++] = wanted->runs[i];
}

static uint32_t goal_of(const struct maker *maker, const struct ct_thread *thread)
{
	for (size_t i = 0; i < maker->wanted->count; i++)
		if (maker->goals[i].thread == thread)
			return maker->goals[i].position;
	return 0;
}

/* The number of the thread's events that are not beyond `position`. */
static size_t events_until(const struct ct_reach *reach, const struct ct_thread *thread,
			   uint32_t position)
{
	size_t low = 0, high;
	const struct ct_reach_event *events = ct_reach_events(reach, thread, &high);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (events[mid].position <= position)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const char *lock_verb(const struct ct_reach_event *event, const struct ct_object *lock,
			     bool shared)
{
	if (event->flags & CT_F_REQUEST)
		return "asks for";
	if (shared)
		return "read-locks";
	return lock && lock->kind == CT_OBJECT_RWLOCK ? "write-locks" : "locks";
}

/* `took`: something that is held like a lock. */
static const char *verb_of(const struct ct_reach_event *event, const struct ct_object *object,
			   bool took)
{
	const struct ct_event_info *info = ct_event_info(event->event);
	bool request = event->flags & CT_F_REQUEST;

	switch (info->effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		return lock_verb(event, object, info->effect == CT_EFFECT_ACQUIRE_SHARED);
	case CT_EFFECT_RELEASE:
		return "unlocks";
	case CT_EFFECT_WAIT:
		return request ? "waits on" : "is woken from";
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
		return "signals";
	case CT_EFFECT_FILE_LOCK:
		return request ? "asks for" : took ? "locks" : "unlocks";
	case CT_EFFECT_SEM_OP:
		return request ? "asks for" : took ? "takes" : "changes";
	case CT_EFFECT_SEM_WAIT:
		return request ? "asks for" : "takes";
	case CT_EFFECT_SEM_POST:
		return "posts";
	case CT_EFFECT_BARRIER:
		return request ? "arrives at" : "leaves";
	case CT_EFFECT_THREAD_CREATE:
		return "creates";
	case CT_EFFECT_FORK:
		return "forks";
	case CT_EFFECT_THREAD_JOIN:
	case CT_EFFECT_PROCESS_WAIT:
		return request ? "asks for the end of" : "joins";
	default:
		return info->api;
	}
}

static bool names_thread(const struct ct_reach_event *event)
{
	switch (ct_event_info(event->event)->effect) {
	case CT_EFFECT_THREAD_CREATE:
	case CT_EFFECT_THREAD_START:
	case CT_EFFECT_THREAD_JOIN:
	case CT_EFFECT_THREAD_DETACH:
	case CT_EFFECT_THREAD_CANCEL:
	case CT_EFFECT_FORK:
	case CT_EFFECT_PROCESS_WAIT:
		return true;
	default:
		return false;
	}
}

static enum ct_status add(struct maker *maker, const struct ct_thread *thread, size_t index,
			  size_t skipped)
{
	size_t all;
	const struct ct_reach_event *event = &ct_reach_events(maker->reach, thread, &all)[index];
	const struct ct_model *model = maker->wanted->model;
	struct ct_witness_event told = {
		.place = {.thread = thread,
			  .process = thread->process->number,
			  .stack = event->stack},
		.ordinal = (uint32_t)index + 1,
		.skipped = (uint32_t)skipped,
	};
	enum ct_status status =
		ct_vec_grow(&maker->events, &maker->cap, maker->count + 1, sizeof(*maker->events));

	if (status)
		return status;
	if (event->object && names_thread(event))
		told.other = model->threads[event->object - 1];
	else if (event->object)
		told.object = model->objects[event->object - 1];
	told.verb =
		verb_of(event, told.object,
			ct_reach_is_held(maker->reach, thread, event->position, event->position));
	maker->events[maker->count++] = told;
	return CT_OK;
}

/* What a reader has to know of a run: what its thread keeps, whom it starts, where it stops. */
static bool matters(const struct maker *maker, const struct ct_thread *thread, size_t index)
{
	size_t all;
	const struct ct_reach_event *event = &ct_reach_events(maker->reach, thread, &all)[index];

	if (ct_event_info(event->event)->effect == CT_EFFECT_THREAD_CREATE && event->object)
		return goal_of(maker, maker->wanted->model->threads[event->object - 1]) > 0;
	return is_standing(maker->wanted, thread) &&
	       ct_reach_is_held(maker->reach, thread, event->position, goal_of(maker, thread));
}

/* That a thread is there is no deed. */
static bool is_told(const struct maker *maker, const struct ct_thread *thread, size_t index)
{
	size_t all;
	const struct ct_reach_event *event = &ct_reach_events(maker->reach, thread, &all)[index];
	enum ct_effect effect = ct_event_info(event->event)->effect;

	return effect != CT_EFFECT_THREAD_START && effect != CT_EFFECT_HELD_SET;
}

static enum ct_status add_run(struct maker *maker, const struct ct_thread *thread, size_t begin,
			      size_t end)
{
	enum ct_status status = CT_OK;
	size_t skipped = 0;

	for (size_t i = begin; !status && i < end; i++) {
		if (!is_told(maker, thread, i))
			continue;
		if (end - begin > SHORT_RUN && i + 1 < end && !matters(maker, thread, i)) {
			skipped++;
			continue;
		}
		status = add(maker, thread, i, skipped);
		skipped = 0;
	}
	return status;
}

static enum ct_status add_runs(struct maker *maker, const struct ct_schedule_run *runs,
			       size_t count)
{
	size_t *done = calloc(maker->wanted->model->thread_count + 1, sizeof(*done));
	enum ct_status status = done ? CT_OK : CT_ENOMEM;

	for (size_t i = 0; !status && i < count; i++) {
		const struct ct_thread *thread = runs[i].thread;
		size_t end = events_until(maker->reach, thread, runs[i].position);

		status = add_run(maker, thread, done[thread->id], end);
		done[thread->id] = end;
	}
	free(done);
	return status;
}

/* Too long: where each thread gets to. */
static enum ct_status add_goals(struct maker *maker)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < maker->wanted->count; i++) {
		const struct ct_schedule_run *goal = &maker->goals[i];
		size_t end =
			goal->thread ? events_until(maker->reach, goal->thread, goal->position) : 0;

		if (end)
			status = add(maker, goal->thread, end - 1, end - 1);
	}
	return status;
}

static enum ct_status make(struct maker *maker, struct ct_witness *witness, size_t *budget)
{
	struct ct_schedule_run *runs = NULL;
	size_t count = 0, events = 0;
	enum ct_status status;

	fill_goals(maker);
	for (size_t i = 0; i < maker->wanted->count; i++)
		events += maker->goals[i].position;
	status = ct_schedule(maker->reach, maker->goals, maker->wanted->count, *budget, &runs,
			     &count);
	if (status == CT_ENOTFOUND) {
		witness->recorded_order = true;
		return add_goals(maker);
	}
	*budget -= events;
	if (status == CT_OK)
		status = add_runs(maker, runs, count);
	free(runs);
	return status;
}

enum ct_status ct_witness_make(struct ct_findings *findings, struct ct_finding *finding,
			       const struct ct_witness_goals *goals, size_t *budget)
{
	struct maker maker = {.wanted = goals, .reach = goals->reach};
	struct ct_witness *witness = ct_arena_alloc(&findings->arena, sizeof(*witness));
	enum ct_status status = CT_ENOMEM;
	size_t first;

	maker.goals = calloc(goals->count + 1, sizeof(*maker.goals));
	if (witness && maker.goals)
		status = make(&maker, witness, budget);
	if (status)
		goto out;
	first = maker.count > LISTED ? maker.count - LISTED : 0;
	witness->left_out = first;
	witness->count = maker.count - first;
	witness->events = ct_arena_memdup(&findings->arena, maker.events + first,
					  witness->count * sizeof(*maker.events));
	finding->witness = witness;
	if (witness->count && !witness->events)
		status = CT_ENOMEM;
out:
	free(maker.goals);
	free(maker.events);
	return status;
}

enum ct_status ct_witness_add(struct ct_findings *findings, struct ct_finding *finding,
			      const struct ct_lockorder *order, const struct ct_lock_cycle *cycle,
			      size_t *budget)
{
	const struct ct_thread **standing = calloc(cycle->length, sizeof(struct ct_thread *));
	struct ct_schedule_run *runs = calloc(cycle->prefix_count + 1, sizeof(*runs));
	struct ct_witness_goals goals = {
		.model = order->model,
		.reach = ct_lockorder_reach(order),
		.runs = runs,
		.count = cycle->prefix_count,
		.standing = standing,
		.standing_count = cycle->length,
	};
	enum ct_status status = CT_ENOMEM;

	if (!standing || !runs)
		goto out;
	for (size_t i = 0; i < cycle->prefix_count; i++)
		runs[i] = (struct ct_schedule_run){cycle->prefixes[i].thread,
						   cycle->prefixes[i].reached};
	for (size_t i = 0; i < cycle->length; i++)
		standing[i] = cycle->steps[i].dependency->thread;
	status = ct_witness_make(findings, finding, &goals, budget);
	for (size_t i = 0; !status && i < cycle->length; i++)
		finding->steps[i].ordinal =
			(uint32_t)events_until(goals.reach, finding->steps[i].thread,
					       cycle->steps[i].position - 1) +
			1;
out:
	free(standing);
	free(runs);
	return status;
}
