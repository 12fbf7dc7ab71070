#ifndef CT_REPORT_STYLE_H
#define CT_REPORT_STYLE_H
/*
 * Colours of the text report. Where none are wanted, nothing is added at all.
 */
#include <stdbool.h>

struct ct_text;

enum ct_style {
	CT_STYLE_ERROR,
	CT_STYLE_WARNING,
	CT_STYLE_NOTE,
	CT_STYLE_STRONG, /* headlines, and who acts */
	CT_STYLE_HELP,
	CT_STYLE_SOURCE, /* quoted source lines */
};

void ct_style_begin(struct ct_text *out, bool color, enum ct_style style);
void ct_style_end(struct ct_text *out, bool color);
/* `text`, which is the analyzer's own, in that style. */
void ct_style_add(struct ct_text *out, bool color, enum ct_style style, const char *text);

#endif
