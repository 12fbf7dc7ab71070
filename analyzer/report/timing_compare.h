#ifndef CT_REPORT_TIMING_COMPARE_H
#define CT_REPORT_TIMING_COMPARE_H
/*
 * Timings side by side: the first is the serial one, to which the others are compared.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct ct_text;
struct ct_timing;

struct ct_timing_column {
	const struct ct_timing *timing;
	const char *path; /* of its trace, as it was named */
};

CT_MUST_CHECK enum ct_status ct_timing_compare_text(const struct ct_timing_column *columns,
						    size_t count, bool color, struct ct_text *out);
CT_MUST_CHECK enum ct_status ct_timing_compare_json(const struct ct_timing_column *columns,
						    size_t count, struct ct_text *out);
/* Speed-up over workers, as SVG. */
CT_MUST_CHECK enum ct_status ct_timing_compare_picture(const struct ct_timing_column *columns,
						       size_t count, struct ct_text *out);

/* All are NAN where they are not known. */
double ct_timing_speedup(const struct ct_timing *base, const struct ct_timing *timing);
double ct_timing_efficiency(const struct ct_timing *base, const struct ct_timing *timing);
/* Karp and Flatt: the share of the work that was as good as serial. Of more than one worker, if
 * they were faster. */
double ct_timing_karp_flatt(const struct ct_timing *base, const struct ct_timing *timing);

#endif
