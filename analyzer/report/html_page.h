#ifndef CT_REPORT_HTML_PAGE_H
#define CT_REPORT_HTML_PAGE_H
/*
 * The files of page/, put into the program at build time (cmake/embed_page.py).
 */
extern const char ct_html_page_style[];
extern const char ct_html_page_script[];
/* "sha256-...": by it the page's policy knows the script; nothing else is run. */
extern const char ct_html_page_script_hash[];

#endif
