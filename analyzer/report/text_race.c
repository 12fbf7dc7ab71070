#include "report/text_parts.h"

#include <inttypes.h>

#include "base/source.h"
#include "base/text.h"
#include "report/columns.h"
#include "report/race_words.h"
#include "finding/stack.h"

/*
 * A race: what the memory is, then the two accesses side by side, then why nothing orders them.
 *
 *	memory: `counter` (int), defined at counter.c:5
 *
 *	T2                            main
 *	  writes 4 bytes                reads 4 bytes
 *	    at add (counter.c:12)         at main (counter.c:30)
 *	  holds `m`, taken              holds no lock
 *	    at add (counter.c:11)
 *
 *	why: T2 holds `m`, main holds no lock; and ...
 */

enum { WIDTH = 47, LOCKS_MAX = 4 };

struct table {
	const struct ct_report *in;
	const struct ct_race_side *sides[2]; /* of the section that is written; NULL: none */
	struct ct_columns columns;
	struct ct_text cells[2];
};

static void begin_row(struct table *table)
{
	ct_text_reset(&table->cells[0]);
	ct_text_reset(&table->cells[1]);
}

static void end_row(struct table *table)
{
	ct_columns_add(&table->columns, ct_text_str(&table->cells[0]),
		       ct_text_str(&table->cells[1]));
}

static void end_row_styled(struct table *table, enum ct_style style)
{
	ct_columns_add_styled(&table->columns, style, ct_text_str(&table->cells[0]),
			      ct_text_str(&table->cells[1]));
}

static void add_heads(struct table *table, const struct ct_race *race)
{
	begin_row(table);
	for (int i = 0; i < 2; i++)
		if (race->sides[i].place.thread)
			ct_text_add_printable(
				&table->cells[i],
				ct_name_thread(table->in->naming, race->sides[i].place.thread));
	end_row_styled(table, CT_STYLE_STRONG);
}

static void add_accesses(struct table *table)
{
	begin_row(table);
	for (int i = 0; i < 2; i++) {
		if (!table->sides[i])
			continue;
		ct_text_add(&table->cells[i], "  ");
		ct_race_add_access(&table->cells[i], table->in->naming, table->sides[i]);
	}
	end_row(table);
}

static void add_source(struct ct_text *cell, const struct ct_report *in,
		       const struct ct_frame *frame)
{
	struct ct_text line;

	if (!frame->file)
		return;
	ct_text_init(&line);
	if (ct_source_add_line(&line, in->sources, frame->file, frame->line))
		ct_text_addf(cell, "       %d | %s", frame->line, ct_text_str(&line));
	ct_text_fini(&line);
}

/* The frames of both side by side, each with its source line below the frame to point at. */
static void add_stacks(struct table *table)
{
	struct ct_shown_stack shown[2] = {0};

	for (int i = 0; i < 2; i++)
		if (table->sides[i])
			ct_stack_shown(table->in->symbols, table->sides[i]->place.process,
				       table->sides[i]->place.stack, &shown[i]);
	for (size_t k = 0; k < CT_TEXT_FRAMES; k++) {
		begin_row(table);
		for (int i = 0; i < 2; i++) {
			if (k >= shown[i].count)
				continue;
			ct_text_add(&table->cells[i], k ? "    by " : "    at ");
			ct_frame_add(&table->cells[i], &shown[i].frames[k], table->in->directory);
		}
		end_row(table);
		begin_row(table);
		for (int i = 0; i < 2; i++)
			if (k < shown[i].count && &shown[i].frames[k] == shown[i].top)
				add_source(&table->cells[i], table->in, shown[i].top);
		end_row_styled(table, CT_STYLE_SOURCE);
	}
	begin_row(table);
	for (int i = 0; i < 2; i++)
		if (shown[i].count > CT_TEXT_FRAMES)
			ct_text_addf(&table->cells[i], "    ... %zu more",
				     shown[i].count - CT_TEXT_FRAMES);
	end_row(table);
}

static void add_lock(struct ct_text *cell, const struct ct_report *in,
		     const struct ct_race_side *side, size_t at)
{
	ct_text_add(cell, "  holds `");
	ct_text_add_printable(cell, ct_name_object_short(in->naming, side->locks[at]));
	ct_text_add(cell, side->modes[at] == CT_MODE_SHARED ? "` to read" : "`");
}

static void add_taken(struct ct_text *cell, const struct ct_report *in,
		      const struct ct_race_side *side, size_t at)
{
	struct ct_shown_stack shown;

	if (!side->taken_at)
		return;
	ct_stack_shown(in->symbols, side->taken_at[at].process, side->taken_at[at].stack, &shown);
	if (!shown.top)
		return;
	ct_text_add(cell, "    taken at ");
	ct_frame_add(cell, shown.top, in->directory);
}

static size_t lock_count(const struct ct_race_side *side)
{
	return side ? side->lock_count : 0;
}

static void add_locks(struct table *table)
{
	for (size_t k = 0; k < LOCKS_MAX; k++) {
		begin_row(table);
		for (int i = 0; i < 2; i++)
			if (k < lock_count(table->sides[i]))
				add_lock(&table->cells[i], table->in, table->sides[i], k);
			else if (k == 0 && table->sides[i])
				ct_text_add(&table->cells[i], "  holds no lock");
		end_row(table);
		begin_row(table);
		for (int i = 0; i < 2; i++)
			if (k < lock_count(table->sides[i]))
				add_taken(&table->cells[i], table->in, table->sides[i], k);
		end_row(table);
	}
	begin_row(table);
	for (int i = 0; i < 2; i++)
		if (lock_count(table->sides[i]) > LOCKS_MAX)
			ct_text_addf(&table->cells[i], "  and %zu more",
				     table->sides[i]->lock_count - LOCKS_MAX);
	end_row(table);
}

static void add_section(struct table *table, const struct ct_race_side *left,
			const struct ct_race_side *right)
{
	table->sides[0] = left;
	table->sides[1] = right;
	add_accesses(table);
	add_stacks(table);
	add_locks(table);
}

/* Side by side; or, of a check and its use, from top to bottom as they come in time. */
static void add_sides(struct ct_text *out, const struct ct_report *in, const struct ct_race *race)
{
	struct table table = {
		.in = in,
		.columns = {.out = out, .color = in->color, .width = WIDTH},
	};

	ct_text_init(&table.cells[0]);
	ct_text_init(&table.cells[1]);
	add_heads(&table, race);
	if (race->check) {
		add_section(&table, race->check, NULL);
		add_section(&table, NULL, &race->sides[1]);
		add_section(&table, &race->sides[0], NULL);
	} else {
		add_section(&table, &race->sides[0], &race->sides[1]);
	}
	ct_text_addc(out, '\n');
	for (int i = 0; i < 2; i++) {
		if (ct_text_status(&table.cells[i]))
			out->failed = true;
		ct_text_fini(&table.cells[i]);
	}
}

static void add_printable(struct ct_text *out, struct ct_text *text)
{
	if (ct_text_status(text))
		out->failed = true;
	ct_text_add_printable(out, ct_text_str(text));
	ct_text_fini(text);
}

/* "`counter` (int), defined at counter.c:5" */
static void add_data(struct ct_text *out, const struct ct_report *in,
		     const struct ct_named_memory *memory)
{
	const struct ct_symbol_data *data = &memory->data;
	struct ct_text name;

	ct_text_init(&name);
	ct_race_add_name_and_type(&name, in->naming, memory);
	if (data->fields)
		ct_text_addf(&name, ", bit-fields %s", data->fields);
	if (data->file)
		ct_text_addf(&name, ", defined at %s:%d", ct_path_below(in->directory, data->file),
			     data->line);
	add_printable(out, &name);
}

static void add_block(struct ct_text *out, const struct ct_report *in,
		      const struct ct_named_memory *memory)
{
	const struct ct_race *race = memory->race;

	if (memory->data.name)
		ct_text_addf(out, " of %" PRIu64 " bytes, from byte %zu on", race->block_size,
			     memory->first);
	ct_text_add(out, ", allocated");
	if (race->allocated_at.thread) {
		ct_text_add(out, " by ");
		ct_text_add_printable(out, ct_name_thread(in->naming, race->allocated_at.thread));
	}
	ct_text_addc(out, '\n');
	ct_text_add_stack(out, in, race->allocated_at.process, race->allocated_at.stack);
}

/* Where the same byte is for each of two processes. */
static void add_addresses(struct ct_text *out, const struct ct_report *in,
			  const struct ct_race *race)
{
	ct_text_add(out, "    the same bytes of shared memory");
	for (int i = 0; i < 2; i++) {
		const struct ct_race_side *side = &race->sides[i];

		if (!side->place.thread)
			continue;
		ct_text_addf(out, "%s at 0x%" PRIx64 " in ", i ? "," : ":", side->address);
		ct_text_add_printable(out,
				      ct_name_process(in->naming, side->place.thread->process));
	}
	ct_text_addc(out, '\n');
}

static void add_memory(struct ct_text *out, const struct ct_report *in, const struct ct_race *race)
{
	struct ct_named_memory memory;

	ct_named_memory_find(in->naming, race, &memory);
	ct_style_add(out, in->color, CT_STYLE_NOTE, "  memory");
	ct_text_add(out, ": ");
	add_data(out, in, &memory);
	if (memory.in_block)
		add_block(out, in, &memory);
	else
		ct_text_addc(out, '\n');
	if (race->between_processes)
		add_addresses(out, in, race);
	ct_text_addc(out, '\n');
}

static void add_values(struct ct_text *out, const struct ct_report *in, const struct ct_race *race)
{
	struct ct_text values;

	ct_text_init(&values);
	if (!ct_race_add_values(&values, in->naming, race)) {
		ct_text_fini(&values);
		return;
	}
	ct_style_add(out, in->color, CT_STYLE_NOTE, "  value");
	ct_text_add(out, ": ");
	add_printable(out, &values);
	ct_text_addc(out, '\n');
}

static void add_why(struct ct_text *out, const struct ct_report *in,
		    const struct ct_finding *finding)
{
	struct ct_text why;

	ct_text_init(&why);
	ct_race_add_why(&why, in->naming, finding);
	ct_style_add(out, in->color, CT_STYLE_NOTE, "  why");
	ct_text_add(out, ": ");
	add_printable(out, &why);
	ct_text_addc(out, '\n');
	add_values(out, in, finding->race);
	if (finding->race->more)
		ct_text_addf(out,
			     "  likewise: %zu more pair%s of accesses of the same two places\n",
			     finding->race->more, finding->race->more == 1 ? "" : "s");
}

void ct_text_add_race(struct ct_text *out, const struct ct_report *in,
		      const struct ct_finding *finding)
{
	const struct ct_race *race = finding->race;

	add_memory(out, in, race);
	add_sides(out, in, race);
	add_why(out, in, finding);
	ct_text_addc(out, '\n');
}
