#include "detect/whole.h"

bool ct_whole_trace(const struct ct_trace *trace)
{
	size_t threads;

	return !trace->problem_count && !ct_trace_lost(trace, &threads);
}

static bool is_seen(const struct ct_trace *trace, const struct ct_process *process)
{
	for (size_t i = 0; i < trace->unseen_count; i++)
		if (trace->unseen[i].process == process->number)
			return false;
	return true;
}

bool ct_whole_process(const struct ct_model *model, const struct ct_process *process)
{
	if (!ct_whole_trace(model->trace))
		return false;
	for (; is_seen(model->trace, process); process = process->parent)
		if (!process->parent)
			return process->number == 1; /* else its parent is not on record */
	return false;
}

/* A mapping is inherited by forked children; its device is 0 if it is of no file. */
static bool is_anonymous(const struct ct_trace *trace, const struct ct_object *object)
{
	const struct ct_trace_map *newest = NULL;

	for (const struct ct_process *process = object->creator->process; process && !newest;
	     process = process->parent)
		for (size_t i = 0; i < trace->map_count; i++) {
			const struct ct_trace_map *map = &trace->maps[i];

			if (map->process == process->number && map->time <= object->time &&
			    object->address - map->start < map->size &&
			    (!newest || map->time >= newest->time))
				newest = map;
		}
	return newest && !newest->unmap && !newest->device;
}

bool ct_whole_shared(const struct ct_model *model, const struct ct_object *object)
{
	const struct ct_trace *trace = model->trace;

	return !object->process && ct_whole_trace(trace) && !trace->unseen_count && !trace->until &&
	       is_anonymous(trace, object);
}
