#ifndef CT_REPORT_TIMING_REGIONS_H
#define CT_REPORT_TIMING_REGIONS_H
/*
 * The regions that the program named (conctrace.h), put together by name.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct ct_timing;

struct ct_region_sum {
	const char *name; /* borrowed */
	uint64_t count, total_ns;
};

/* Longest first, by name where they are equal. To be freed with free(); NULL: there is none. */
CT_MUST_CHECK enum ct_status ct_timing_regions(const struct ct_timing *timing,
					       struct ct_region_sum **out_sums, size_t *out_count);

#endif
