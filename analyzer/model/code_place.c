#include "model/code_place.h"

#include "model/state.h"

void ct_code_places_init(struct ct_code_places *places, const struct ct_trace *trace)
{
	places->trace = trace;
	ct_map_init(&places->of_stack);
	ct_map_init(&places->places);
}

void ct_code_places_fini(struct ct_code_places *places)
{
	ct_map_fini(&places->of_stack);
	ct_map_fini(&places->places);
}

static const struct ct_process *program_of(const struct ct_process *process)
{
	while (process->parent && ct_process_state(process)->copied &&
	       !ct_process_state(process)->image)
		process = process->parent;
	return process;
}

static enum ct_status number_of(struct ct_map *map, uint64_t key, uint64_t *out_number)
{
	if (ct_map_get(map, key, out_number))
		return CT_OK;
	*out_number = ct_map_count(map) + 1;
	return ct_map_put(map, key, *out_number);
}

enum ct_status ct_code_place(struct ct_code_places *places, const struct ct_thread *thread,
			     uint32_t stack, uint64_t *out_place)
{
	uint64_t key = (uint64_t)thread->process->number << 32 | stack, place;
	const struct ct_trace_stack *frames;
	enum ct_status status;

	if (ct_map_get(&places->of_stack, key, out_place))
		return CT_OK;
	frames = ct_trace_stack(places->trace, thread->process->number, stack);
	place = key;
	if (frames && frames->depth)
		place = ct_map_mix(frames->frames[0]) + program_of(thread->process)->number;
	status = number_of(&places->places, place, out_place);
	return status ? status : ct_map_put(&places->of_stack, key, *out_place);
}
