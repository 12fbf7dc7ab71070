#include "report/html.h"

#include <libxml/xmlwriter.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/html_page.h"

/* Pages are written by our own code, which nests as deep as it is written. */
#define DEEPEST 60

struct ct_html {
	xmlBufferPtr buffer; /* owned */
	xmlTextWriterPtr writer;
	struct ct_text scratch, printable, escaped;
	const char *open[DEEPEST]; /* tags; borrowed */
	unsigned depth;
	bool failed;
};

static void check(struct ct_html *html, int result)
{
	if (result < 0)
		html->failed = true;
}

void ct_html_fail(struct ct_html *html)
{
	html->failed = true;
}

static void raw(struct ct_html *html, const char *text)
{
	check(html, xmlTextWriterWriteRaw(html->writer, BAD_CAST text));
}

static void release(struct ct_html *html)
{
	if (html->writer)
		xmlFreeTextWriter(html->writer);
	if (html->buffer)
		xmlBufferFree(html->buffer);
	ct_text_fini(&html->scratch);
	ct_text_fini(&html->printable);
	ct_text_fini(&html->escaped);
	free(html);
}

enum ct_status ct_html_new(struct ct_html **out_html)
{
	struct ct_html *html = calloc(1, sizeof(*html));

	if (!html)
		return CT_ENOMEM;
	ct_text_init(&html->scratch);
	ct_text_init(&html->printable);
	ct_text_init(&html->escaped);
	html->buffer = xmlBufferCreate();
	html->writer = html->buffer ? xmlNewTextWriterMemory(html->buffer, 0) : NULL;
	if (!html->writer) {
		release(html);
		return CT_ENOMEM;
	}
	*out_html = html;
	return CT_OK;
}

enum ct_status ct_html_finish(struct ct_html *html, struct ct_text *out)
{
	enum ct_status status = CT_OK;

	while (html->depth)
		ct_html_end(html);
	check(html, xmlTextWriterFlush(html->writer));
	if (html->failed)
		status = CT_ENOMEM;
	else
		ct_text_addn(out, (const char *)xmlBufferContent(html->buffer),
			     (size_t)xmlBufferLength(html->buffer));
	release(html);
	return status ? status : ct_text_status(out);
}

static bool is_one_of(const char *tag, const char *const *tags)
{
	while (*tags && strcmp(*tags, tag) != 0)
		tags++;
	return *tags != NULL;
}

static bool is_void(const char *tag)
{
	static const char *const tags[] = {"br",   "col",  "hr",  "img", "input",
					   "link", "meta", "wbr", NULL};

	return is_one_of(tag, tags);
}

/* Where a line of the file may end, so that it can be read and compared. */
static bool ends_line(const char *tag)
{
	static const char *const tags[] = {
		"article", "details", "div",	 "figure", "g",	    "head", "h1", "h2",	  "h3",
		"header",  "html",    "li",	 "main",   "meta",  "nav",  "p",  "path", "rect",
		"script",  "section", "summary", "svg",	   "table", "tr",   "ul", NULL};

	return is_one_of(tag, tags);
}

void ct_html_begin(struct ct_html *html, const char *tag)
{
	if (html->depth == DEEPEST) {
		html->failed = true;
		return;
	}
	html->open[html->depth++] = tag;
	check(html, xmlTextWriterStartElement(html->writer, BAD_CAST tag));
}

void ct_html_begin_class(struct ct_html *html, const char *tag, const char *class)
{
	ct_html_begin(html, tag);
	ct_html_attr(html, "class", class);
}

void ct_html_end(struct ct_html *html)
{
	const char *tag;

	if (!html->depth) {
		html->failed = true;
		return;
	}
	tag = html->open[--html->depth];
	check(html, is_void(tag) ? xmlTextWriterEndElement(html->writer)
				 : xmlTextWriterFullEndElement(html->writer));
	if (ends_line(tag))
		raw(html, "\n");
}

/* `text` as it may stand in content and in attributes; borrowed until the next call. */
static const char *escaped(struct ct_html *html, const char *text)
{
	ct_text_reset(&html->printable);
	ct_text_reset(&html->escaped);
	ct_text_add_printable(&html->printable, text);
	ct_text_add_xml(&html->escaped, ct_text_str(&html->printable));
	if (ct_text_status(&html->printable) || ct_text_status(&html->escaped))
		html->failed = true;
	return ct_text_str(&html->escaped);
}

void ct_html_attr(struct ct_html *html, const char *name, const char *value)
{
	if (!value)
		return;
	check(html, xmlTextWriterStartAttribute(html->writer, BAD_CAST name));
	raw(html, escaped(html, value));
	check(html, xmlTextWriterEndAttribute(html->writer));
}

void ct_html_attrf(struct ct_html *html, const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	ct_text_reset(&html->scratch);
	ct_text_addv(&html->scratch, format, args);
	va_end(args);
	if (ct_text_status(&html->scratch))
		html->failed = true;
	ct_html_attr(html, name, ct_text_str(&html->scratch));
}

void ct_html_text(struct ct_html *html, const char *text)
{
	raw(html, escaped(html, text));
}

void ct_html_textf(struct ct_html *html, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	ct_text_reset(&html->scratch);
	ct_text_addv(&html->scratch, format, args);
	va_end(args);
	if (ct_text_status(&html->scratch))
		html->failed = true;
	ct_html_text(html, ct_text_str(&html->scratch));
}

static void text_part(struct ct_html *html, const char *text, size_t length)
{
	ct_text_reset(&html->scratch);
	ct_text_addn(&html->scratch, text, length);
	if (ct_text_status(&html->scratch))
		html->failed = true;
	ct_html_text(html, ct_text_str(&html->scratch));
}

void ct_html_lines(struct ct_html *html, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		text_part(html, text, length);
		text += length;
		if (*text) {
			raw(html, "\n");
			text++;
		}
	}
}

void ct_html_sentence(struct ct_html *html, const char *text)
{
	const char *quote, *closing;

	while ((quote = strchr(text, '`')) != NULL && (closing = strchr(quote + 1, '`')) != NULL) {
		text_part(html, text, (size_t)(quote - text));
		ct_html_begin(html, "code");
		text_part(html, quote + 1, (size_t)(closing - quote - 1));
		ct_html_end(html);
		text = closing + 1;
	}
	ct_html_text(html, text);
}

void ct_html_element(struct ct_html *html, const char *tag, const char *class, const char *text)
{
	ct_html_begin_class(html, tag, class);
	ct_html_text(html, text);
	ct_html_end(html);
}

void ct_html_raw_style(struct ct_html *html, const char *css)
{
	ct_html_begin(html, "style");
	raw(html, css);
	ct_html_end(html);
}

void ct_html_raw_script(struct ct_html *html, const char *script)
{
	ct_html_begin(html, "script");
	raw(html, script);
	ct_html_end(html);
}

void ct_html_picture(struct ct_html *html, const struct ct_text *svg)
{
	const char *begin = strstr(ct_text_str(svg), "<svg");

	if (ct_text_status(svg))
		html->failed = true;
	else if (begin)
		raw(html, begin);
}

void ct_html_json_script(struct ct_html *html, const char *id, json_t *data)
{
	char *dumped = data ? json_dumps(data, JSON_COMPACT) : NULL;
	const char *at = dumped;

	json_decref(data);
	if (!dumped) {
		html->failed = true;
		return;
	}
	ct_html_begin(html, "script");
	ct_html_attr(html, "type", "application/json");
	ct_html_attr(html, "id", id);
	/* A "<" is in strings only: so written, none of them ends the script. */
	ct_text_reset(&html->scratch);
	for (size_t length; *at; at += length) {
		length = strcspn(at, "<");
		ct_text_addn(&html->scratch, at, length);
		if (at[length] == '<') {
			ct_text_add(&html->scratch, "\\u003c");
			length++;
		}
	}
	if (ct_text_status(&html->scratch))
		html->failed = true;
	raw(html, ct_text_str(&html->scratch));
	ct_html_end(html);
	free(dumped);
}

static void meta(struct ct_html *html, const char *name, const char *value, const char *content)
{
	ct_html_begin(html, "meta");
	ct_html_attr(html, name, value);
	ct_html_attr(html, "content", content);
	ct_html_end(html);
}

void ct_html_page_begin(struct ct_html *html, const char *title)
{
	struct ct_text policy;

	ct_text_init(&policy);
	ct_text_addf(&policy,
		     "default-src 'none'; style-src 'unsafe-inline'; script-src '%s'; "
		     "base-uri 'none'; form-action 'none'",
		     ct_html_page_script_hash);
	raw(html, "<!DOCTYPE html>\n");
	ct_html_begin(html, "html");
	ct_html_attr(html, "lang", "en");
	ct_html_begin(html, "head");
	ct_html_begin(html, "meta");
	ct_html_attr(html, "charset", "utf-8");
	ct_html_end(html);
	meta(html, "http-equiv", "Content-Security-Policy", ct_text_str(&policy));
	meta(html, "name", "viewport", "width=device-width, initial-scale=1");
	meta(html, "name", "color-scheme", "light dark");
	meta(html, "name", "referrer", "no-referrer");
	ct_html_element(html, "title", NULL, title);
	ct_html_raw_style(html, ct_html_page_style);
	ct_html_end(html);
	ct_html_begin(html, "body");
	if (ct_text_status(&policy))
		html->failed = true;
	ct_text_fini(&policy);
}

void ct_html_page_end(struct ct_html *html, bool script)
{
	if (script)
		ct_html_raw_script(html, ct_html_page_script);
	ct_html_end(html);
	ct_html_end(html);
}
