#ifndef CT_BASE_SOURCE_H
#define CT_BASE_SOURCE_H
/*
 * Source files, of which reports show lines. A file is read once for many lines; as many files are
 * kept as fit into a bound.
 */
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/status.h"

struct ct_sources;
struct ct_text;

/* Relative paths are below `directory`, which is borrowed and may be NULL. */
CT_MUST_CHECK enum ct_status ct_sources_new(const char *directory, struct ct_sources **out_sources);
void ct_sources_free(struct ct_sources *sources); /* NULL is nothing */

/* The bytes of line `line` (from 1) without its newline, borrowed until the next call; NULL if the
 * file cannot be read, is no regular file, or has no such line. No `sources` have no lines. */
const char *ct_source_line(struct ct_sources *sources, const char *path, int line,
			   size_t *out_length);

/* All of the file's bytes, borrowed until the next call, and when it was last written to. NULL: as
 * above. */
const char *ct_source_all(struct ct_sources *sources, const char *path, size_t *out_length,
			  time_t *out_modified);

/* Appends the line without indentation, fit for a terminal; a long one is cut. False, and nothing
 * is added, if there is none, or an empty one. */
bool ct_source_add_line(struct ct_text *out, struct ct_sources *sources, const char *path,
			int line);

#endif
