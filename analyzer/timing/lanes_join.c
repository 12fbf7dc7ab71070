#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "timing/lanes_private.h"

#define FIRST_QUANTUM_NS 1000u
/* A coarser picture of few items that are long would be no smaller. */
#define ITEMS_PER_THREAD 4u

static uint64_t length(const struct ct_lane_item *item)
{
	return item->to_ns - item->from_ns;
}

static enum ct_status append(struct ct_part_lanes *part, struct ct_lane *lane,
			     const struct ct_lane_item *item)
{
	enum ct_status status = ct_vec_grow(&lane->items, &lane->item_cap, lane->item_count + 1,
					    sizeof(*lane->items));

	if (status)
		return status;
	lane->items[lane->item_count++] = *item;
	part->item_count++;
	return CT_OK;
}

/* Of what is in the join, the activity that had most time and got least. */
static uint8_t most_owed(const struct ct_lane_join *join)
{
	uint8_t best = join->longest.activity;

	for (unsigned i = 0; i < CT_ACTIVITIES; i++)
		if (join->ns[i] && join->debt[i] > join->debt[best])
			best = (uint8_t)i;
	return best;
}

static void clear(struct ct_lane_join *join, uint64_t time_ns)
{
	join->from_ns = join->to_ns = time_ns;
	memset(join->ns, 0, sizeof(join->ns));
	join->longest = (struct ct_lane_item){.from_ns = time_ns, .to_ns = time_ns};
}

/* An item of the activity that is owed most, from the join's beginning to `to_ns`. */
static enum ct_status append_joined(struct ct_part_lanes *part, struct ct_lane *lane,
				    struct ct_lane_join *join, uint64_t to_ns, bool open)
{
	uint8_t activity = most_owed(join);
	struct ct_lane_item item = {
		.from_ns = join->from_ns,
		.to_ns = to_ns,
		.object = join->longest.activity == activity ? join->longest.object : 0,
		.stack = join->longest.activity == activity ? join->longest.stack : 0,
		.activity = activity,
		.mixed = true,
		.open = open,
	};

	join->debt[activity] -= (int64_t)(to_ns - join->from_ns);
	clear(join, to_ns);
	return append(part, lane, &item);
}

/* A long item after a short join takes its place, but for time that is owed to another activity by
 * now. */
static enum ct_status append_long(struct ct_part_lanes *part, struct ct_lane *lane,
				  struct ct_lane_join *join, const struct ct_lane_item *item)
{
	struct ct_lane_item longer = *item;
	int64_t owed, quantum = (int64_t)part->lanes->quantum_ns;

	if (!join || join->from_ns == join->to_ns)
		return append(part, lane, item);
	owed = join->debt[most_owed(join)];
	if (owed > quantum && (uint64_t)owed < (item->to_ns - join->from_ns) / 2) {
		uint64_t until = join->from_ns + (uint64_t)owed;
		enum ct_status status = append_joined(part, lane, join, until, false);

		if (status)
			return status;
		longer.from_ns = until;
	} else {
		longer.from_ns = join->from_ns;
	}
	join->debt[item->activity] += (int64_t)length(item) - (int64_t)length(&longer);
	longer.mixed = true;
	clear(join, longer.to_ns);
	return append(part, lane, &longer);
}

static enum ct_status join_short(struct ct_part_lanes *part, struct ct_lane *lane,
				 struct ct_lane_join *join, const struct ct_lane_item *item)
{
	if (join->from_ns == join->to_ns)
		clear(join, item->from_ns);
	join->to_ns = item->to_ns;
	join->ns[item->activity] += length(item);
	join->debt[item->activity] += (int64_t)length(item);
	if (length(item) >= length(&join->longest))
		join->longest = *item;
	if (join->to_ns - join->from_ns < part->lanes->quantum_ns)
		return CT_OK;
	return append_joined(part, lane, join, join->to_ns, false);
}

static enum ct_status add(struct ct_part_lanes *part, size_t thread,
			  const struct ct_lane_item *item)
{
	struct ct_lane *lane = &part->lanes->threads[thread];
	struct ct_lane_state *state = &part->states[thread];

	/* The last one keeps its `open` if it is one by itself. */
	if (length(item) >= part->lanes->quantum_ns || item->open)
		return append_long(part, lane, state->join, item);
	if (!state->join && !(state->join = calloc(1, sizeof(*state->join))))
		return CT_ENOMEM;
	return join_short(part, lane, state->join, item);
}

/* Joins the items of a lane anew. What is written never overtakes what is read: each item that is
 * made has taken one at least. */
static enum ct_status coarsen_lane(struct ct_part_lanes *part, size_t thread)
{
	struct ct_lane *lane = &part->lanes->threads[thread];
	struct ct_lane_join *join = part->states[thread].join;
	struct ct_lane_join pending = {.from_ns = 0};
	size_t count = lane->item_count;

	/* What is pending comes after all items: it waits until those were seen. */
	if (join && join->from_ns != join->to_ns) {
		pending = *join;
		clear(join, join->from_ns);
		for (size_t i = 0; i < CT_ACTIVITIES; i++)
			join->debt[i] -= (int64_t)pending.ns[i];
	}
	part->item_count -= count;
	lane->item_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct ct_lane_item item = lane->items[i];
		enum ct_status status = add(part, thread, &item);

		if (status)
			return status;
	}
	join = part->states[thread].join;
	if (!join || pending.from_ns == pending.to_ns)
		return CT_OK;
	if (join->from_ns == join->to_ns)
		clear(join, pending.from_ns);
	join->to_ns = pending.to_ns;
	for (size_t i = 0; i < CT_ACTIVITIES; i++) {
		join->ns[i] += pending.ns[i];
		join->debt[i] += (int64_t)pending.ns[i];
	}
	if (length(&pending.longest) >= length(&join->longest))
		join->longest = pending.longest;
	return CT_OK;
}

static enum ct_status coarsen(struct ct_part_lanes *part)
{
	struct ct_lanes *lanes = part->lanes;

	lanes->quantum_ns = lanes->quantum_ns ? lanes->quantum_ns * 2 : FIRST_QUANTUM_NS;
	for (size_t i = 0; i < lanes->thread_count; i++) {
		enum ct_status status = coarsen_lane(part, i);

		if (status)
			return status;
	}
	return CT_OK;
}

enum ct_status ct_lanes_add_span(struct ct_part_lanes *part, const struct ct_span *span)
{
	struct ct_lane_item item = {
		.from_ns = span->from_ns,
		.to_ns = span->to_ns,
		.object = span->object ? span->object->id + 1 : 0,
		.stack = span->stack,
		.activity = (uint8_t)span->activity,
		.open = span->open,
	};
	size_t most = CT_LANE_ITEMS, spare = ITEMS_PER_THREAD * part->lanes->thread_count;
	enum ct_status status;

	if (most < spare)
		most = spare;
	/* Debts are signed; only a damaged trace has such times. */
	if (item.to_ns > INT64_MAX || (item.from_ns >= item.to_ns && !item.open))
		return CT_OK;
	status = add(part, span->thread->id, &item);
	/* To half of it, so that this is seldom. A quantum that is longer than all spans ends it.
	 */
	if (!status && part->item_count > most)
		do {
			status = coarsen(part);
		} while (!status && part->item_count > most / 2 &&
			 part->lanes->quantum_ns < item.to_ns);
	return status;
}

enum ct_status ct_lanes_end_join(struct ct_part_lanes *part, size_t thread)
{
	struct ct_lane_join *join = part->states[thread].join;

	if (!join || join->from_ns == join->to_ns)
		return CT_OK;
	return append_joined(part, &part->lanes->threads[thread], join, join->to_ns, false);
}
