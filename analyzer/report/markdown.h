#ifndef CT_REPORT_MARKDOWN_H
#define CT_REPORT_MARKDOWN_H
/*
 * GitHub's Markdown: text that comes from the program and must not become markup.
 */
struct ct_text;

/* One line of text. All punctuation is escaped: no emphasis, link, table cell or HTML comes of it.
 */
void ct_markdown_add(struct ct_text *out, const char *text);

/* A part that is folded up: its title, one line, and below it a text as it stands, of any lines. */
void ct_markdown_add_folded(struct ct_text *out, const char *title, const char *text);

#endif
