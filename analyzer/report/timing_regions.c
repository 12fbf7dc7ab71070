#include "report/timing_regions.h"

#include <stdlib.h>
#include <string.h>

#include "timing/lanes.h"
#include "timing/timing.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct ct_region_sum *)a)->name,
		      ((const struct ct_region_sum *)b)->name);
}

static int by_total(const void *a, const void *b)
{
	const struct ct_region_sum *x = a, *y = b;

	if (x->total_ns != y->total_ns)
		return x->total_ns < y->total_ns ? 1 : -1;
	return by_name(a, b);
}

static size_t count_all(const struct ct_lanes *lanes)
{
	size_t count = 0;

	for (size_t i = 0; i < lanes->thread_count; i++)
		count += lanes->threads[i].region_count;
	return count;
}

static void take_all(const struct ct_lanes *lanes, struct ct_region_sum *sums)
{
	for (size_t i = 0; i < lanes->thread_count; i++) {
		const struct ct_lane *lane = &lanes->threads[i];

		for (size_t k = 0; k < lane->region_count; k++) {
			const struct ct_lane_region *region = &lane->regions[k];

			*sums++ = (struct ct_region_sum){region->name, 1,
							 region->to_ns - region->from_ns};
		}
	}
}

/* Neighbours of one name become one. */
static size_t add_up(struct ct_region_sum *sums, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (kept && strcmp(sums[kept - 1].name, sums[i].name) == 0) {
			sums[kept - 1].count++;
			sums[kept - 1].total_ns += sums[i].total_ns;
		} else {
			sums[kept++] = sums[i];
		}
	}
	return kept;
}

enum ct_status ct_timing_regions(const struct ct_timing *timing, struct ct_region_sum **out_sums,
				 size_t *out_count)
{
	size_t count = timing->lanes ? count_all(timing->lanes) : 0;
	struct ct_region_sum *sums = NULL;

	if (count) {
		sums = malloc(count * sizeof(*sums));
		if (!sums)
			return CT_ENOMEM;
		take_all(timing->lanes, sums);
		qsort(sums, count, sizeof(*sums), by_name);
		count = add_up(sums, count);
		qsort(sums, count, sizeof(*sums), by_total);
	}
	*out_sums = sums;
	*out_count = count;
	return CT_OK;
}
