#include <stdlib.h>

#include "timing/lanes_private.h"

static void swap(struct ct_lane_arrow *a, struct ct_lane_arrow *b)
{
	struct ct_lane_arrow kept = *a;

	*a = *b;
	*b = kept;
}

static void rise(struct ct_lane_arrow *heap, size_t at)
{
	for (; at && heap[at].waited_ns < heap[(at - 1) / 2].waited_ns; at = (at - 1) / 2)
		swap(&heap[at], &heap[(at - 1) / 2]);
}

static void sink(struct ct_lane_arrow *heap, size_t count)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < count) {
		if (child + 1 < count && heap[child + 1].waited_ns < heap[child].waited_ns)
			child++;
		if (heap[at].waited_ns <= heap[child].waited_ns)
			return;
		swap(&heap[at], &heap[child]);
		at = child;
	}
}

enum ct_status ct_lanes_add_arrow(struct ct_part_lanes *part, const struct ct_span *span)
{
	struct ct_lanes *lanes = part->lanes;
	struct ct_lane_arrow arrow = {
		.from = span->wake.thread,
		.to = span->thread,
		.from_ns = span->wake.time_ns,
		.to_ns = span->to_ns,
		.waited_ns = span->to_ns - span->from_ns,
		.object = span->object ? span->object->id + 1 : 0,
		.activity = span->activity,
	};

	if (lanes->arrow_count < CT_LANE_ARROWS) {
		lanes->arrows[lanes->arrow_count] = arrow;
		rise(lanes->arrows, lanes->arrow_count++);
		return CT_OK;
	}
	lanes->arrows_left_out++;
	if (arrow.waited_ns > lanes->arrows[0].waited_ns) {
		lanes->arrows[0] = arrow;
		sink(lanes->arrows, lanes->arrow_count);
	}
	return CT_OK;
}

static int by_time(const void *a, const void *b)
{
	const struct ct_lane_arrow *x = a, *y = b;

	if (x->to_ns != y->to_ns)
		return x->to_ns < y->to_ns ? -1 : 1;
	return (x->to->id > y->to->id) - (x->to->id < y->to->id);
}

void ct_lanes_sort_arrows(struct ct_lanes *lanes)
{
	qsort(lanes->arrows, lanes->arrow_count, sizeof(*lanes->arrows), by_time);
}
