#ifndef CT_REPORT_PICTURE_PARTS_H
#define CT_REPORT_PICTURE_PARTS_H
/*
 * What the pictures have in common: sizes, colours, legend, axes. Private to picture_*.c.
 *
 * Colours are those of Okabe and Ito, "Color Universal Design", 2008, which people with any kind
 * of colour vision tell apart. Running is dark and plain, waits are lighter and hatched, so that a
 * picture can be printed in grey.
 */
#include <stdbool.h>
#include <stddef.h>

#include "report/svg.h"
#include "timing/lanes.h"

/* Of the whole picture, in pixels. The plot is between LEFT (or what labels need) and RIGHT. */
#define CT_PICTURE_WIDTH 1200.0
#define CT_PICTURE_RIGHT 1170.0
#define CT_PICTURE_MARGIN 16.0
#define CT_PICTURE_TOP 54.0 /* below the title */
#define CT_PICTURE_FONT 12.0
#define CT_PICTURE_SMALL 10.0
#define CT_PICTURE_SERIES 14u /* different colours of series: "s0" and so on */

/* A new picture of that height with title and subtitle. */
CT_MUST_CHECK enum ct_status ct_picture_new(double height, const char *title, const char *subtitle,
					    struct ct_svg **out_svg);

/* How an activity is drawn: `tint` with lines of `colour` along the path `hatch`, in tiles of 6 by
 * 6 pixels; plain `colour` if there is no hatch. */
struct ct_picture_look {
	const char *class, *colour, *tint, *hatch;
};
const struct ct_picture_look *ct_picture_look(enum ct_activity activity);

/* The class of what a thread does: "a1". */
const char *ct_picture_activity(enum ct_activity activity);
/* The class of a series; after CT_PICTURE_SERIES of them they repeat. */
const char *ct_picture_series(size_t number);

/* A legend that flows from left to right, line by line. */
struct ct_picture_legend {
	struct ct_svg *svg; /* NULL: only measures */
	double x, y;	    /* of the next entry; begins at CT_PICTURE_MARGIN */
};
/* `class` of the box, `text` behind it. */
void ct_picture_legend_add(struct ct_picture_legend *legend, const char *class, const char *text);

/* A straight axis from `from` to `to`, at low_px and high_px. */
struct ct_picture_axis {
	double from, to, low_px, high_px;
	double step;	  /* between ticks: 1, 2 or 5 times a power of ten */
	double scale;	  /* of the numbers at the ticks */
	const char *unit; /* of the same: "ms", or "" */
};
/* Ends as it is told, for times in seconds; ticks are in the unit that suits. */
struct ct_picture_axis ct_picture_axis_time(double to_s, double low_px, double high_px);
/* Begins at 0 and ends at the first tick that is not below `to`. */
struct ct_picture_axis ct_picture_axis_from_0(double to, double low_px, double high_px,
					      bool seconds);
double ct_picture_at(const struct ct_picture_axis *axis, double value);
/* Ticks, numbers and thin lines through the plot, which goes up to `top` (or right to `right`). */
void ct_picture_axis_below(struct ct_svg *svg, const struct ct_picture_axis *axis, double y,
			   double top, const char *name);
void ct_picture_axis_left(struct ct_svg *svg, const struct ct_picture_axis *axis, double x,
			  double right, const char *name);

#endif
