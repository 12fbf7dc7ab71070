#include "report/svg.h"

#include <libxml/xmlwriter.h>
#include <math.h>
#include <stdlib.h>

#include "base/text.h"

#define ELLIPSIS "\xe2\x80\xa6"
#define LARGEST_PX 1e7

struct ct_svg {
	xmlBufferPtr buffer; /* owned */
	xmlTextWriterPtr writer;
	struct ct_text scratch;
	bool failed;
};

static void check(struct ct_svg *svg, int result)
{
	if (result < 0)
		svg->failed = true;
}

void ct_svg_number(struct ct_text *data, double value)
{
	long hundredths;

	/* Not %f: it follows the locale. */
	if (!(fabs(value) < LARGEST_PX))
		value = value > 0 ? LARGEST_PX : 0;
	hundredths = lround(value * 100);
	ct_text_addf(data, "%s%ld", hundredths < 0 ? "-" : "", labs(hundredths) / 100);
	if (labs(hundredths) % 100)
		ct_text_addf(data, ".%02ld", labs(hundredths) % 100);
	ct_text_addc(data, ' ');
}

static const char *number_text(struct ct_svg *svg, double value)
{
	ct_text_reset(&svg->scratch);
	ct_svg_number(&svg->scratch, value);
	if (ct_text_status(&svg->scratch)) {
		svg->failed = true;
		return "0";
	}
	svg->scratch.data[svg->scratch.len - 1] = '\0';
	return ct_text_str(&svg->scratch);
}

static void begin(struct ct_svg *svg, const char *element)
{
	check(svg, xmlTextWriterStartElement(svg->writer, BAD_CAST element));
}

static void end(struct ct_svg *svg)
{
	check(svg, xmlTextWriterEndElement(svg->writer));
}

static void attribute(struct ct_svg *svg, const char *name, const char *value)
{
	check(svg, xmlTextWriterWriteAttribute(svg->writer, BAD_CAST name, BAD_CAST value));
}

static void number(struct ct_svg *svg, const char *name, double value)
{
	attribute(svg, name, number_text(svg, value));
}

/* Element content of any bytes, as our text escapes it: libxml2 takes valid UTF-8 only, and lets
 * control characters pass that no XML may have. */
static void content(struct ct_svg *svg, const char *text)
{
	struct ct_text printable, escaped;

	ct_text_init(&printable);
	ct_text_init(&escaped);
	ct_text_add_printable(&printable, text);
	ct_text_add_xml(&escaped, ct_text_str(&printable));
	if (ct_text_status(&printable) || ct_text_status(&escaped))
		svg->failed = true;
	else
		check(svg, xmlTextWriterWriteRaw(svg->writer, BAD_CAST ct_text_str(&escaped)));
	ct_text_fini(&printable);
	ct_text_fini(&escaped);
}

static void raw_element(struct ct_svg *svg, const char *name, const char *text)
{
	begin(svg, name);
	check(svg, xmlTextWriterWriteRaw(svg->writer, BAD_CAST text));
	end(svg);
}

static void tooltip_of(struct ct_svg *svg, const char *tooltip)
{
	if (!tooltip)
		return;
	begin(svg, "title");
	content(svg, tooltip);
	end(svg);
}

static void begin_picture(struct ct_svg *svg, double width, double height)
{
	check(svg, xmlTextWriterStartDocument(svg->writer, "1.0", "UTF-8", NULL));
	begin(svg, "svg");
	attribute(svg, "xmlns", "http://www.w3.org/2000/svg");
	number(svg, "width", width);
	number(svg, "height", height);
	ct_text_reset(&svg->scratch);
	ct_text_addf(&svg->scratch, "0 0 %ld %ld", lround(width), lround(height));
	if (ct_text_status(&svg->scratch))
		svg->failed = true;
	attribute(svg, "viewBox", ct_text_str(&svg->scratch));
	attribute(svg, "font-family",
		  "DejaVu Sans Mono, Liberation Mono, Menlo, Consolas, monospace");
}

static void release(struct ct_svg *svg)
{
	if (svg->writer)
		xmlFreeTextWriter(svg->writer);
	if (svg->buffer)
		xmlBufferFree(svg->buffer);
	ct_text_fini(&svg->scratch);
	free(svg);
}

enum ct_status ct_svg_new(double width, double height, const char *title, const char *style,
			  const char *definitions, struct ct_svg **out_svg)
{
	struct ct_svg *svg = calloc(1, sizeof(*svg));

	if (!svg)
		return CT_ENOMEM;
	svg->buffer = xmlBufferCreate();
	svg->writer = svg->buffer ? xmlNewTextWriterMemory(svg->buffer, 0) : NULL;
	if (!svg->writer) {
		release(svg);
		return CT_ENOMEM;
	}
	check(svg, xmlTextWriterSetIndent(svg->writer, 1));
	check(svg, xmlTextWriterSetIndentString(svg->writer, BAD_CAST ""));
	begin_picture(svg, width, height);
	tooltip_of(svg, title);
	raw_element(svg, "style", style);
	raw_element(svg, "defs", definitions);
	ct_svg_rect(svg, 0, 0, width, height, "paper", NULL);
	*out_svg = svg;
	return CT_OK;
}

enum ct_status ct_svg_finish(struct ct_svg *svg, struct ct_text *out)
{
	enum ct_status status = CT_OK;

	check(svg, xmlTextWriterEndDocument(svg->writer));
	check(svg, xmlTextWriterFlush(svg->writer));
	if (svg->failed)
		status = CT_ENOMEM;
	else
		ct_text_addn(out, (const char *)xmlBufferContent(svg->buffer),
			     (size_t)xmlBufferLength(svg->buffer));
	release(svg);
	return status ? status : ct_text_status(out);
}

void ct_svg_rect(struct ct_svg *svg, double x, double y, double width, double height,
		 const char *class, const char *tooltip)
{
	begin(svg, "rect");
	attribute(svg, "class", class);
	number(svg, "x", x);
	number(svg, "y", y);
	number(svg, "width", width > 0 ? width : 0);
	number(svg, "height", height > 0 ? height : 0);
	tooltip_of(svg, tooltip);
	end(svg);
}

void ct_svg_line(struct ct_svg *svg, double x1, double y1, double x2, double y2, const char *class)
{
	begin(svg, "line");
	attribute(svg, "class", class);
	number(svg, "x1", x1);
	number(svg, "y1", y1);
	number(svg, "x2", x2);
	number(svg, "y2", y2);
	end(svg);
}

void ct_svg_path(struct ct_svg *svg, const char *data, const char *class, const char *tooltip)
{
	begin(svg, "path");
	attribute(svg, "class", class);
	attribute(svg, "d", data);
	tooltip_of(svg, tooltip);
	end(svg);
}

void ct_svg_text(struct ct_svg *svg, double x, double y, double size, enum ct_svg_anchor anchor,
		 const char *class, const char *text)
{
	static const char *const anchors[] = {"start", "middle", "end"};

	begin(svg, "text");
	attribute(svg, "class", class);
	number(svg, "x", x);
	number(svg, "y", y);
	number(svg, "font-size", size);
	if (anchor != CT_SVG_LEFT)
		attribute(svg, "text-anchor", anchors[anchor]);
	content(svg, text);
	end(svg);
}

static bool begins_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += begins_character(*text);
	return count;
}

double ct_svg_text_width(const char *text, double size)
{
	struct ct_text printable;
	double width;

	ct_text_init(&printable);
	ct_text_add_printable(&printable, text);
	width = (double)characters(ct_text_str(&printable)) * CT_SVG_PITCH * size;
	ct_text_fini(&printable);
	return width;
}

void ct_svg_text_in(struct ct_svg *svg, double x, double y, double size, double room,
		    enum ct_svg_anchor anchor, const char *class, const char *text)
{
	struct ct_text printable, shortened;
	double most = floor(room / (CT_SVG_PITCH * size));
	size_t bytes = 0, count = 0;
	const char *all;

	ct_text_init(&printable);
	ct_text_init(&shortened);
	ct_text_add_printable(&printable, text);
	all = ct_text_str(&printable);
	if ((double)characters(all) <= most) {
		ct_svg_text(svg, x, y, size, anchor, class, all);
	} else if (most >= 2) {
		for (; all[bytes]; bytes++)
			if (begins_character(all[bytes]) && (double)++count >= most)
				break;
		ct_text_addn(&shortened, all, bytes);
		ct_text_add(&shortened, ELLIPSIS);
		ct_svg_text(svg, x, y, size, anchor, class, ct_text_str(&shortened));
	}
	ct_text_fini(&printable);
	ct_text_fini(&shortened);
}

void ct_svg_group_begin(struct ct_svg *svg, const char *class)
{
	begin(svg, "g");
	attribute(svg, "class", class);
}

void ct_svg_group_end(struct ct_svg *svg)
{
	end(svg);
}
