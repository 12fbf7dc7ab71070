#ifndef CT_REPORT_HTML_DRAW_H
#define CT_REPORT_HTML_DRAW_H
/*
 * Small pictures within the page: SVG whose colours come from the page's style, so that they follow
 * light and dark. Lengths are pixels.
 */
struct ct_html;

/* <figure><svg ...>; `title` is what is read to those who do not see it. */
void ct_html_draw_begin(struct ct_html *html, const char *class, int width, int height,
			const char *title);
void ct_html_draw_end(struct ct_html *html);

void ct_html_draw_box(struct ct_html *html, const char *class, int x, int y, int width, int height,
		      int radius);
/* `y` is the base line; at most `room` characters, the whole is shown where the mouse is. */
void ct_html_draw_text(struct ct_html *html, const char *class, int x, int y, int room,
		       const char *text);
void ct_html_draw_line(struct ct_html *html, const char *class, int x1, int y1, int x2, int y2);
/* A line with an arrow head at its end. */
void ct_html_draw_arrow(struct ct_html *html, const char *class, int x1, int y1, int x2, int y2);

#endif
