#ifndef CT_TIMING_HISTOGRAM_H
#define CT_TIMING_HISTOGRAM_H
/*
 * A distribution of times in little memory: counts by size, in steps of 1/32 of a power of two, so
 * that a percentile is within 3 % of the truth. Only steps that occur take room.
 * Source: G. Tene, HdrHistogram.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "timing/timing.h"

struct ct_histogram {
	struct ct_histogram_step {
		uint32_t step;
		uint32_t count; /* stays at its maximum */
	} * steps;		/* by step; owned */
	size_t step_count, step_cap;
	uint64_t count, total, max;
};

/* All zeros is an empty one. */
void ct_histogram_fini(struct ct_histogram *histogram);
CT_MUST_CHECK enum ct_status ct_histogram_add(struct ct_histogram *histogram, uint64_t value);
/* share 0.99: a value that 99 % do not exceed; 0 of an empty one. */
uint64_t ct_histogram_percentile(const struct ct_histogram *histogram, double share);
struct ct_times ct_histogram_times(const struct ct_histogram *histogram);

#endif
