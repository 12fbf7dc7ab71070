#ifndef CT_REPORT_PICTURE_H
#define CT_REPORT_PICTURE_H
/*
 * Pictures of a timing as SVG, each a file of its own: it needs no other file and no program but a
 * browser. All need a timing that was made with lanes. Names of the program are escaped, and
 * shortened to the room that they have.
 */
#include "base/status.h"

struct ct_text;
struct ct_timing;

/* A bar for each task, from its begin to its end: the regions that the program named, else its
 * workers. */
CT_MUST_CHECK enum ct_status ct_picture_gantt(const struct ct_timing *timing, struct ct_text *out);

/* A lane for each thread, in a frame for each process: what it did when, and who woke whom. */
CT_MUST_CHECK enum ct_status ct_picture_lanes(const struct ct_timing *timing, struct ct_text *out);

/* How many threads ran at once, over the time. */
CT_MUST_CHECK enum ct_status ct_picture_parallelism(const struct ct_timing *timing,
						    struct ct_text *out);

#endif
