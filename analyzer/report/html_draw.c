#include "report/html_draw.h"

#include <math.h>
#include <stdbool.h>

#include "base/text.h"
#include "report/html.h"

#define ELLIPSIS "\xe2\x80\xa6"

void ct_html_draw_begin(struct ct_html *html, const char *class, int width, int height,
			const char *title)
{
	ct_html_begin(html, "figure");
	ct_html_attrf(html, "class", "picture %s", class);
	ct_html_begin(html, "svg");
	ct_html_attr(html, "xmlns", "http://www.w3.org/2000/svg");
	ct_html_attrf(html, "viewBox", "0 0 %d %d", width, height);
	ct_html_attrf(html, "width", "%d", width);
	ct_html_attrf(html, "height", "%d", height);
	ct_html_attr(html, "role", "img");
	ct_html_attr(html, "aria-label", title);
}

void ct_html_draw_end(struct ct_html *html)
{
	ct_html_end(html);
	ct_html_end(html);
}

void ct_html_draw_box(struct ct_html *html, const char *class, int x, int y, int width, int height,
		      int radius)
{
	ct_html_begin_class(html, "rect", class);
	ct_html_attrf(html, "x", "%d", x);
	ct_html_attrf(html, "y", "%d", y);
	ct_html_attrf(html, "width", "%d", width);
	ct_html_attrf(html, "height", "%d", height);
	if (radius)
		ct_html_attrf(html, "rx", "%d", radius);
	ct_html_end(html);
}

static bool begins_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

/* Bytes of the first `room` characters; all of them if there are no more. */
static size_t bytes_of(const char *text, int room)
{
	size_t bytes = 0;

	for (int count = 0; text[bytes]; bytes++) {
		count += begins_character(text[bytes]);
		if (count > room)
			break;
	}
	return bytes;
}

void ct_html_draw_text(struct ct_html *html, const char *class, int x, int y, int room,
		       const char *text)
{
	struct ct_text printable, shown;

	ct_text_init(&printable);
	ct_text_init(&shown);
	ct_text_add_printable(&printable, text);
	text = ct_text_str(&printable);
	ct_html_begin_class(html, "text", class);
	ct_html_attrf(html, "x", "%d", x);
	ct_html_attrf(html, "y", "%d", y);
	if (text[bytes_of(text, room)]) {
		ct_html_element(html, "title", NULL, text);
		ct_text_addn(&shown, text, bytes_of(text, room - 1));
		ct_text_add(&shown, ELLIPSIS);
		text = ct_text_str(&shown);
	}
	ct_html_text(html, text);
	ct_html_end(html);
	if (ct_text_status(&printable) || ct_text_status(&shown))
		ct_html_fail(html);
	ct_text_fini(&printable);
	ct_text_fini(&shown);
}

void ct_html_draw_line(struct ct_html *html, const char *class, int x1, int y1, int x2, int y2)
{
	ct_html_begin_class(html, "path", class);
	ct_html_attrf(html, "d", "M%d %dL%d %d", x1, y1, x2, y2);
	ct_html_end(html);
}

void ct_html_draw_arrow(struct ct_html *html, const char *class, int x1, int y1, int x2, int y2)
{
	double length = hypot(x2 - x1, y2 - y1), x, y;

	if (length < 1)
		return;
	x = (x2 - x1) / length;
	y = (y2 - y1) / length;
	ct_html_draw_line(html, class, x1, y1, (int)lround(x2 - 6 * x), (int)lround(y2 - 6 * y));
	ct_html_begin(html, "path");
	ct_html_attrf(html, "class", "%s head", class);
	ct_html_attrf(html, "d", "M%d %dL%ld %ldL%ld %ldZ", x2, y2, lround(x2 - 11 * x - 5 * y),
		      lround(y2 - 11 * y + 5 * x), lround(x2 - 11 * x + 5 * y),
		      lround(y2 - 11 * y - 5 * x));
	ct_html_end(html);
}
