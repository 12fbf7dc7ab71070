/*
 * A race: what the memory is, the accesses side by side, and why nothing orders them.
 */
#include "report/html_parts.h"

#include "base/text.h"
#include "finding/stack.h"
#include "model/names.h"
#include "report/html_draw.h"
#include "report/race_words.h"

enum { LOCKS_SHOWN = 4 };

static void add_memory_words(struct ct_text *out, const struct ct_html_page *page, const void *what)
{
	struct ct_named_memory memory;

	ct_named_memory_find(page->in->naming, what, &memory);
	ct_race_add_name_and_type(out, page->in->naming, &memory);
	if (memory.data.file)
		ct_text_addf(out, ", defined at %s:%d",
			     ct_path_below(page->in->directory, memory.data.file),
			     memory.data.line);
}

static void add_why_words(struct ct_text *out, const struct ct_html_page *page, const void *what)
{
	ct_race_add_why(out, page->in->naming, what);
}

static void add_access_words(struct ct_text *out, const struct ct_html_page *page, const void *what)
{
	ct_race_add_access(out, page->in->naming, what);
}

static void add_memory(const struct ct_html_page *page, const struct ct_race *race)
{
	struct ct_html *html = page->html;

	ct_html_begin_class(html, "div", "memory");
	ct_html_begin(html, "p");
	ct_html_element(html, "strong", NULL, "Memory:");
	ct_html_text(html, " ");
	ct_html_words(page, add_memory_words, race);
	ct_html_end(html);
	if (race->block_size && race->allocated_at.stack) {
		ct_html_begin(html, "p");
		ct_html_text(html, "in a block of the heap, allocated");
		if (race->allocated_at.thread) {
			ct_html_text(html, " by ");
			ct_html_thread(page, race->allocated_at.thread);
		}
		ct_html_text(html, " at ");
		ct_html_location(page, &race->allocated_at);
		ct_html_end(html);
		ct_html_stack(page, &race->allocated_at);
	}
	ct_html_end(html);
}

static void add_locks(const struct ct_html_page *page, const struct ct_race_side *side)
{
	struct ct_html *html = page->html;

	if (!side->lock_count)
		ct_html_element(html, "p", "held", "holds no lock");
	for (size_t i = 0; i < side->lock_count && i < LOCKS_SHOWN; i++) {
		ct_html_begin_class(html, "p", "held");
		ct_html_text(html, "holds ");
		ct_html_element(html, "code", NULL,
				ct_name_object_short(page->in->naming, side->locks[i]));
		if (side->modes[i] == CT_MODE_SHARED)
			ct_html_text(html, " to read");
		if (side->taken_at && side->taken_at[i].stack) {
			ct_html_text(html, ", taken at ");
			ct_html_location(page, &side->taken_at[i]);
		}
		ct_html_end(html);
	}
	if (side->lock_count > LOCKS_SHOWN) {
		ct_html_begin_class(html, "p", "held");
		ct_html_textf(html, "and %zu more", side->lock_count - LOCKS_SHOWN);
		ct_html_end(html);
	}
}

static void add_side(const struct ct_html_page *page, const struct ct_race_side *side)
{
	struct ct_html *html = page->html;

	ct_html_begin_class(html, "div", "side place");
	ct_html_moment(page, &side->place);
	ct_html_begin_class(html, "p", "what");
	if (side->place.thread) {
		ct_html_thread(page, side->place.thread);
		ct_html_text(html, " ");
	}
	ct_html_words(page, add_access_words, side);
	ct_html_end(html);
	ct_html_begin_class(html, "p", "where");
	ct_html_location(page, &side->place);
	ct_html_end(html);
	ct_html_stack(page, &side->place);
	add_locks(page, side);
	ct_html_end(html);
}

static void add_values(const struct ct_html_page *page, const struct ct_race *race)
{
	struct ct_text values;

	ct_text_init(&values);
	if (ct_race_add_values(&values, page->in->naming, race)) {
		ct_html_begin_class(page->html, "p", "said value");
		ct_html_element(page->html, "strong", NULL, "Value:");
		ct_html_text(page->html, " ");
		ct_html_sentence(page->html, ct_text_str(&values));
		ct_html_end(page->html);
	}
	if (ct_text_status(&values))
		ct_html_fail(page->html);
	ct_text_fini(&values);
}

void ct_html_race(const struct ct_html_page *page, const struct ct_finding *finding)
{
	const struct ct_race *race = finding->race;
	struct ct_html *html = page->html;

	ct_html_race_picture(page, finding);
	add_memory(page, race);
	ct_html_begin_class(html, "div", race->check ? "sides three" : "sides");
	if (race->check) {
		/* as they come in time */
		add_side(page, race->check);
		add_side(page, &race->sides[1]);
		add_side(page, &race->sides[0]);
	} else {
		add_side(page, &race->sides[0]);
		add_side(page, &race->sides[1]);
	}
	ct_html_end(html);
	ct_html_begin_class(html, "p", "said why");
	ct_html_element(html, "strong", NULL, "Why:");
	ct_html_text(html, " ");
	ct_html_words(page, add_why_words, finding);
	if (race->more)
		ct_html_textf(html, "; likewise: %zu more %s of accesses of the same two places",
			      race->more, race->more == 1 ? "pair" : "pairs");
	ct_html_end(html);
	add_values(page, race);
}

/*
 * The picture: a line down for each thread, its accesses on it, and the locks that it holds then
 * as bars beside. Between accesses that nothing orders, a broken line.
 */
enum {
	WIDTH = 620,
	LEFT = 150,
	RIGHT = 470,
	TOP = 56,
	STEP = 56,
	BOX = 180,
	TALL = 34,
	ROOM = 22,
};

static int column_x(int column)
{
	return column ? RIGHT : LEFT;
}

static void draw_locks(const struct ct_html_page *page, const struct ct_race_side *side, int column,
		       int y)
{
	struct ct_text held;
	int away = column ? 1 : -1;
	int x = column_x(column) + away * (BOX / 2 + 12);

	if (!side->lock_count)
		return;
	ct_html_draw_line(page->html, "lock", x, y - TALL / 2 - 4, x, y + TALL / 2 + 4);
	ct_text_init(&held);
	ct_text_add_printable(&held, ct_name_object_short(page->in->naming, side->locks[0]));
	if (side->lock_count > 1)
		ct_text_addf(&held, " +%zu", side->lock_count - 1);
	ct_html_draw_text(page->html, column ? "locks right" : "locks left", x + away * 7, y + 4, 7,
			  ct_text_str(&held));
	if (ct_text_status(&held))
		ct_html_fail(page->html);
	ct_text_fini(&held);
}

static void draw_access(const struct ct_html_page *page, const struct ct_race_side *side,
			int column, int y)
{
	struct ct_text access;
	int x = column_x(column);

	ct_text_init(&access);
	ct_race_add_access(&access, page->in->naming, side);
	ct_html_draw_box(page->html, "access", x - BOX / 2, y - TALL / 2, BOX, TALL, 4);
	ct_html_draw_text(page->html, "access", x, y + 5, ROOM, ct_text_str(&access));
	draw_locks(page, side, column, y);
	if (ct_text_status(&access))
		ct_html_fail(page->html);
	ct_text_fini(&access);
}

static void draw_heads(const struct ct_html_page *page, const struct ct_race *race, int height)
{
	for (int i = 0; i < 2; i++) {
		/* of check and use, the one that checks is at the left: sides[0] */
		const struct ct_thread *thread = race->sides[i].place.thread;

		ct_html_draw_line(page->html, "life", column_x(i), 34, column_x(i), height - 8);
		if (thread)
			ct_html_draw_text(page->html, "name thread", column_x(i), 22, 28,
					  ct_name_thread(page->in->naming, thread));
	}
}

static void draw_check(const struct ct_html_page *page, const struct ct_race *race)
{
	int y = TOP + TALL / 2;

	draw_access(page, race->check, 0, y);
	draw_access(page, &race->sides[1], 1, y + STEP);
	draw_access(page, &race->sides[0], 0, y + 2 * STEP);
	ct_html_draw_arrow(page->html, "between", RIGHT - BOX / 2, y + STEP, LEFT + 8, y + STEP);
	ct_html_draw_text(page->html, "verb", (LEFT + RIGHT) / 2 - 20, y + STEP - 8, 24,
			  "comes between");
}

static void draw_pair(const struct ct_html_page *page, const struct ct_race *race)
{
	int y = TOP + TALL / 2;

	draw_access(page, &race->sides[0], 0, y);
	draw_access(page, &race->sides[1], 1, y);
	ct_html_draw_line(page->html, "unordered", LEFT + BOX / 2 + 4, y, RIGHT - BOX / 2 - 4, y);
	ct_html_draw_text(page->html, "verb", (LEFT + RIGHT) / 2, y - 9, 24,
			  race->caught ? "both at" : "nothing orders");
	ct_html_draw_text(page->html, "verb", (LEFT + RIGHT) / 2, y + 19, 24,
			  race->caught ? "the same time" : "these two");
}

void ct_html_race_picture(const struct ct_html_page *page, const struct ct_finding *finding)
{
	const struct ct_race *race = finding->race;
	int height = TOP + TALL + 24 + (race->check ? 2 * STEP : 0);

	ct_html_draw_begin(page->html, "race", WIDTH, height,
			   race->check ? "A value is read, another thread writes it, and then what "
					 "was read is used"
				       : "Two threads access the same memory, and nothing orders "
					 "the two accesses");
	draw_heads(page, race, height);
	if (race->check)
		draw_check(page, race);
	else
		draw_pair(page, race);
	ct_html_draw_end(page->html);
}
