#ifndef CT_REPORT_PICTURE_ROWS_H
#define CT_REPORT_PICTURE_ROWS_H
/*
 * Which threads the picture of lanes shows, and where. Private to picture_*.c.
 */
#include <stdbool.h>
#include <stddef.h>

#include "report/picture_parts.h"

#define CT_PICTURE_ROWS 200u

struct ct_picture_row {
	const struct ct_timing_thread *thread;
	double y;
	bool first, last; /* of its process */
};

struct ct_picture_rows {
	struct ct_picture_row *rows; /* by process, then thread; owned */
	size_t count, left_out;
	size_t *of_thread; /* by thread id: place among rows + 1; 0: not shown; owned */
	double height;	   /* of a row */
	double bottom;
};

/* The threads that ran most, and lived longest, if there are more than CT_PICTURE_ROWS. */
CT_MUST_CHECK enum ct_status ct_picture_rows_make(const struct ct_timing *timing, double top,
						  struct ct_picture_rows *out_rows);
void ct_picture_rows_fini(struct ct_picture_rows *rows);

/* Its row, or NULL. */
const struct ct_picture_row *ct_picture_row_of(const struct ct_picture_rows *rows,
					       const struct ct_thread *thread);

/* Arrows from who woke to who was woken. At most 200: returns how many were left out. */
CT_MUST_CHECK enum ct_status ct_picture_arrows(struct ct_svg *svg, const struct ct_timing *timing,
					       const struct ct_picture_rows *rows,
					       const struct ct_picture_axis *axis,
					       size_t *out_left_out);

#endif
