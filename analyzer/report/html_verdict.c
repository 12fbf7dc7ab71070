/*
 * The head of the page: what it comes to, in one sentence; and at its end what was not observed.
 */
#include "report/html_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "report/text_parts.h"
#include "report/trap_words.h"
#include "report/words.h"

struct counts {
	size_t errors, warnings, notes, failing;
};

static struct counts count_entries(const struct ct_entries *entries)
{
	struct counts counts = {0};

	for (size_t i = 0; i < entries->count; i++) {
		enum ct_severity severity = entries->items[i].finding->severity;

		counts.errors += severity == CT_ERROR;
		counts.warnings += severity == CT_WARNING;
		counts.notes += severity == CT_NOTE;
		counts.failing += entries->items[i].fails;
	}
	return counts;
}

static void add_part(struct ct_text *out, size_t count, const char *noun)
{
	if (!count)
		return;
	if (out->len)
		ct_text_add(out, ", ");
	ct_text_add_count(out, count, noun);
}

/* Colour, sign and word say the same, so that none of them is needed. */
static void add_sign(struct ct_html *html, const char *kind)
{
	static const struct {
		const char *kind, *sign, *word;
	} signs[] = {
		{"bad", "\xe2\x9c\x95", "Problems found"},
		{"unsure", "!", "Worth a look"},
		{"good", "\xe2\x9c\x93", "Nothing found"},
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (strcmp(signs[i].kind, kind) != 0)
			continue;
		ct_html_begin_class(html, "span", "sign");
		ct_html_attr(html, "aria-hidden", "true");
		ct_html_text(html, signs[i].sign);
		ct_html_end(html);
		ct_html_element(html, "strong", "word", signs[i].word);
	}
}

static void add_sentence(const struct ct_html_page *page, const struct counts *counts)
{
	struct ct_text sentence;

	ct_text_init(&sentence);
	if (page->entries->count) {
		add_part(&sentence, counts->errors, "error");
		add_part(&sentence, counts->warnings, "warning");
		add_part(&sentence, counts->notes, "note");
		ct_text_addf(&sentence, "%s: %s.", page->entries->count > 1 ? "; the worst" : "",
			     page->entries->items[0].headline);
	} else {
		ct_text_add(&sentence, page->in->findings->hidden_count ? "No other " : "No ");
		ct_text_addf(&sentence, "%s.", ct_words_nothing(page->in->model->trace));
	}
	ct_html_begin_class(page->html, "p", "sentence");
	ct_html_sentence(page->html, ct_text_str(&sentence));
	ct_html_end(page->html);
	if (ct_text_status(&sentence))
		ct_html_fail(page->html);
	ct_text_fini(&sentence);
}

static void add_fact(struct ct_html *html, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	ct_html_begin(html, "div");
	ct_html_element(html, "dt", NULL, name);
	ct_html_element(html, "dd", NULL, value);
	ct_html_end(html);
}

static void add_recorded(const struct ct_html_page *page)
{
	const struct ct_model *model = page->in->model;
	struct ct_text facts;

	ct_text_init(&facts);
	ct_text_add_count(&facts, model->process_count, "process");
	ct_text_add(&facts, ", ");
	ct_text_add_count(&facts, model->thread_count, "thread");
	ct_text_add(&facts, ", ");
	ct_text_add_count(&facts, model->events, "event");
	add_fact(page->html, "Recorded", ct_text_str(&facts));
	if (ct_text_status(&facts))
		ct_html_fail(page->html);
	ct_text_fini(&facts);
}

static void add_facts(const struct ct_html_page *page)
{
	const struct ct_model *model = page->in->model;
	char status[16];
	size_t lacks = page->entries->lack_count;

	ct_html_begin_class(page->html, "dl", "facts");
	add_fact(page->html, "Program", model->process_count ? model->processes[0]->command : NULL);
	add_fact(page->html, "Its end", page->in->program_status);
	if (page->in->exit_status >= 0) {
		snprintf(status, sizeof(status), "%d", page->in->exit_status);
		add_fact(page->html, "Exit status of conctrace", status);
	}
	add_recorded(page);
	if (lacks) {
		ct_html_begin(page->html, "div");
		ct_html_element(page->html, "dt", NULL, "The record is not complete");
		ct_html_begin(page->html, "dd");
		ct_html_begin(page->html, "a");
		ct_html_attr(page->html, "href", "#not-observed");
		ct_html_text(page->html, "what was not observed");
		ct_html_end(page->html);
		ct_html_end(page->html);
		ct_html_end(page->html);
	}
	ct_html_end(page->html);
}

void ct_html_verdict(const struct ct_html_page *page)
{
	struct counts counts = count_entries(page->entries);
	const char *kind = counts.failing ? "bad" : page->entries->count ? "unsure" : "good";

	ct_html_begin(page->html, "section");
	ct_html_attr(page->html, "id", "verdict");
	ct_html_attrf(page->html, "class", "verdict %s", kind);
	ct_html_attr(page->html, "aria-label", "Verdict");
	ct_html_begin_class(page->html, "h2", "headline");
	add_sign(page->html, kind);
	ct_html_end(page->html);
	add_sentence(page, &counts);
	add_facts(page);
	ct_html_end(page->html);
}

void ct_html_waiting(const struct ct_html_page *page)
{
	struct ct_report plain = *page->in;
	struct ct_text waiting;

	if (page->entries->count)
		return;
	plain.color = false;
	ct_text_init(&waiting);
	ct_text_add_waiting(&waiting, &plain);
	if (waiting.len) {
		ct_html_begin(page->html, "section");
		ct_html_attr(page->html, "id", "waiting");
		ct_html_element(page->html, "h2", NULL, "Who was waiting at the end");
		ct_html_begin_class(page->html, "pre", "told");
		ct_html_lines(page->html, ct_text_str(&waiting));
		ct_html_end(page->html);
		ct_html_end(page->html);
	}
	if (ct_text_status(&waiting))
		ct_html_fail(page->html);
	ct_text_fini(&waiting);
}

enum { LACKS_SHOWN = 100 };

static void add_lack(struct ct_html *html, const char *lack)
{
	ct_html_begin(html, "li");
	ct_html_sentence(html, lack);
	ct_html_end(html);
}

void ct_html_lacks(const struct ct_html_page *page)
{
	const struct ct_trace *trace = page->in->model->trace;
	bool without_memory = !trace->accesses && !trace->some_accesses;
	size_t count = page->entries->lack_count;
	struct ct_html *html = page->html;
	struct ct_text traps;

	ct_html_begin(html, "section");
	ct_html_attr(html, "id", "not-observed");
	ct_html_element(html, "h2", NULL, "What was not observed");
	ct_text_init(&traps);
	if (ct_trap_words(&traps, page->in->model))
		without_memory = false;
	if (!count && !without_memory && !traps.len) {
		ct_html_element(html, "p", NULL, "The record lacks nothing that is known of.");
		ct_html_end(html);
		ct_text_fini(&traps);
		return;
	}
	ct_html_begin(html, "ul");
	if (without_memory)
		add_lack(html, "accesses to memory: data races are found in programs that were "
			       "compiled by `conctrace cc`");
	if (traps.len)
		add_lack(html, ct_text_str(&traps));
	if (ct_text_status(&traps))
		ct_html_fail(html);
	ct_text_fini(&traps);
	for (size_t i = 0; i < count && i < LACKS_SHOWN; i++)
		add_lack(html, page->entries->lacks[i]);
	if (count > LACKS_SHOWN) {
		ct_html_begin(html, "li");
		ct_html_textf(html, "and %zu more", count - LACKS_SHOWN);
		ct_html_end(html);
	}
	ct_html_end(html);
	ct_html_end(html);
}
