#ifndef CT_REPORT_HTML_PARTS_H
#define CT_REPORT_HTML_PARTS_H
/*
 * The parts of the HTML report. Each appends its markup, or nothing if there is nothing to say.
 * Private to report_html.c and html_*.c.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/entry.h"
#include "report/html.h"
#include "report/reporter.h"

/* Findings that are shown in full; the others are rows of a table. */
#define CT_HTML_FINDINGS 200u
#define CT_HTML_FINDING_ROWS 5000u
/* Of one finding. */
#define CT_HTML_PLACES 40u
#define CT_HTML_FRAMES 40u
#define CT_HTML_EVENTS 400u
/* A longer ring is told by its places. */
#define CT_HTML_RING 12u
/* Rows of a table of the timing. */
#define CT_HTML_ROWS 1000u

struct ct_finding_place;
struct ct_table;

struct ct_html_page {
	struct ct_html *html;
	const struct ct_report *in;
	const struct ct_entries *entries;
};

/* "T2", in its colour and isolated from the text around it; hostile names cannot turn that. */
void ct_html_thread(const struct ct_html_page *page, const struct ct_thread *thread);
/* An attribute data-t: seconds since the trace began, of what the timeline can show. */
void ct_html_moment(const struct ct_html_page *page, const struct ct_place *place);
/* "transfer (bank.c:41)" */
void ct_html_location(const struct ct_html_page *page, const struct ct_place *place);
/* The lines around the place to point at, and the stack, folded. */
void ct_html_stack(const struct ct_html_page *page, const struct ct_place *place);
/* Sentences that another report writes: what `add` appends, as text with names as <code>. */
typedef void ct_html_words_fn(struct ct_text *out, const struct ct_html_page *page,
			      const void *what);
void ct_html_words(const struct ct_html_page *page, ct_html_words_fn *add, const void *what);

void ct_html_verdict(const struct ct_html_page *page);
void ct_html_findings(const struct ct_html_page *page);
void ct_html_hidden(const struct ct_html_page *page);
void ct_html_waiting(const struct ct_html_page *page);
void ct_html_lacks(const struct ct_html_page *page);

/* Of one finding. */
void ct_html_cycle(const struct ct_html_page *page, const struct ct_finding *finding);
void ct_html_race(const struct ct_html_page *page, const struct ct_finding *finding);
void ct_html_race_picture(const struct ct_html_page *page, const struct ct_finding *finding);
void ct_html_witness(const struct ct_html_page *page, const struct ct_finding *finding);

/* Of a report with a timing. */
void ct_html_course(const struct ct_html_page *page);
void ct_html_threads(const struct ct_html_page *page);
void ct_html_locks(const struct ct_html_page *page);
/* Of one without: locks by their names. */
void ct_html_objects(const struct ct_html_page *page);

/* Begins a region that scrolls by itself where what it holds is wide, also by keys. */
void ct_html_scroll_begin(struct ct_html *html, const char *label);
/* The table as the text report prints it, with a caption; each number carries its exact value for
 * who sorts. Nothing without rows. */
void ct_html_table(const struct ct_html_page *page, const struct ct_table *table,
		   const char *caption);

#endif
