#ifndef CT_REPORT_PICTURE_SPEEDUP_H
#define CT_REPORT_PICTURE_SPEEDUP_H
/*
 * Measured points of several series, as SVG: speed-up over workers, and time over size.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct ct_text;

struct ct_picture_series {
	const char *name; /* escaped here */
	/* Of each point: where it is, its value, and the ends of its error bar. NAN: no such point,
	 * or no bar. `low` and `high` may be NULL. */
	const double *n, *median, *low, *high;
	size_t count;
	bool fitted; /* a line fixed + slope * n goes through the points */
	double fixed, slope;
};

/* Values are speed-ups, `n` numbers of workers. The line of a perfect speed-up is drawn as well. */
CT_MUST_CHECK enum ct_status ct_picture_speedup(const char *title,
						const struct ct_picture_series *series,
						size_t count, struct ct_text *out);

/* Values are seconds, `n` sizes of the work. */
CT_MUST_CHECK enum ct_status ct_picture_curve(const char *title,
					      const struct ct_picture_series *series, size_t count,
					      struct ct_text *out);

#endif
