#ifndef CT_REPORT_COLUMNS_H
#define CT_REPORT_COLUMNS_H
/*
 * Two columns of text for a terminal, side by side. What is too long for a column is continued
 * below, a bit further in.
 */
#include "base/text.h"
#include "report/style.h"

struct ct_columns {
	struct ct_text *out;
	bool color;
	size_t width; /* of each, in characters */
};

/* One row: `left` and `right` are one line each, fit for a terminal; spaces that they begin with
 * are kept. Nothing for a row that is empty. */
void ct_columns_add(const struct ct_columns *columns, const char *left, const char *right);

/* The same in a style, and what is too long loses its end. */
void ct_columns_add_styled(const struct ct_columns *columns, enum ct_style style, const char *left,
			   const char *right);

#endif
