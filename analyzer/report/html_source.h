#ifndef CT_REPORT_HTML_SOURCE_H
#define CT_REPORT_HTML_SOURCE_H
/*
 * Source files as excerpts are cut from them: each is read once, as many as fit into a bound.
 */
#include <stddef.h>

#include "base/status.h"

struct ct_html_sources;

/* Relative paths are below `directory`, which is borrowed and may be NULL. */
CT_MUST_CHECK enum ct_status ct_html_sources_new(const char *directory,
						 struct ct_html_sources **out_sources);
void ct_html_sources_free(struct ct_html_sources *sources); /* NULL is nothing */

/* The bytes of line `line` (from 1), borrowed, without its newline; NULL if the file cannot be
 * read, is no regular file, or has no such line. */
const char *ct_html_source_line(struct ct_html_sources *sources, const char *path, int line,
				size_t *out_length);

#endif
