#ifndef CT_TIMING_LANES_PRIVATE_H
#define CT_TIMING_LANES_PRIVATE_H
/*
 * What lanes.c is made of: spans that are joined, and regions. Private to lanes*.c.
 */
#include "timing/lanes.h"
#include "timing/region_names.h"

/* A stretch of a lane that is not an item yet, since it is shorter than the quantum. */
struct ct_lane_join {
	uint64_t from_ns, to_ns; /* equal: there is none */
	uint64_t ns[CT_ACTIVITIES];
	/* By activity: time that was joined, less that of the items that were made of it. What is
	 * left over counts for the next items, so that the sums stay right. */
	int64_t debt[CT_ACTIVITIES];
	struct ct_lane_item longest;
};

/* What is known of a thread on the way, besides its lane. */
struct ct_lane_state {
	struct ct_lane_join *join; /* NULL until something is joined; owned */
	uint32_t depth;		   /* of regions that are open */
	uint64_t region_ns;	   /* since when the outermost one is */
	const char *region_name;
};

struct ct_part_lanes {
	struct ct_lanes *lanes; /* owned until finish */
	struct ct_lane_state *states;
	size_t state_count, item_count, region_count;
	struct ct_region_names *names; /* owned */
};

/* lanes_join.c. Coarsens all lanes when there are too many items. */
CT_MUST_CHECK enum ct_status ct_lanes_add_span(struct ct_part_lanes *part,
					       const struct ct_span *span);
/* What is shorter than the quantum in the end becomes the last item, or part of it. */
CT_MUST_CHECK enum ct_status ct_lanes_end_join(struct ct_part_lanes *part, size_t thread);

/* lanes_region.c */
CT_MUST_CHECK enum ct_status ct_lanes_region_step(struct ct_part_lanes *part,
						  const struct ct_step *step, uint64_t time_ns);
/* The thread ends: so does its region. */
CT_MUST_CHECK enum ct_status ct_lanes_region_end(struct ct_part_lanes *part, size_t thread,
						 uint64_t time_ns);

/* lanes_arrow.c: a heap, the shortest wait on top, while there are more than fit. */
CT_MUST_CHECK enum ct_status ct_lanes_add_arrow(struct ct_part_lanes *part,
						const struct ct_span *span);
void ct_lanes_sort_arrows(struct ct_lanes *lanes);

#endif
