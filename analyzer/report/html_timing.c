/*
 * Where the time went: the sentences of the timing's text report, and its tables.
 */
#include "report/html_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/table.h"
#include "report/timing_regions.h"
#include "report/timing_text.h"
#include "report/timing_text_parts.h"
#include "report/timing_words.h"

/* What a part of the text report tells of, its broken lines made whole again. `skipped`: lines at
 * its beginning that are titles. Owned by the caller. */
static void tell(const struct ct_html_page *page, void (*part)(const struct ct_timing_text *),
		 size_t skipped, struct ct_text *out)
{
	const struct ct_timing_text_options options = {.top = 10};
	struct ct_text told;
	const struct ct_timing_text text = {&told, page->in->timing, &options};
	const char *at;

	ct_text_init(&told);
	part(&text);
	at = ct_text_str(&told);
	for (; skipped && *at; skipped--)
		at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n');
	ct_text_add(out, at);
	if (ct_text_status(&told) || ct_text_status(out))
		ct_html_fail(page->html);
	ct_text_fini(&told);
}

/* One paragraph, up to `end` or a line that begins with it. */
static void add_paragraph(const struct ct_html_page *page, const char *text, const char *end)
{
	struct ct_text words;

	ct_text_init(&words);
	while (*text && !(end && strncmp(text, end, strlen(end)) == 0)) {
		size_t indent = strspn(text, " "), length = strcspn(text, "\n");

		if (words.len && length > indent)
			ct_text_addc(&words, ' ');
		if (length > indent)
			ct_text_addn(&words, text + indent, length - indent);
		text += length + (text[length] == '\n');
	}
	if (words.len) {
		ct_html_begin(page->html, "p");
		ct_html_sentence(page->html, ct_text_str(&words));
		ct_html_end(page->html);
	}
	if (ct_text_status(&words))
		ct_html_fail(page->html);
	ct_text_fini(&words);
}

static void add_told(const struct ct_html_page *page, const char *title,
		     void (*part)(const struct ct_timing_text *), size_t skipped, const char *end)
{
	struct ct_text told;

	ct_text_init(&told);
	tell(page, part, skipped, &told);
	if (told.len) {
		ct_html_element(page->html, "h3", NULL, title);
		add_paragraph(page, ct_text_str(&told), end);
	}
	ct_text_fini(&told);
}

/* A paragraph for each line of the summary; what was broken goes on two blanks in. */
static void add_summary(const struct ct_html_page *page)
{
	struct ct_text told;
	char *at, *rest;

	ct_text_init(&told);
	tell(page, ct_timing_text_summary, 0, &told);
	at = told.data;
	ct_html_begin_class(page->html, "div", "summary");
	while (at && *at) {
		size_t length = strcspn(at, "\n");

		while (at[length] && at[length + 1] == ' ')
			length += 1 + strcspn(at + length + 1, "\n");
		rest = at + length + (at[length] == '\n');
		at[length] = '\0';
		add_paragraph(page, at, NULL);
		at = rest;
	}
	ct_html_end(page->html);
	ct_text_fini(&told);
}

static void add_bar(struct ct_html *html, const struct ct_timing *timing, uint32_t low,
		    uint32_t high)
{
	uint64_t time_ns = 0;
	double share;

	for (uint32_t k = low; k <= high; k++)
		time_ns += timing->parallelism.at_ns[k];
	share = ct_timing_share(time_ns, timing->wall_ns);
	ct_html_begin(html, "tr");
	ct_html_begin(html, "th");
	ct_html_attr(html, "scope", "row");
	if (low == high)
		ct_html_textf(html, "%u", low);
	else
		ct_html_textf(html, "%u-%u", low, high);
	ct_html_end(html);
	ct_html_begin_class(html, "td", "number");
	ct_html_textf(html, "%.0f %%", 100 * share);
	ct_html_end(html);
	ct_html_begin_class(html, "td", "bar");
	ct_html_begin(html, "meter");
	ct_html_attrf(html, "value", "%d", (int)(1000 * share + 0.5));
	ct_html_attr(html, "max", "1000");
	ct_html_attr(html, "aria-hidden", "true");
	ct_html_end(html);
	ct_html_end(html);
	ct_html_end(html);
}

/* One bar for each number of threads; of many, for ranges that double: as in the text. */
static void add_bars(const struct ct_html_page *page)
{
	const struct ct_parallelism *p = &page->in->timing->parallelism;
	uint64_t next;

	if (!p->at_ns || p->most < 2)
		return;
	ct_html_begin_class(page->html, "table", "bars");
	ct_html_element(page->html, "caption", NULL, "Threads at once");
	ct_html_begin(page->html, "tbody");
	for (uint64_t low = 0; low <= p->most; low = next) {
		next = p->most <= 8 || low < 2 ? low + 1 : 2 * low;
		add_bar(page->html, page->in->timing, (uint32_t)low,
			next - 1 > p->most ? p->most : (uint32_t)(next - 1));
	}
	ct_html_end(page->html);
	ct_html_end(page->html);
}

static void add_regions(const struct ct_html_page *page)
{
	static const struct ct_table_column columns[] = {
		{"region", CT_TABLE_NAME},
		{"count", CT_TABLE_COUNT},
		{"total", CT_TABLE_TIME},
		{"mean", CT_TABLE_TIME},
	};
	struct ct_region_sum *sums = NULL;
	struct ct_table table;
	size_t count = 0;

	if (ct_timing_regions(page->in->timing, &sums, &count) != CT_OK)
		ct_html_fail(page->html);
	ct_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < count && i < CT_HTML_ROWS; i++) {
		ct_table_text(&table, sums[i].name);
		ct_table_number(&table, sums[i].count);
		ct_table_number(&table, sums[i].total_ns);
		ct_table_number(&table, sums[i].count ? sums[i].total_ns / sums[i].count
						      : CT_TABLE_UNKNOWN);
	}
	ct_html_table(page, &table, "Regions that the program named");
	ct_table_fini(&table);
	free(sums);
}

static void add_advice(const struct ct_html_page *page)
{
	const struct ct_timing *timing = page->in->timing;

	if (!timing->advice_count)
		return;
	ct_html_element(page->html, "h3", NULL, "Advice");
	for (size_t i = 0; i < timing->advice_count; i++) {
		const struct ct_advice *advice = &timing->advice[i];

		ct_html_begin_class(page->html, "div", "advice");
		ct_html_element(page->html, "code", "rule", advice->rule);
		ct_html_begin(page->html, "p");
		ct_html_sentence(page->html, advice->text);
		ct_html_end(page->html);
		if (advice->help) {
			ct_html_begin_class(page->html, "p", "help");
			ct_html_sentence(page->html, advice->help);
			ct_html_end(page->html);
		}
		ct_html_end(page->html);
	}
}

void ct_html_course(const struct ct_html_page *page)
{
	ct_html_begin(page->html, "section");
	ct_html_attr(page->html, "id", "timing");
	ct_html_element(page->html, "h2", NULL, "Where the time went");
	add_summary(page);
	add_advice(page);
	add_told(page, "Critical path", ct_timing_text_critical, 2, NULL);
	add_told(page, "Parallelism", ct_timing_text_parallelism, 2, "  threads at once");
	add_bars(page);
	add_told(page, "Interpreter locks", ct_timing_text_interpreters, 2, NULL);
	add_regions(page);
	ct_html_end(page->html);
}
