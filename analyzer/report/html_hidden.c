/*
 * What was found and is not told, and why; and the suppressions that hid nothing.
 */
#include "report/html_parts.h"

#include "base/text.h"
#include "report/words.h"

enum { HIDDEN_SHOWN = 500, UNUSED_SHOWN = 100 };

static void add_headline(struct ct_text *out, const struct ct_html_page *page, const void *what)
{
	ct_words_headline(out, page->in->naming, what);
}

static void add_hidden(const struct ct_html_page *page, const struct ct_finding *finding)
{
	struct ct_html *html = page->html;

	ct_html_begin(html, "li");
	ct_html_element(html, "code", "rule", finding->rule->id);
	ct_html_text(html, " ");
	ct_html_words(page, add_headline, finding);
	ct_html_begin_class(html, "span", "reason");
	ct_html_textf(html, " %s", ct_words_hiding(finding->hiding));
	if (finding->hidden_by)
		ct_html_textf(html, ": %s", finding->hidden_by);
	ct_html_end(html);
	ct_html_end(html);
}

static void add_more(struct ct_html *html, size_t count, size_t shown)
{
	if (count <= shown)
		return;
	ct_html_begin(html, "li");
	ct_html_textf(html, "and %zu more", count - shown);
	ct_html_end(html);
}

static void add_unused(const struct ct_html_page *page)
{
	const struct ct_report *in = page->in;

	if (!in->unused_count)
		return;
	ct_html_element(page->html, "h3", NULL, "Suppressions that hid nothing");
	ct_html_begin(page->html, "ul");
	for (size_t i = 0; i < in->unused_count && i < UNUSED_SHOWN; i++)
		ct_html_element(page->html, "li", NULL, in->unused[i]);
	add_more(page->html, in->unused_count, UNUSED_SHOWN);
	ct_html_end(page->html);
}

void ct_html_hidden(const struct ct_html_page *page)
{
	const struct ct_findings *findings = page->in->findings;

	if (!findings->hidden_count && !page->in->unused_count)
		return;
	ct_html_begin(page->html, "section");
	ct_html_attr(page->html, "id", "hidden");
	ct_html_element(page->html, "h2", NULL, "Hidden findings");
	if (findings->hidden_count) {
		ct_html_begin(page->html, "ul");
		for (size_t i = 0; i < findings->hidden_count && i < HIDDEN_SHOWN; i++)
			add_hidden(page, findings->hidden[i]);
		add_more(page->html, findings->hidden_count, HIDDEN_SHOWN);
		ct_html_end(page->html);
	}
	add_unused(page);
	ct_html_end(page->html);
}
