#include "timing/monitors.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

enum {
	SECTIONS_MIN = 20,    /* fewer prove nothing */
	TRIAL = 64,	      /* sections after which one that fails much is given up */
	VIOLATIONS_TRIAL = 8, /* one in so many is much */
	VIOLATIONS = 100,     /* one in so many is bearable: the order of events is not perfect */
	WAITS_OWNING = 10,    /* waits that are still bearable: one in so many times it was held */
};

struct ct_monitor_thread {
	uint32_t owns;	/* number + 1 of the monitor that it took last, 0: gave it back */
	uint32_t after; /* number + 1 of that which it just gave back, and did nothing else since */
};

void ct_monitors_fini(struct ct_monitors *monitors)
{
	for (size_t i = 0; i < monitors->count; i++)
		ct_map_fini(&monitors->items[i].users);
	free(monitors->items);
	free(monitors->threads);
	ct_map_fini(&monitors->of_object);
	*monitors = (struct ct_monitors){.items = NULL};
}

static struct ct_monitor *find(const struct ct_monitors *monitors, const struct ct_object *object)
{
	uint64_t number;

	if (!object || !ct_map_get(&monitors->of_object, object->id, &number))
		return NULL;
	return &monitors->items[number];
}

static uint32_t number_of(const struct ct_monitors *monitors, const struct ct_monitor *monitor)
{
	return (uint32_t)(monitor - monitors->items) + 1;
}

/* The monitor of a mutex whose section uses a condition. */
static enum ct_status find_or_add(struct ct_monitors *monitors, const struct ct_object *mutex,
				  const struct ct_object *condition, struct ct_monitor **out)
{
	struct ct_monitor *monitor = find(monitors, mutex);
	enum ct_status status = CT_OK;

	if (!monitor) {
		status = ct_vec_grow(&monitors->items, &monitors->cap, monitors->count + 1,
				     sizeof(*monitors->items));
		if (status)
			return status;
		monitor = &monitors->items[monitors->count];
		*monitor = (struct ct_monitor){.mutex = mutex, .condition = condition};
		status = ct_map_put(&monitors->of_object, mutex->id, monitors->count);
		if (status == CT_OK)
			status = ct_map_put(&monitors->of_object, condition->id, monitors->count);
		monitors->count++;
	} else if (monitor->condition != condition) {
		monitor->violations++;
	}
	*out = monitor;
	return status;
}

static enum ct_status thread_of(struct ct_monitors *monitors, const struct ct_thread *thread,
				struct ct_monitor_thread **out)
{
	enum ct_status status = ct_vec_grow(&monitors->threads, &monitors->thread_cap,
					    (size_t)thread->id + 1, sizeof(*monitors->threads));

	if (status)
		return status;
	if (monitors->thread_count <= thread->id) {
		memset(&monitors->threads[monitors->thread_count], 0,
		       (thread->id + 1 - monitors->thread_count) * sizeof(*monitors->threads));
		monitors->thread_count = (size_t)thread->id + 1;
	}
	*out = &monitors->threads[thread->id];
	return CT_OK;
}

/* Where a section lies: in that of another mutex, or right after one that gave a lock back. */
static void count_host(struct ct_monitors *monitors, struct ct_monitor *monitor,
		       const struct ct_step *step, const struct ct_monitor_thread *thread)
{
	const struct ct_object *outer =
		step->thread->held_count ? step->thread->held[0].object : NULL;
	uint32_t host = thread->after;

	if (outer && outer != monitor->mutex) {
		const struct ct_monitor *around = find(monitors, outer);

		host = around ? number_of(monitors, around) : 0;
	}
	monitor->all++;
	if (!monitor->host)
		monitor->host = host;
	if (host && host == monitor->host)
		monitor->hosted++;
}

static void give_up(struct ct_monitor *monitor)
{
	monitor->failed = true;
	ct_map_fini(&monitor->users);
	ct_map_init(&monitor->users);
}

static void give(struct ct_monitor *monitor, const struct ct_thread *thread, uint64_t time_ns)
{
	monitor->gives++;
	if (monitor->owner_known && monitor->owner != thread)
		monitor->violations++;
	else if (monitor->owner && time_ns > monitor->since_ns)
		monitor->held_ns += time_ns - monitor->since_ns;
	monitor->owner = NULL;
	monitor->owner_known = true;
}

static enum ct_status take(struct ct_monitor *monitor, const struct ct_step *step, uint64_t time_ns)
{
	monitor->takes++;
	if (monitor->owner)
		monitor->violations++;
	monitor->owner = step->thread;
	monitor->owner_known = true;
	monitor->since_ns = time_ns;
	if (step->record->stack)
		monitor->stack = step->record->stack;
	if (ct_map_get(&monitor->users, step->thread->id, NULL))
		return CT_OK;
	return ct_map_put(&monitor->users, step->thread->id, 1);
}

/* The mutex is given back, for good or to wait for the condition. */
static enum ct_status end_section(struct ct_monitors *monitors, struct ct_monitor *monitor,
				  const struct ct_step *step, uint64_t time_ns)
{
	bool gave = monitor->signalled, waits = step->effect == CT_EFFECT_WAIT;
	struct ct_monitor_thread *thread;
	enum ct_status status = thread_of(monitors, step->thread, &thread);

	if (status)
		return status;
	monitor->signalled = false;
	count_host(monitors, monitor, step, thread);
	if (monitor->failed || (waits && !gave))
		return CT_OK;
	if (gave) {
		give(monitor, step->thread, time_ns);
		thread->owns = 0;
		thread->after = number_of(monitors, monitor);
	} else {
		status = take(monitor, step, time_ns);
		thread->owns = number_of(monitors, monitor);
		thread->after = 0;
	}
	if (status == CT_OK && monitor->takes + monitor->gives >= TRIAL &&
	    monitor->violations * VIOLATIONS_TRIAL > monitor->takes + monitor->gives)
		give_up(monitor);
	return status;
}

static enum ct_status signal_step(struct ct_monitors *monitors, const struct ct_step *step)
{
	const struct ct_thread *thread = step->thread;
	struct ct_monitor *monitor = find(monitors, step->object);
	enum ct_status status = CT_OK;

	if (!step->object)
		return CT_OK;
	if (thread->held_count &&
	    thread->held[thread->held_count - 1].object->kind == CT_OBJECT_MUTEX) {
		status = find_or_add(monitors, thread->held[thread->held_count - 1].object,
				     step->object, &monitor);
		if (status == CT_OK)
			monitor->signalled = true;
	} else if (monitor) {
		monitor->violations++;
	}
	if (status == CT_OK && monitor)
		monitor->events++;
	return status;
}

static enum ct_status wait_step(struct ct_monitors *monitors, const struct ct_step *step,
				uint64_t time_ns)
{
	struct ct_monitor *monitor;
	enum ct_status status;

	if (!step->object || !step->mutex)
		return CT_OK;
	status = find_or_add(monitors, step->mutex, step->object, &monitor);
	if (status)
		return status;
	monitor->events++;
	if (step->request)
		return end_section(monitors, monitor, step, time_ns);
	monitor->signalled = false;
	return CT_OK;
}

static enum ct_status lock_step(struct ct_monitors *monitors, const struct ct_step *step,
				uint64_t time_ns)
{
	struct ct_monitor *monitor = find(monitors, step->object);

	if (!monitor)
		return CT_OK;
	monitor->events++;
	if (step->request || !step->outermost)
		return CT_OK;
	if (step->effect == CT_EFFECT_RELEASE)
		return end_section(monitors, monitor, step, time_ns);
	monitor->signalled = false;
	return CT_OK;
}

enum ct_status ct_monitors_step(struct ct_monitors *monitors, const struct ct_step *step,
				uint64_t time_ns)
{
	switch (step->effect) {
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
		return signal_step(monitors, step);
	case CT_EFFECT_WAIT:
		return wait_step(monitors, step, time_ns);
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_RELEASE:
		return lock_step(monitors, step, time_ns);
	default:
		if (step->thread->id < monitors->thread_count)
			monitors->threads[step->thread->id].after = 0;
		return CT_OK;
	}
}

void ct_monitors_waited(struct ct_monitors *monitors, const struct ct_span *span)
{
	uint32_t owns;

	if (span->activity == CT_RUNS || span->activity == CT_WAITS_LOCK ||
	    span->thread->id >= monitors->thread_count)
		return;
	owns = monitors->threads[span->thread->id].owns;
	if (owns)
		monitors->items[owns - 1].waits_owning++;
}

bool ct_monitor_is_lock(const struct ct_monitor *monitor)
{
	uint64_t sections = monitor->takes + monitor->gives;

	return !monitor->failed && monitor->mutex->process && sections >= SECTIONS_MIN &&
	       ct_map_count(&monitor->users) >= 2 && monitor->violations * VIOLATIONS <= sections &&
	       monitor->waits_owning * WAITS_OWNING <= monitor->gives;
}

bool ct_monitor_is_satellite(const struct ct_monitors *monitors, size_t satellite, size_t host)
{
	const struct ct_monitor *monitor = &monitors->items[satellite];

	return satellite != host && monitor->host == host + 1 &&
	       (monitor->all - monitor->hosted) * VIOLATIONS <= monitor->all;
}
