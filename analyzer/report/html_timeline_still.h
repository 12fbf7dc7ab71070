#ifndef CT_REPORT_HTML_TIMELINE_STILL_H
#define CT_REPORT_HTML_TIMELINE_STILL_H
/*
 * The timeline as a still picture, for browsers that run no script, and for paper. Its size is
 * bounded, whatever the trace.
 */
#include <stdbool.h>

#include "base/status.h"
#include "timing/lanes.h"

struct ct_html;

#define CT_STILL_BARS 3000u /* at most, of all lanes together */

/* The hatches of all activities, for the picture and the legend. */
void ct_html_still_hatches(struct ct_html *html);
/* A box as the activity is drawn, for a legend. */
void ct_html_still_swatch(struct ct_html *html, enum ct_activity activity);
/* <svg>: a lane for each thread. `out_left_out`: threads that have none. */
CT_MUST_CHECK enum ct_status ct_html_still(struct ct_html *html, const struct ct_timing *timing,
					   size_t *out_left_out);

#endif
