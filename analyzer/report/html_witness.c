/*
 * The schedule that leads to a prediction: a row for each event, a column for each thread.
 */
#include "report/html_parts.h"

#include "base/text.h"
#include "finding/stack.h"
#include "model/names.h"
#include "report/race_words.h"
#include "report/words.h"

/* Of more threads the names stand in a column of their own. */
enum { COLUMNS = 6 };

struct schedule {
	const struct ct_html_page *page;
	const struct ct_finding *finding;
	const struct ct_thread *threads[COLUMNS];
	size_t count;
	bool many;
};

static size_t column_of(const struct schedule *schedule, const struct ct_thread *thread)
{
	size_t at = 0;

	while (at < schedule->count && schedule->threads[at] != thread)
		at++;
	return at;
}

static void add_thread(struct schedule *schedule, const struct ct_thread *thread)
{
	if (!thread || column_of(schedule, thread) < schedule->count)
		return;
	if (schedule->count == COLUMNS)
		schedule->many = true;
	else
		schedule->threads[schedule->count++] = thread;
}

static void find_columns(struct schedule *schedule)
{
	const struct ct_finding *finding = schedule->finding;

	for (size_t i = 0; i < finding->witness->count; i++)
		add_thread(schedule, finding->witness->events[i].place.thread);
	for (size_t i = 0; i < finding->step_count; i++)
		add_thread(schedule, finding->steps[i].thread);
	for (int i = 0; finding->race && i < 2; i++)
		add_thread(schedule, finding->race->sides[i].place.thread);
}

static void add_title(struct ct_html *html, const char *title)
{
	ct_html_begin(html, "th");
	ct_html_attr(html, "scope", "col");
	ct_html_text(html, title);
	ct_html_end(html);
}

static void add_head(const struct schedule *schedule)
{
	struct ct_html *html = schedule->page->html;

	ct_html_begin(html, "thead");
	ct_html_begin(html, "tr");
	add_title(html, "step");
	if (schedule->many) {
		add_title(html, "thread");
		add_title(html, "what it does");
	}
	for (size_t i = 0; !schedule->many && i < schedule->count; i++)
		add_title(html, ct_name_thread(schedule->page->in->naming, schedule->threads[i]));
	ct_html_end(html);
	ct_html_end(html);
}

static void add_empty_cells(struct ct_html *html, size_t count)
{
	for (; count; count--) {
		ct_html_begin(html, "td");
		ct_html_end(html);
	}
}

static void add_cell(const struct schedule *schedule, const struct ct_place *place,
		     struct ct_text *words)
{
	struct ct_html *html = schedule->page->html;

	ct_html_begin_class(html, "td", "does");
	ct_html_moment(schedule->page, place);
	ct_html_sentence(html, ct_text_str(words));
	if (place->stack) {
		ct_html_text(html, " ");
		ct_html_begin_class(html, "span", "where");
		ct_html_location(schedule->page, place);
		ct_html_end(html);
	}
	ct_html_end(html);
	if (ct_text_status(words))
		ct_html_fail(html);
}

/* A row whose only full cell is the thread's; takes `words` over. `number` 0: it is none of the
 * steps. */
static void add_row(const struct schedule *schedule, const char *class, size_t number,
		    const struct ct_place *place, struct ct_text *words)
{
	struct ct_html *html = schedule->page->html;
	size_t column = column_of(schedule, place->thread);

	ct_html_begin_class(html, "tr", class);
	ct_html_begin(html, "td");
	if (number)
		ct_html_textf(html, "%zu", number);
	ct_html_end(html);
	if (schedule->many) {
		ct_html_begin(html, "td");
		if (place->thread)
			ct_html_thread(schedule->page, place->thread);
		ct_html_end(html);
		add_cell(schedule, place, words);
	} else {
		add_empty_cells(html, column);
		add_cell(schedule, place, words);
		if (column < schedule->count)
			add_empty_cells(html, schedule->count - column - 1);
	}
	ct_html_end(html);
	ct_text_fini(words);
}

static void add_event(const struct schedule *schedule, const struct ct_witness_event *event,
		      size_t number)
{
	struct ct_naming *naming = schedule->page->in->naming;
	struct ct_text words;

	ct_text_init(&words);
	if (event->skipped)
		ct_text_addf(&words, "(%u %s) ", event->skipped,
			     event->skipped == 1 ? "event" : "events");
	ct_text_addf(&words, "%s ", event->verb);
	if (event->object)
		ct_words_object(&words, naming, event->object);
	else if (event->other)
		ct_text_add_printable(&words, ct_name_thread(naming, event->other));
	add_row(schedule, NULL, number, &event->place, &words);
}

static void add_stand(const struct schedule *schedule, size_t at)
{
	const struct ct_finding *finding = schedule->finding;
	const struct ct_step_of_cycle *step = &finding->steps[at];
	const struct ct_step_of_cycle *next = &finding->steps[(at + 1) % finding->step_count];
	struct ct_naming *naming = schedule->page->in->naming;
	struct ct_place place = step->wanted_at;
	struct ct_text words;

	place.thread = step->thread;
	ct_text_init(&words);
	ct_text_add(&words, "STUCK: ");
	ct_words_want(&words, naming, step);
	if (step->wants && next->holds == step->wants) {
		ct_text_add(&words, ", held by ");
		ct_text_add_printable(&words, ct_name_thread(naming, next->thread));
	}
	add_row(schedule, "stuck", 0, &place, &words);
}

static void add_race_stand(const struct schedule *schedule, const struct ct_race_side *side)
{
	struct ct_text words;

	ct_text_init(&words);
	ct_text_add(&words, "RACE: ");
	ct_race_add_access(&words, schedule->page->in->naming, side);
	add_row(schedule, "stuck", 0, &side->place, &words);
}

static void add_rows(const struct schedule *schedule)
{
	const struct ct_finding *finding = schedule->finding;
	const struct ct_witness *witness = finding->witness;
	size_t first = witness->count > CT_HTML_EVENTS ? witness->count - CT_HTML_EVENTS : 0;

	for (size_t i = first; i < witness->count; i++)
		add_event(schedule, &witness->events[i], witness->left_out + i + 1);
	for (size_t i = 0; i < finding->step_count && i < CT_HTML_PLACES; i++)
		add_stand(schedule, i);
	for (int i = 0; finding->race && i < 2; i++)
		add_race_stand(schedule, &finding->race->sides[i]);
}

void ct_html_witness(const struct ct_html_page *page, const struct ct_finding *finding)
{
	struct schedule schedule = {.page = page, .finding = finding};
	const struct ct_witness *witness = finding->witness;
	struct ct_html *html = page->html;
	size_t before = witness->left_out;

	if (witness->count > CT_HTML_EVENTS)
		before += witness->count - CT_HTML_EVENTS;
	find_columns(&schedule);
	ct_html_element(html, "h4", NULL, "How it comes about");
	ct_html_begin(html, "p");
	ct_html_text(html, witness->recorded_order
				   ? "Each thread gets here, in the order that was recorded."
				   : "In this order, from top to bottom.");
	if (before)
		ct_html_textf(html, " %zu events before are not shown.", before);
	ct_html_end(html);
	ct_html_scroll_begin(html, "Schedule");
	ct_html_begin_class(html, "table", "schedule");
	add_head(&schedule);
	ct_html_begin(html, "tbody");
	add_rows(&schedule);
	ct_html_end(html);
	ct_html_end(html);
	ct_html_end(html);
}
