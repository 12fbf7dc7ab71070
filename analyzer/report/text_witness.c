#include "report/text_parts.h"

#include "base/text.h"
#include "model/names.h"
#include "report/race_words.h"
#include "finding/stack.h"
#include "report/style.h"
#include "report/words.h"

/* A column per thread as long as they are not too narrow to read; else a line per event. */
enum { COLUMNS = 4, WIDTH = 92, WIDEST = 30, INDENT = 4 };

struct table {
	struct ct_text *out;
	const struct ct_report *in;
	const struct ct_finding *finding;
	const struct ct_thread *threads[COLUMNS];
	size_t count;
	bool wide; /* more threads than columns */
	size_t width;
	struct ct_text cell;
};

static size_t column_of(const struct table *table, const struct ct_thread *thread)
{
	size_t at = 0;

	while (at < table->count && table->threads[at] != thread)
		at++;
	return at;
}

static void add_thread(struct table *table, const struct ct_thread *thread)
{
	if (column_of(table, thread) < table->count)
		return;
	if (table->count == COLUMNS)
		table->wide = true;
	else
		table->threads[table->count++] = thread;
}

static void find_columns(struct table *table)
{
	const struct ct_witness *witness = table->finding->witness;

	for (size_t i = 0; i < witness->count; i++)
		add_thread(table, witness->events[i].place.thread);
	for (size_t i = 0; i < table->finding->step_count; i++)
		add_thread(table, table->finding->steps[i].thread);
	for (int i = 0; table->finding->race && i < 2; i++)
		add_thread(table, table->finding->race->sides[i].place.thread);
	table->width = table->count ? WIDTH / table->count : WIDTH;
	if (table->width > WIDEST)
		table->width = WIDEST;
}

/* Characters, not bytes. */
static size_t length_of(const char *text)
{
	size_t length = 0;

	for (; *text; text++)
		length += ((unsigned char)*text & 0xC0) != 0x80;
	return length;
}

/* What is too long loses its end. */
static void add_cell(struct table *table, const char *text, size_t width)
{
	size_t length = length_of(text), room = width - 1;

	if (length <= room) {
		ct_text_add(table->out, text);
		for (; length < width; length++)
			ct_text_addc(table->out, ' ');
		return;
	}
	for (size_t kept = 0; *text; text++) {
		kept += ((unsigned char)*text & 0xC0) != 0x80;
		if (kept > room - 2)
			break;
		ct_text_addc(table->out, *text);
	}
	ct_text_add(table->out, ".. ");
}

static void trim(struct ct_text *out)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
}

/* One line that has `text` in the thread's column, or behind its name. */
static void add_line(struct table *table, const struct ct_thread *thread, const char *text,
		     bool first)
{
	for (size_t i = 0; i < INDENT; i++)
		ct_text_addc(table->out, ' ');
	if (table->wide) {
		add_cell(table, first ? ct_name_thread(table->in->naming, thread) : "", 14);
		ct_text_add(table->out, text);
	} else {
		for (size_t i = 0; i < column_of(table, thread); i++)
			add_cell(table, "", table->width);
		add_cell(table, text, table->width);
	}
	trim(table->out);
	ct_text_addc(table->out, '\n');
}

/* Its last `count` characters. */
static const char *last_of(const char *text, size_t count)
{
	for (size_t length = length_of(text); length > count; length--)
		for (text++; ((unsigned char)*text & 0xC0) == 0x80; text++)
			;
	return text;
}

/* Of a long one the end says more. */
static void add_location(struct table *table, const struct ct_place *place)
{
	size_t room = table->width - 4, length;
	struct ct_shown_stack shown;
	struct ct_text location;
	const char *text;

	ct_stack_shown(table->in->symbols, place->process, place->stack, &shown);
	if (!shown.top || (!shown.top->file && !shown.top->module))
		return;
	ct_text_init(&location);
	ct_frame_add_location(&location, shown.top, table->in->directory);
	text = ct_text_str(&location);
	length = length_of(text);
	ct_text_reset(&table->cell);
	ct_text_add(&table->cell, "  ");
	if (!table->wide && length > room) {
		ct_text_add(&table->cell, "..");
		text = last_of(text, room - 2);
	}
	ct_text_add(&table->cell, text);
	add_line(table, place->thread, ct_text_str(&table->cell), false);
	ct_text_fini(&location);
}

static void add_event(struct table *table, const struct ct_witness_event *event, bool first)
{
	if (event->skipped) {
		ct_text_reset(&table->cell);
		ct_text_addf(&table->cell, "(%u %s)", event->skipped,
			     event->skipped == 1 ? "event" : "events");
		add_line(table, event->place.thread, ct_text_str(&table->cell), first);
		first = false;
	}
	ct_text_reset(&table->cell);
	ct_text_add(&table->cell, event->verb);
	ct_text_addc(&table->cell, ' ');
	if (event->object)
		ct_words_object(&table->cell, table->in->naming, event->object);
	else if (event->other)
		ct_text_add_printable(&table->cell,
				      ct_name_thread(table->in->naming, event->other));
	add_line(table, event->place.thread, ct_text_str(&table->cell), first);
	add_location(table, &event->place);
}

static void add_stand(struct table *table, size_t at)
{
	const struct ct_finding *finding = table->finding;
	const struct ct_step_of_cycle *step = &finding->steps[at];
	const struct ct_step_of_cycle *next = &finding->steps[(at + 1) % finding->step_count];

	ct_text_reset(&table->cell);
	ct_text_add(&table->cell, "STUCK: ");
	ct_words_want(&table->cell, table->in->naming, step);
	add_line(table, step->thread, ct_text_str(&table->cell), true);
	add_location(table, &step->wanted_at);
	if (!step->wants || next->holds != step->wants)
		return;
	ct_text_reset(&table->cell);
	ct_text_add(&table->cell, "  held by ");
	ct_text_add_printable(&table->cell, ct_name_thread(table->in->naming, next->thread));
	add_line(table, step->thread, ct_text_str(&table->cell), false);
}

/* Both threads of a race, just before their accesses. */
static void add_race_stand(struct table *table, const struct ct_race_side *side)
{
	ct_text_reset(&table->cell);
	ct_text_add(&table->cell, "RACE: ");
	ct_race_add_access(&table->cell, table->in->naming, side);
	add_line(table, side->place.thread, ct_text_str(&table->cell), true);
	add_location(table, &side->place);
}

static void add_heads(struct table *table)
{
	for (size_t i = 0; i < INDENT; i++)
		ct_text_addc(table->out, ' ');
	ct_style_begin(table->out, table->in->color, CT_STYLE_STRONG);
	for (size_t i = 0; i < table->count; i++) {
		ct_text_reset(&table->cell);
		ct_text_add_printable(&table->cell,
				      ct_name_thread(table->in->naming, table->threads[i]));
		add_cell(table, ct_text_str(&table->cell), table->width);
	}
	trim(table->out);
	ct_style_end(table->out, table->in->color);
	ct_text_addc(table->out, '\n');
}

void ct_text_add_witness(struct ct_text *out, const struct ct_report *in,
			 const struct ct_finding *finding)
{
	const struct ct_witness *witness = finding->witness;
	struct table table = {.out = out, .in = in, .finding = finding};
	const struct ct_thread *last = NULL;

	ct_text_init(&table.cell);
	find_columns(&table);
	ct_style_add(out, in->color, CT_STYLE_NOTE, "  how it comes about");
	ct_text_add(out, witness->recorded_order
				 ? ": each thread gets here, in the order that was recorded\n"
				 : ": in this order, from top to bottom\n");
	if (!table.wide)
		add_heads(&table);
	if (witness->left_out)
		ct_text_addf(out, "    (%zu events before)\n", witness->left_out);
	for (size_t i = 0; i < witness->count; i++) {
		add_event(&table, &witness->events[i], witness->events[i].place.thread != last);
		last = witness->events[i].place.thread;
	}
	for (size_t i = 0; i < finding->step_count; i++)
		add_stand(&table, i);
	for (int i = 0; finding->race && i < 2; i++)
		add_race_stand(&table, &finding->race->sides[i]);
	ct_text_addc(out, '\n');
	if (ct_text_status(&table.cell) != CT_OK)
		out->failed = true;
	ct_text_fini(&table.cell);
}
