#include "base/vec.h"
#include "timing/lanes_private.h"

static enum ct_status add_region(struct ct_part_lanes *part, size_t thread, uint64_t time_ns)
{
	const struct ct_lane_state *state = &part->states[thread];
	struct ct_lane *lane = &part->lanes->threads[thread];
	enum ct_status status;

	if (part->region_count >= CT_LANE_REGIONS) {
		part->lanes->regions_left_out++;
		return CT_OK;
	}
	status = ct_vec_grow(&lane->regions, &lane->region_cap, lane->region_count + 1,
			     sizeof(*lane->regions));
	if (status)
		return status;
	lane->regions[lane->region_count++] = (struct ct_lane_region){
		.from_ns = state->region_ns,
		.to_ns = time_ns > state->region_ns ? time_ns : state->region_ns,
		.name = state->region_name,
	};
	part->region_count++;
	return CT_OK;
}

enum ct_status ct_lanes_region_step(struct ct_part_lanes *part, const struct ct_step *step,
				    uint64_t time_ns)
{
	const struct ct_thread *thread = step->thread;
	struct ct_lane_state *state = &part->states[thread->id];

	if (step->record->event == CT_EV_REGION_BEGIN) {
		if (state->depth++)
			return CT_OK;
		state->region_ns = time_ns;
		state->region_name = ct_region_name(part->names, step);
		return CT_OK;
	}
	/* A region may have begun before the thread was forked, or its beginning is lost. */
	if (step->record->event != CT_EV_REGION_END || !state->depth || --state->depth)
		return CT_OK;
	return add_region(part, thread->id, time_ns);
}

enum ct_status ct_lanes_region_end(struct ct_part_lanes *part, size_t thread, uint64_t time_ns)
{
	if (!part->states[thread].depth)
		return CT_OK;
	part->states[thread].depth = 0;
	return add_region(part, thread, time_ns);
}
