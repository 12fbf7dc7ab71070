#ifndef CT_REPORT_SOURCE_H
#define CT_REPORT_SOURCE_H
/*
 * One line of a source file, to be shown below the place that it stands for.
 */
#include <stdbool.h>

struct ct_text;

/* Appends line `line` (from 1) without indentation and newline, fit for a terminal; long lines are
 * cut. False, and nothing is added, if the file cannot be read, is no regular file, or has no such
 * line, or an empty one. A relative path is one below `directory`. */
bool ct_source_add_line(struct ct_text *out, const char *directory, const char *path, int line);

#endif
