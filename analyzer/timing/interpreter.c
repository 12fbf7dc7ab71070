#include "timing/interpreter.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "timing/lanes.h"
#include "timing/monitors.h"
#include "timing/parts.h"

/* The interpreters that are known by name. */
static const struct {
	const char *name, *pattern;
} interpreters[] = {
#define INTERPRETER(name, pattern) {name, pattern},
#include "timing/interpreters.def"
#undef INTERPRETER
};

/* Of an object that belongs to no interpreter's lock. */
#define NONE UINT32_MAX

/* Of a lock that its threads fought for less, only its name would be news. Waits: in number, or in
 * percent of the threads' lives. */
enum { MANY_WAITS = 10, WAITS_PERCENT = 1 };

struct ct_part_interpreter {
	struct ct_timing *timing;
	struct ct_monitors monitors;
	uint32_t *of_object; /* by id: index in timing->interpreters, or NONE; owned */
};

enum ct_status ct_part_interpreter_new(struct ct_timing *timing,
				       struct ct_part_interpreter **out_part)
{
	struct ct_part_interpreter *part = calloc(1, sizeof(*part));

	if (!part)
		return CT_ENOMEM;
	part->timing = timing;
	*out_part = part;
	return CT_OK;
}

void ct_part_interpreter_free(struct ct_part_interpreter *part)
{
	if (!part)
		return;
	ct_monitors_fini(&part->monitors);
	free(part->of_object);
	free(part);
}

static enum ct_status part_step(void *state, const struct ct_model *model,
				const struct ct_step *step, uint64_t time_ns)
{
	struct ct_part_interpreter *part = state;

	(void)model;
	return ct_monitors_step(&part->monitors, step, time_ns);
}

static enum ct_status part_span(void *state, const struct ct_span *span)
{
	struct ct_part_interpreter *part = state;

	ct_monitors_waited(&part->monitors, span);
	return CT_OK;
}

struct ct_span_sink ct_part_interpreter_sink(struct ct_part_interpreter *part)
{
	return (struct ct_span_sink){.state = part, .step = part_step, .span = part_span};
}

/* The name of the interpreter in whose code the lock is taken, or NULL. */
static const char *known_name(const struct ct_naming *naming, const struct ct_monitor *monitor)
{
	const struct ct_frame *frames;
	const char *file;

	if (!naming->symbols || !ct_symbols_stack(naming->symbols, monitor->mutex->process->number,
						  monitor->stack, &frames))
		return NULL;
	file = frames[0].module;
	if (!file)
		return NULL;
	file = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	for (size_t i = 0; i < sizeof(interpreters) / sizeof(*interpreters); i++)
		if (fnmatch(interpreters[i].pattern, file, 0) == 0)
			return interpreters[i].name;
	return NULL;
}

static const char *made_name(struct ct_naming *naming, const struct ct_monitor *monitor)
{
	const char *mutex = ct_name_object_short(naming, monitor->mutex);
	const char *condition = ct_name_object_short(naming, monitor->condition);

	return ct_arena_printf(&naming->arena, "a lock made of `%s` and `%s`", mutex, condition);
}

static void mark(struct ct_part_interpreter *part, const struct ct_monitor *monitor, uint32_t index)
{
	part->of_object[monitor->mutex->id] = index;
	part->of_object[monitor->condition->id] = index;
}

/* Its objects and those of its satellites: what happens to them is the interpreter's own. */
static void fold(struct ct_part_interpreter *part, size_t number,
		 struct ct_interpreter *interpreter)
{
	const struct ct_monitors *monitors = &part->monitors;
	uint32_t index = (uint32_t)(interpreter - part->timing->interpreters);

	mark(part, &monitors->items[number], index);
	for (size_t i = 0; i < monitors->count; i++) {
		if (!ct_monitor_is_satellite(monitors, i, number))
			continue;
		mark(part, &monitors->items[i], index);
		interpreter->folded += monitors->items[i].events;
	}
}

static enum ct_status add(struct ct_part_interpreter *part, size_t number)
{
	struct ct_timing *timing = part->timing;
	const struct ct_monitor *monitor = &part->monitors.items[number];
	struct ct_interpreter *interpreter = &timing->interpreters[timing->interpreter_count];
	const char *known = known_name(timing->naming, monitor);

	*interpreter = (struct ct_interpreter){
		.process = monitor->mutex->process,
		.name = known ? known : made_name(timing->naming, monitor),
		.mutex = monitor->mutex,
		.condition = monitor->condition,
		.acquisitions = monitor->takes,
		.held_ns = monitor->held_ns,
		.folded = known ? monitor->events : 0,
		.threads = ct_map_count(&monitor->users),
		.at_once = 1.0 +
			   (double)monitor->violations / (double)(monitor->takes + monitor->gives),
	};
	if (!interpreter->name)
		return CT_ENOMEM;
	timing->interpreter_count++;
	if (known)
		fold(part, number, interpreter);
	return CT_OK;
}

static enum ct_status find_locks(struct ct_part_interpreter *part)
{
	const struct ct_monitors *monitors = &part->monitors;
	struct ct_timing *timing = part->timing;
	size_t found = 0, objects = timing->model->object_count;
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < monitors->count; i++)
		found += ct_monitor_is_lock(&monitors->items[i]);
	if (!found)
		return CT_OK;
	timing->interpreters = calloc(found, sizeof(*timing->interpreters));
	part->of_object = malloc(objects * sizeof(*part->of_object));
	if (!timing->interpreters || !part->of_object)
		return CT_ENOMEM;
	for (size_t i = 0; i < objects; i++)
		part->of_object[i] = NONE;
	for (size_t i = 0; status == CT_OK && i < monitors->count; i++)
		if (ct_monitor_is_lock(&monitors->items[i]))
			status = add(part, i);
	return status;
}

static bool is_folded(const struct ct_part_interpreter *part, const struct ct_object *object)
{
	return object && part->of_object[object->id] != NONE;
}

static int by_total(const void *left, const void *right)
{
	const struct ct_blocked *a = left, *b = right;

	return (a->total_ns < b->total_ns) - (a->total_ns > b->total_ns);
}

/* All waits of a thread for the lock's objects become one. */
static void relabel_thread(const struct ct_part_interpreter *part, struct ct_timing_thread *thread)
{
	struct ct_blocked merged = {.activity = CT_WAITS_INTERPRETER};
	size_t kept = 0;

	for (size_t i = 0; i < thread->blocked_count; i++) {
		const struct ct_blocked *blocked = &thread->blocked[i];

		if (!is_folded(part, blocked->object)) {
			thread->blocked[kept++] = *blocked;
			continue;
		}
		thread->by_activity[blocked->activity] -= blocked->total_ns;
		thread->by_activity[CT_WAITS_INTERPRETER] += blocked->total_ns;
		merged.count += blocked->count;
		merged.total_ns += blocked->total_ns;
		merged.unended |= blocked->unended;
		if (blocked->max_ns > merged.max_ns)
			merged.max_ns = blocked->max_ns;
	}
	if (kept < thread->blocked_count)
		thread->blocked[kept++] = merged;
	thread->blocked_count = kept;
	if (kept)
		qsort(thread->blocked, kept, sizeof(*thread->blocked), by_total);
}

/* `object` is its id + 1, as in lanes.h. */
static bool is_folded_in_lanes(const struct ct_part_interpreter *part, uint32_t object)
{
	return object && part->of_object[object - 1] != NONE;
}

static void relabel_lanes(const struct ct_part_interpreter *part, struct ct_lanes *lanes)
{
	for (size_t i = 0; i < lanes->thread_count; i++) {
		struct ct_lane *lane = &lanes->threads[i];

		for (size_t k = 0; k < lane->item_count; k++)
			if (is_folded_in_lanes(part, lane->items[k].object))
				lane->items[k].activity = CT_WAITS_INTERPRETER;
	}
	for (size_t i = 0; i < lanes->arrow_count; i++)
		if (is_folded_in_lanes(part, lanes->arrows[i].object))
			lanes->arrows[i].activity = CT_WAITS_INTERPRETER;
}

/* Folded locks are not told: the path's is chosen among the others. */
static void choose_critical_lock(struct ct_timing *timing)
{
	const struct ct_timing_lock *most = NULL;

	for (size_t i = 0; i < timing->lock_count; i++) {
		const struct ct_timing_lock *lock = &timing->locks[i];

		if (!lock->folded && lock->critical_ns &&
		    (!most || lock->critical_ns > most->critical_ns))
			most = lock;
	}
	timing->critical.lock = most;
}

static void relabel(const struct ct_part_interpreter *part, struct ct_timing *timing)
{
	for (size_t i = 0; i < timing->thread_count; i++)
		relabel_thread(part, &timing->threads[i]);
	for (size_t i = 0; i < timing->lock_count; i++)
		if (is_folded(part, timing->locks[i].object))
			timing->locks[i].folded = true;
	choose_critical_lock(timing);
	if (timing->lanes)
		relabel_lanes(part, timing->lanes);
}

/* Whether its threads waited for it often, or for a part of their lives. */
static bool matters(const struct ct_interpreter *interpreter, const struct ct_timing *timing)
{
	double life_ns = 0;

	for (size_t i = 0; i < timing->thread_count; i++)
		if (timing->threads[i].present &&
		    timing->threads[i].thread->process == interpreter->process)
			life_ns +=
				(double)(timing->threads[i].end_ns - timing->threads[i].begin_ns);
	return interpreter->waits >= MANY_WAITS ||
	       (double)interpreter->waited_ns * 100 >= life_ns * WAITS_PERCENT;
}

enum ct_status ct_part_interpreter_finish(struct ct_part_interpreter *part,
					  struct ct_timing *timing)
{
	enum ct_status status = find_locks(part);
	size_t kept = 0;

	if (status || !timing->interpreter_count)
		return status;
	relabel(part, timing);
	for (size_t i = 0; i < timing->interpreter_count; i++) {
		struct ct_interpreter *interpreter = &timing->interpreters[i];

		ct_interpreter_judge(interpreter, timing);
		if (matters(interpreter, timing))
			timing->interpreters[kept++] = *interpreter;
	}
	timing->interpreter_count = kept;
	return CT_OK;
}
