#ifndef CT_REPORT_HTML_H
#define CT_REPORT_HTML_H
/*
 * Writes HTML: a thin layer over libxml2's xmlTextWriter, so that all that is begun is ended and
 * all text is escaped. SVG within the page is written the same way.
 *
 * Strings may come from the program and hold anything: what is no printable UTF-8, and what would
 * turn the direction of the text around it, is shown as \xNN.
 * Names of elements and attributes are our own. Failure is sticky, and told by ct_html_finish.
 */
#include <jansson.h>
#include <stdbool.h>

#include "base/status.h"

struct ct_html;
struct ct_text;

CT_MUST_CHECK enum ct_status ct_html_new(struct ct_html **out_html);
/* Ends what is still open, appends the page to `out`, and frees it in any case. */
CT_MUST_CHECK enum ct_status ct_html_finish(struct ct_html *html, struct ct_text *out);
/* What was built for it failed: so does the page. */
void ct_html_fail(struct ct_html *html);

/* Attributes come before content. Elements that HTML has no end tags for (meta, br, input ...) are
 * ended as all others. */
void ct_html_begin(struct ct_html *html, const char *tag);
void ct_html_begin_class(struct ct_html *html, const char *tag, const char *class);
void ct_html_end(struct ct_html *html);
/* Nothing for a NULL value. */
void ct_html_attr(struct ct_html *html, const char *name, const char *value);
void ct_html_attrf(struct ct_html *html, const char *name, const char *format, ...) CT_PRINTF(3, 4);
/* One line: a newline is shown as \x0A. */
void ct_html_text(struct ct_html *html, const char *text);
void ct_html_textf(struct ct_html *html, const char *format, ...) CT_PRINTF(2, 3);
/* The same with newlines, for <pre>. */
void ct_html_lines(struct ct_html *html, const char *text);
/* A sentence of ours in which names stand in `back quotes`: these become <code>. */
void ct_html_sentence(struct ct_html *html, const char *text);
/* Begins, has the text, ends; `class` may be NULL. */
void ct_html_element(struct ct_html *html, const char *tag, const char *class, const char *text);

/* <style> and <script> of our own text, put in as it is. */
void ct_html_raw_style(struct ct_html *html, const char *css);
void ct_html_raw_script(struct ct_html *html, const char *script);
/* A picture of svg.h: put in as it is, without the line that begins an XML file. */
void ct_html_picture(struct ct_html *html, const struct ct_text *svg);
/* Data for the script: <script type="application/json" id=...>; takes `data` over. */
void ct_html_json_script(struct ct_html *html, const char *id, json_t *data);

/* A whole page that needs nothing but itself: doctype, head with a policy that forbids all that is
 * not in it, our style; <body> is open then. */
void ct_html_page_begin(struct ct_html *html, const char *title);
/* `script`: it has our script. */
void ct_html_page_end(struct ct_html *html, bool script);

#endif
