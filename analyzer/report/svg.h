#ifndef CT_REPORT_SVG_H
#define CT_REPORT_SVG_H
/*
 * Writes SVG: a thin layer over libxml2's xmlTextWriter.
 *
 * Lengths are pixels, from the top left. Text is set in a fixed-pitch font, so that its width is
 * known here: what does not fit is shortened. Strings of the program may hold anything; what is no
 * printable UTF-8 is shown as \xNN. Failure is sticky, and told by ct_svg_finish.
 */
#include "base/status.h"

struct ct_svg;
struct ct_text;

enum ct_svg_anchor { CT_SVG_LEFT, CT_SVG_MIDDLE, CT_SVG_RIGHT };

/* An em is the font's size; a character takes so much of it. */
#define CT_SVG_PITCH 0.6

/* `style`: CSS, and `definitions`: SVG, are our own text, put in as it is. */
CT_MUST_CHECK enum ct_status ct_svg_new(double width, double height, const char *title,
					const char *style, const char *definitions,
					struct ct_svg **out_svg);
/* Appends the picture to `out`, and frees it in any case. */
CT_MUST_CHECK enum ct_status ct_svg_finish(struct ct_svg *svg, struct ct_text *out);

/* `class` is of the style; `tooltip` may be NULL. */
void ct_svg_rect(struct ct_svg *svg, double x, double y, double width, double height,
		 const char *class, const char *tooltip);
void ct_svg_line(struct ct_svg *svg, double x1, double y1, double x2, double y2, const char *class);
/* `data` are our own: "M1 2h3". */
void ct_svg_path(struct ct_svg *svg, const char *data, const char *class, const char *tooltip);
/* `y` is the base line. */
void ct_svg_text(struct ct_svg *svg, double x, double y, double size, enum ct_svg_anchor anchor,
		 const char *class, const char *text);
/* The same in at most `room` pixels. */
void ct_svg_text_in(struct ct_svg *svg, double x, double y, double size, double room,
		    enum ct_svg_anchor anchor, const char *class, const char *text);
void ct_svg_group_begin(struct ct_svg *svg, const char *class);
void ct_svg_group_end(struct ct_svg *svg);

/* Pixels that a text takes, once it is made printable. */
double ct_svg_text_width(const char *text, double size);

/* A number for `data`, the same in every locale, followed by a space. */
void ct_svg_number(struct ct_text *data, double value);

#endif
