/*
 * Where something was done: the lines of source around it, and how the thread got there.
 */
#include "report/html_parts.h"

#include <string.h>

#include "base/source.h"
#include "base/text.h"
#include "finding/stack.h"
#include "model/names.h"
#include "timing/timing.h"

enum { AROUND = 3, TAB = 8, LINE_SHOWN = 200 };

void ct_html_thread(const struct ct_html_page *page, const struct ct_thread *thread)
{
	ct_html_begin_class(page->html, "bdi", "thread");
	ct_html_text(page->html, ct_name_thread(page->in->naming, thread));
	ct_html_end(page->html);
}

void ct_html_words(const struct ct_html_page *page, ct_html_words_fn *add, const void *what)
{
	struct ct_text words;

	ct_text_init(&words);
	add(&words, page, what);
	if (ct_text_status(&words))
		ct_html_fail(page->html);
	ct_html_sentence(page->html, ct_text_str(&words));
	ct_text_fini(&words);
}

void ct_html_moment(const struct ct_html_page *page, const struct ct_place *place)
{
	const struct ct_timing *timing = page->in->timing;
	uint64_t ns;

	if (!timing || !place->time || !place->thread)
		return;
	ns = ct_timing_ns(page->in->model->trace, place->time);
	ct_html_attrf(page->html, "data-t", "%llu.%09llu", (unsigned long long)(ns / 1000000000),
		      (unsigned long long)(ns % 1000000000));
	ct_html_attrf(page->html, "data-thread", "%u", place->thread->id);
}

static void add_frame(const struct ct_html_page *page, const struct ct_frame *frame)
{
	struct ct_text words;

	ct_text_init(&words);
	ct_frame_add(&words, frame, page->in->directory);
	if (ct_text_status(&words))
		ct_html_fail(page->html);
	ct_html_element(page->html, "code", "frame", ct_text_str(&words));
	ct_text_fini(&words);
}

void ct_html_location(const struct ct_html_page *page, const struct ct_place *place)
{
	struct ct_shown_stack shown;

	ct_stack_shown(page->in->symbols, place->process, place->stack, &shown);
	if (shown.top)
		add_frame(page, shown.top);
}

/* The line as it is shown: tabs become blanks, what is too long loses its end. */
static void expand(const char *line, size_t length, struct ct_text *out)
{
	ct_text_reset(out);
	for (size_t i = 0; i < length && out->len < LINE_SHOWN; i++) {
		size_t blanks = line[i] == '\t' ? TAB - out->len % TAB : 0;

		if (!blanks)
			ct_text_addn(out, line[i] ? &line[i] : " ", 1);
		for (; blanks; blanks--)
			ct_text_addc(out, ' ');
	}
}

struct excerpt {
	int first, last; /* lines */
	size_t indent;	 /* blanks that all of them begin with */
};

static struct excerpt find_excerpt(const struct ct_html_page *page, const struct ct_frame *frame,
				   struct ct_text *scratch)
{
	struct excerpt excerpt = {.first = frame->line > AROUND ? frame->line - AROUND : 1,
				  .last = frame->line - 1,
				  .indent = LINE_SHOWN};
	const char *line;
	size_t length, blanks;

	for (int at = excerpt.first; at - AROUND <= frame->line; at++) {
		line = ct_source_line(page->in->sources, frame->file, at, &length);
		if (!line)
			break;
		excerpt.last = at;
		expand(line, length, scratch);
		blanks = strspn(ct_text_str(scratch), " ");
		if (blanks < scratch->len && blanks < excerpt.indent)
			excerpt.indent = blanks;
	}
	return excerpt;
}

static void add_line(const struct ct_html_page *page, const struct ct_frame *frame, int at,
		     size_t indent, struct ct_text *scratch)
{
	struct ct_html *html = page->html;
	size_t length = 0;
	const char *line = ct_source_line(page->in->sources, frame->file, at, &length);

	expand(line ? line : "", length, scratch);
	ct_html_begin(html, "li");
	if (at == frame->line) {
		ct_html_attr(html, "class", "here");
		ct_html_attr(html, "aria-current", "true");
	}
	line = ct_text_str(scratch);
	ct_html_element(html, "code", NULL, scratch->len > indent ? line + indent : "");
	ct_html_end(html);
}

static void add_excerpt(const struct ct_html_page *page, const struct ct_frame *frame)
{
	struct ct_html *html = page->html;
	struct ct_text scratch;
	struct excerpt excerpt;

	if (!frame->file || frame->line < 1)
		return;
	ct_text_init(&scratch);
	excerpt = find_excerpt(page, frame, &scratch);
	if (excerpt.last >= frame->line) {
		ct_html_begin_class(html, "div", "excerpt");
		ct_html_begin(html, "ol");
		ct_html_attrf(html, "start", "%d", excerpt.first);
		for (int at = excerpt.first; at <= excerpt.last; at++)
			add_line(page, frame, at, excerpt.indent, &scratch);
		ct_html_end(html);
		ct_html_end(html);
	}
	if (ct_text_status(&scratch))
		ct_html_fail(html);
	ct_text_fini(&scratch);
}

void ct_html_stack(const struct ct_html_page *page, const struct ct_place *place)
{
	struct ct_html *html = page->html;
	struct ct_shown_stack shown;

	ct_stack_shown(page->in->symbols, place->process, place->stack, &shown);
	if (!shown.count)
		return;
	add_excerpt(page, shown.top);
	if (shown.count < 2)
		return;
	ct_html_begin_class(html, "details", "stack");
	ct_html_begin(html, "summary");
	ct_html_textf(html, "Stack, %zu frames", shown.count);
	ct_html_end(html);
	ct_html_begin(html, "ol");
	for (size_t i = 0; i < shown.count && i < CT_HTML_FRAMES; i++) {
		ct_html_begin(html, "li");
		if (&shown.frames[i] == shown.top)
			ct_html_attr(html, "class", "here");
		add_frame(page, &shown.frames[i]);
		ct_html_end(html);
	}
	ct_html_end(html);
	if (shown.count > CT_HTML_FRAMES) {
		ct_html_begin(html, "p");
		ct_html_textf(html, "... %zu more", shown.count - CT_HTML_FRAMES);
		ct_html_end(html);
	}
	ct_html_end(html);
}
