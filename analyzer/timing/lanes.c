#include "timing/lanes.h"

#include <stdlib.h>

#include "timing/lanes_private.h"
#include "timing/parts.h"

void ct_lanes_free(struct ct_lanes *lanes)
{
	if (!lanes)
		return;
	for (size_t i = 0; lanes->threads && i < lanes->thread_count; i++) {
		free(lanes->threads[i].items);
		free(lanes->threads[i].regions);
	}
	free(lanes->threads);
	free(lanes->arrows);
	free(lanes);
}

enum ct_status ct_part_lanes_new(struct ct_timing *timing, struct ct_part_lanes **out_part)
{
	struct ct_part_lanes *part = calloc(1, sizeof(*part));
	struct ct_lanes *lanes = calloc(1, sizeof(*lanes));
	size_t count = timing->model->thread_count;
	enum ct_status status = CT_ENOMEM;

	if (!part || !lanes) {
		free(part);
		free(lanes);
		return CT_ENOMEM;
	}
	part->lanes = lanes;
	lanes->thread_count = part->state_count = count;
	lanes->threads = calloc(count + 1, sizeof(*lanes->threads));
	lanes->arrows = calloc(CT_LANE_ARROWS, sizeof(*lanes->arrows));
	part->states = calloc(count + 1, sizeof(*part->states));
	if (lanes->threads && lanes->arrows && part->states)
		status = ct_region_names_new(timing->model->trace, &part->names);
	if (status) {
		ct_part_lanes_free(part);
		return status;
	}
	*out_part = part;
	return CT_OK;
}

static enum ct_status take_span(void *state, const struct ct_span *span)
{
	struct ct_part_lanes *part = state;
	enum ct_status status = ct_lanes_add_span(part, span);

	return status || !span->wake.thread ? status : ct_lanes_add_arrow(part, span);
}

static enum ct_status take_end(void *state, const struct ct_thread *thread, uint64_t time_ns)
{
	return ct_lanes_region_end(state, thread->id, time_ns);
}

static enum ct_status take_step(void *state, const struct ct_model *model,
				const struct ct_step *step, uint64_t time_ns)
{
	(void)model;
	return ct_lanes_region_step(state, step, time_ns);
}

struct ct_span_sink ct_part_lanes_sink(struct ct_part_lanes *part)
{
	return (struct ct_span_sink){
		.state = part, .span = take_span, .end = take_end, .step = take_step};
}

enum ct_status ct_part_lanes_finish(struct ct_part_lanes *part, struct ct_timing *timing)
{
	struct ct_lanes *lanes = part->lanes;

	for (size_t i = 0; i < lanes->thread_count; i++) {
		struct ct_lane *lane = &lanes->threads[i];
		enum ct_status status = ct_lanes_end_join(part, i);

		if (!status && lane->item_count)
			status = ct_lanes_region_end(part, i,
						     lane->items[lane->item_count - 1].to_ns);
		if (status)
			return status;
	}
	ct_lanes_sort_arrows(lanes);
	timing->lanes = lanes;
	part->lanes = NULL;
	return CT_OK;
}

void ct_part_lanes_free(struct ct_part_lanes *part)
{
	if (!part)
		return;
	for (size_t i = 0; part->states && i < part->state_count; i++)
		free(part->states[i].join);
	free(part->states);
	ct_region_names_free(part->names);
	ct_lanes_free(part->lanes);
	free(part);
}
