#include "model/given.h"

#include <stdlib.h>

/* Entries of trace->names by address (or thread number), chained from the last to the first. */
struct ct_object_names {
	struct ct_map newest[2]; /* [is a thread's]: index + 1 */
	size_t *before;		 /* index + 1 of the entry before, of the same key; owned */
};

enum ct_status ct_given_prepare(struct ct_model_state *state)
{
	const struct ct_trace *trace = state->model.trace;
	struct ct_object_names *names = ct_arena_alloc(&state->model.arena, sizeof(*names));

	if (!names)
		return CT_ENOMEM;
	state->object_names = names;
	names->before = calloc(trace->name_count + 1, sizeof(*names->before));
	if (!names->before)
		return CT_ENOMEM;
	for (size_t i = 0; i < trace->name_count; i++) {
		const struct ct_trace_name *name = &trace->names[i];
		struct ct_map *newest = &names->newest[name->thread];
		uint64_t before = 0;
		enum ct_status status;

		ct_map_get(newest, name->object, &before);
		names->before[i] = before;
		status = ct_map_put(newest, name->object, i + 1);
		if (status)
			return status;
	}
	return CT_OK;
}

void ct_given_fini(struct ct_model_state *state)
{
	if (!state->object_names)
		return;
	ct_map_fini(&state->object_names->newest[0]);
	ct_map_fini(&state->object_names->newest[1]);
	free(state->object_names->before);
}

/* Whether `name` suits a life that began at `time` better than `best` does. */
static bool suits_better(const struct ct_trace_name *name, const struct ct_trace_name *best,
			 uint64_t time)
{
	if (!best)
		return true;
	if (name->time <= time)
		return best->time > time || name->time > best->time;
	return best->time > time && name->time < best->time;
}

const char *ct_given_name(const struct ct_model *model, const struct ct_process *process,
			  uint64_t address, uint64_t time, uint64_t since)
{
	const struct ct_object_names *names = ct_model_state(model)->object_names;
	const struct ct_trace_name *best = NULL;
	uint64_t at = 0;

	ct_map_get(&names->newest[0], address, &at);
	for (; at; at = names->before[at - 1]) {
		const struct ct_trace_name *name = &model->trace->names[at - 1];

		if ((!process || name->process == process->number) && name->time >= since &&
		    suits_better(name, best, time))
			best = name;
	}
	return best ? best->name : NULL;
}

const char *ct_given_thread_name(const struct ct_model *model, uint32_t process, uint32_t thread)
{
	const struct ct_object_names *names = ct_model_state(model)->object_names;
	uint64_t at = 0;

	ct_map_get(&names->newest[1], thread, &at);
	for (; at; at = names->before[at - 1])
		if (model->trace->names[at - 1].process == process)
			return model->trace->names[at - 1].name;
	return NULL;
}

bool ct_given_value(const struct ct_model *model, uint64_t object, uint64_t *out_value)
{
	const struct ct_trace *trace = model->trace;

	for (size_t i = 0; i < trace->text_init_count; i++) {
		if (trace->text_init[i].object != object)
			continue;
		*out_value = trace->text_init[i].value;
		return true;
	}
	return false;
}
