#ifndef CT_TIMING_LANES_H
#define CT_TIMING_LANES_H
/*
 * What pictures show: each thread's spans, the regions that the program named, and who woke whom.
 *
 * Bounded: once there are more than CT_LANE_ITEMS spans in all, those that are shorter than
 * `quantum_ns` are joined with their neighbours, and the quantum grows until they fit. A joined
 * item is `mixed`; it has an activity that occurred in it, chosen so that the sums by activity
 * differ from the true ones by a few quanta only.
 */
#include "timing/timing.h"

/* What a browser reads in a moment, in a page of some megabytes. */
#define CT_LANE_ITEMS 200000u
#define CT_LANE_ARROWS 20000u
#define CT_LANE_REGIONS 100000u

struct ct_lane_item {
	uint64_t from_ns, to_ns;
	uint32_t object;  /* id + 1, 0 none */
	uint32_t stack;	  /* where the wait began, 0 unknown */
	uint8_t activity; /* enum ct_activity */
	bool mixed, open;
};

struct ct_lane_region {
	uint64_t from_ns, to_ns;
	const char *name;
};

struct ct_lane {
	struct ct_lane_item *items; /* without gaps; owned */
	size_t item_count, item_cap;
	struct ct_lane_region *regions; /* outermost ones, by begin; owned */
	size_t region_count, region_cap;
};

/* From what woke to the end of the wait that it ended. */
struct ct_lane_arrow {
	const struct ct_thread *from, *to;
	uint64_t from_ns, to_ns, waited_ns;
	uint32_t object; /* id + 1, 0 none */
	enum ct_activity activity;
};

struct ct_lanes {
	struct ct_lane *threads; /* by thread id; owned */
	size_t thread_count;
	uint64_t quantum_ns;	      /* 0: nothing was joined */
	struct ct_lane_arrow *arrows; /* those of the longest waits, by time; owned */
	size_t arrow_count;
	size_t arrows_left_out, regions_left_out;
};

void ct_lanes_free(struct ct_lanes *lanes); /* NULL is nothing */

#endif
