#ifndef CT_REPORT_TIMING_TEXT_H
#define CT_REPORT_TIMING_TEXT_H
/*
 * A timing for people: what it comes to first, then tables, at the end advice. What there is
 * nothing to say of is left out.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct ct_text;
struct ct_timing;

struct ct_timing_text_options {
	bool color;
	size_t top; /* rows of a table; the rest is summed up */
};

CT_MUST_CHECK enum ct_status ct_timing_text(const struct ct_timing *timing,
					    const struct ct_timing_text_options *options,
					    struct ct_text *out);

#endif
