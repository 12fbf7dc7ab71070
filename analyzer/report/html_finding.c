/*
 * The findings: each an article of its own, the many of a long list as rows of a table.
 */
#include "report/html_parts.h"

#include <string.h>

#include "base/text.h"
#include "finding/headline.h"
#include "finding/stack.h"
#include "report/finding_place.h"
#include "report/text_parts.h"

static void add_place_words(struct ct_text *out, const struct ct_html_page *page, const void *what)
{
	ct_finding_place_text(out, page->in, what);
}

static void add_place(const struct ct_html_page *page, const struct ct_finding_place *place)
{
	struct ct_html *html = page->html;

	ct_html_begin_class(html, "li", "place");
	ct_html_moment(page, place->place);
	ct_html_begin_class(html, "p", "what");
	ct_html_words(page, add_place_words, place);
	ct_html_end(html);
	if (place->place->stack) {
		ct_html_begin_class(html, "p", "where");
		ct_html_location(page, place->place);
		ct_html_end(html);
		ct_html_stack(page, place->place);
	}
	ct_html_end(html);
}

/* The accesses of a race are in its picture's columns. */
static bool is_listed(const struct ct_finding_place *place)
{
	return place->role != CT_PLACE_ACCESS;
}

static void add_places(const struct ct_html_page *page, const struct ct_finding *finding)
{
	size_t count = ct_finding_place_count(finding), listed = 0;

	for (size_t i = 0; i < count; i++) {
		struct ct_finding_place place = ct_finding_place(finding, i);

		if (!is_listed(&place) || ++listed > CT_HTML_PLACES)
			continue;
		if (listed == 1) {
			ct_html_element(page->html, "h4", NULL, "Who did what, and where");
			ct_html_begin_class(page->html, "ol", "places");
		}
		add_place(page, &place);
	}
	if (listed)
		ct_html_end(page->html);
	if (listed > CT_HTML_PLACES) {
		ct_html_begin(page->html, "p");
		ct_html_textf(page->html, "and %zu more places", listed - CT_HTML_PLACES);
		ct_html_end(page->html);
	}
}

static void add_said(struct ct_html *html, const char *class, const char *what, const char *text)
{
	if (!text)
		return;
	ct_html_begin(html, "p");
	ct_html_attrf(html, "class", "said %s", class);
	ct_html_element(html, "strong", NULL, what);
	ct_html_text(html, " ");
	ct_html_sentence(html, text);
	ct_html_end(html);
}

static void add_head(const struct ct_html_page *page, const struct ct_entry *entry, size_t number)
{
	const struct ct_finding *finding = entry->finding;
	struct ct_html *html = page->html;

	ct_html_begin(html, "header");
	ct_html_begin_class(html, "p", "tags");
	ct_html_begin(html, "span");
	ct_html_attrf(html, "class", "severity %s", ct_severity_text(finding->severity));
	ct_html_text(html, ct_severity_text(finding->severity));
	ct_html_end(html);
	ct_html_element(html, "code", "rule", finding->rule->id);
	ct_html_begin_class(html, "a", "number");
	ct_html_attrf(html, "href", "#finding-%zu", number);
	ct_html_attrf(html, "title", "id %s", entry->id);
	ct_html_textf(html, "#%zu", number);
	ct_html_end(html);
	ct_html_end(html);
	ct_html_begin(html, "h3");
	ct_html_attrf(html, "id", "finding-%zu-title", number);
	ct_html_sentence(html, entry->headline);
	ct_html_end(html);
	ct_html_begin_class(html, "p", "evidence");
	ct_html_element(html, "strong", NULL, ct_evidence_text(finding->evidence));
	ct_html_textf(html, ": %s", ct_text_meaning(finding));
	ct_html_end(html);
	ct_html_end(html);
}

static void add_finding(const struct ct_html_page *page, const struct ct_entry *entry,
			size_t number)
{
	const struct ct_finding *finding = entry->finding;
	struct ct_html *html = page->html;

	ct_html_begin(html, "article");
	ct_html_attrf(html, "id", "finding-%zu", number);
	ct_html_attrf(html, "class", "finding %s", ct_severity_text(finding->severity));
	ct_html_attrf(html, "aria-labelledby", "finding-%zu-title", number);
	add_head(page, entry, number);
	add_said(html, "fix", "Fix:", entry->fix);
	if (finding->race)
		ct_html_race(page, finding);
	else if (ct_finding_is_cycle(finding))
		ct_html_cycle(page, finding);
	add_places(page, finding);
	if (finding->witness)
		ct_html_witness(page, finding);
	add_said(html, "assumes", "This assumes:", finding->assumes);
	add_said(html, "rerun", "Runs that were steered to it:", finding->rerun);
	ct_html_end(html);
}

static void add_row(const struct ct_html_page *page, const struct ct_entry *entry, size_t number,
		    bool shown)
{
	struct ct_html *html = page->html;

	ct_html_begin(html, "tr");
	ct_html_begin_class(html, "td", "number");
	ct_html_attrf(html, "data-v", "%zu", number);
	ct_html_textf(html, "%zu", number);
	ct_html_end(html);
	ct_html_element(html, "td", NULL, ct_severity_text(entry->finding->severity));
	ct_html_begin(html, "td");
	ct_html_element(html, "code", NULL, entry->finding->rule->id);
	ct_html_end(html);
	ct_html_element(html, "td", NULL, ct_evidence_text(entry->finding->evidence));
	ct_html_begin(html, "td");
	if (shown) {
		ct_html_begin(html, "a");
		ct_html_attrf(html, "href", "#finding-%zu", number);
	}
	ct_html_sentence(html, entry->headline);
	if (shown)
		ct_html_end(html);
	ct_html_end(html);
	ct_html_begin_class(html, "td", "at");
	if (entry->file && entry->line)
		ct_html_textf(html, "%s:%d", entry->file, entry->line);
	else if (entry->file)
		ct_html_text(html, entry->file);
	else
		ct_html_text(html, entry->function ? entry->function : "-");
	ct_html_end(html);
	ct_html_end(html);
}

static void add_table(const struct ct_html_page *page, size_t from, size_t to, const char *caption)
{
	static const char *const titles[] = {"No.",	 "severity", "rule",
					     "evidence", "finding",  "place"};
	struct ct_html *html = page->html;

	ct_html_scroll_begin(html, caption);
	ct_html_begin_class(html, "table", "findings sortable");
	ct_html_element(html, "caption", NULL, caption);
	ct_html_begin(html, "thead");
	ct_html_begin(html, "tr");
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++) {
		ct_html_begin(html, "th");
		ct_html_attr(html, "scope", "col");
		ct_html_text(html, titles[i]);
		ct_html_end(html);
	}
	ct_html_end(html);
	ct_html_end(html);
	ct_html_begin(html, "tbody");
	for (size_t i = from; i < to; i++)
		add_row(page, &page->entries->items[i], i + 1, i < CT_HTML_FINDINGS);
	ct_html_end(html);
	ct_html_end(html);
	ct_html_end(html);
}

/* What has no article is listed, as far as a page can bear. */
static void add_others(const struct ct_html_page *page)
{
	size_t count = page->entries->count, last = CT_HTML_FINDINGS + CT_HTML_FINDING_ROWS;

	if (count <= CT_HTML_FINDINGS)
		return;
	if (last > count)
		last = count;
	ct_html_begin_class(page->html, "p", "note");
	ct_html_textf(
		page->html,
		"There are %zu findings: the first %u are told above in full, the worst first; "
		"of the others the headline and the place.",
		count, CT_HTML_FINDINGS);
	if (last < count)
		ct_html_textf(page->html, " %zu are not in this page; they are in the JSON report.",
			      count - last);
	ct_html_end(page->html);
	add_table(page, CT_HTML_FINDINGS, last, "The other findings");
}

void ct_html_findings(const struct ct_html_page *page)
{
	size_t count = page->entries->count;
	size_t shown = count < CT_HTML_FINDINGS ? count : CT_HTML_FINDINGS;

	if (!count)
		return;
	ct_html_begin(page->html, "section");
	ct_html_attr(page->html, "id", "findings");
	ct_html_element(page->html, "h2", NULL, "Findings");
	if (count > 3)
		add_table(page, 0, shown, "Overview");
	for (size_t i = 0; i < shown; i++)
		add_finding(page, &page->entries->items[i], i + 1);
	add_others(page);
	ct_html_end(page->html);
}
