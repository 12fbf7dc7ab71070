#ifndef CT_REPORT_HTML_TIMELINE_H
#define CT_REPORT_HTML_TIMELINE_H
/*
 * The timeline of the HTML page: what each thread did when, and who woke whom. Markup that is
 * complete by itself (a still picture), and data for page/timeline*.js, which replaces the picture
 * by one that can be zoomed and searched.
 */
#include "base/status.h"

struct ct_html;
struct ct_report;

/* Appends <section id="timeline">. Needs in->timing with lanes; without them it says why there is
 * no timeline. */
CT_MUST_CHECK enum ct_status ct_html_timeline(struct ct_html *html, const struct ct_report *in);

#endif
