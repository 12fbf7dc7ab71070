#ifndef CT_REPORT_HTML_TIMELINE_DATA_H
#define CT_REPORT_HTML_TIMELINE_DATA_H
/*
 * The lanes of a timing as compact JSON, for page/timeline*.js. Times are nanoseconds; what is
 * large is a flat array of numbers, each time as the difference to the one before:
 *
 *	wall, quantum   of the whole; below `quantum` items were joined (0: none was)
 *	activities      [name, colour, hatch or null] of each
 *	strings         names of objects, places, regions and processes
 *	kinds           activity, 1 if mixed, object, place; and so on. object and place: number of
 *			a string + 1, 0 none. Activity -1: the thread was not there
 *	threads         {id, name, process (as object), from, items: [length, kind, ...],
 *			regions: [from, length, string, ...], open: true if its end is missing}
 *	arrows          to (time), to (time) - from (time), from (thread), to (thread), time
 *			waited, activity, object; sorted by the first
 *	leftOut         arrows and regions that are not here
 */
#include <jansson.h>

#include "base/status.h"

struct ct_timing;

/* The caller owns the result. */
CT_MUST_CHECK enum ct_status ct_html_timeline_data(const struct ct_timing *timing,
						   json_t **out_data);

#endif
