#ifndef CT_DETECT_WRITTEN_NAME_H
#define CT_DETECT_WRITTEN_NAME_H
/*
 * What a line of C or C++ calls the memory that it writes. Only of a line that does not leave a
 * choice: one assignment, increment or decrement, and no call.
 */
#include <stdbool.h>
#include <stddef.h>

struct ct_text;

/* Appends "list->head" of "list->head = node;". False and nothing: the line does not tell. */
bool ct_written_name_add(struct ct_text *out, const char *line, size_t length);

#endif
