#include "report/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/vec.h"
#include "report/style.h"

enum { INDENT = 2, GAP = 2, NAME_LEAST = 12 };

/* How a column is shown. */
struct layout {
	size_t width; /* 0: it is left out */
	struct ct_table_unit unit;
};

void ct_table_init(struct ct_table *table, const struct ct_table_column *columns, size_t count)
{
	*table = (struct ct_table){.columns = columns, .column_count = count};
	ct_arena_init(&table->arena);
}

void ct_table_fini(struct ct_table *table)
{
	free(table->cells);
	ct_arena_fini(&table->arena);
}

static void add(struct ct_table *table, struct ct_table_cell cell)
{
	if (table->failed ||
	    ct_vec_grow(&table->cells, &table->cap, table->count + 1, sizeof(cell)) != CT_OK)
		table->failed = true;
	else
		table->cells[table->count++] = cell;
}

void ct_table_text(struct ct_table *table, const char *text)
{
	struct ct_table_cell cell = {NULL, CT_TABLE_UNKNOWN};
	struct ct_text clean;

	ct_text_init(&clean);
	if (text) {
		ct_text_add_printable(&clean, text);
		cell.text = ct_arena_strdup(&table->arena, ct_text_str(&clean));
		if (!cell.text || ct_text_status(&clean) != CT_OK)
			table->failed = true;
	}
	ct_text_fini(&clean);
	add(table, cell);
}

void ct_table_number(struct ct_table *table, uint64_t number)
{
	add(table, (struct ct_table_cell){NULL, number});
}

void ct_table_share(struct ct_table *table, double share)
{
	ct_table_number(table, share >= 0 && share < 1e15 ? (uint64_t)(share * 1000 + 0.5)
							  : CT_TABLE_UNKNOWN);
}

/* Characters of UTF-8. */
static size_t length_of(const char *text)
{
	size_t length = 0;

	for (; *text; text++)
		length += ((unsigned char)*text & 0xC0) != 0x80;
	return length;
}

static const char *skip(const char *text, size_t characters)
{
	for (; *text && characters; characters--)
		for (text++; ((unsigned char)*text & 0xC0) == 0x80; text++)
			;
	return text;
}

void ct_table_add_cut(struct ct_text *out, const char *text, size_t width)
{
	size_t length = length_of(text), left = (width - 3) / 2, right = width - 3 - left;

	if (length <= width) {
		ct_text_add(out, text);
		return;
	}
	ct_text_addn(out, text, (size_t)(skip(text, left) - text));
	ct_text_add(out, "...");
	ct_text_add(out, skip(text, length - right));
}

static const struct ct_table_cell *cell_at(const struct ct_table *table, size_t row, size_t column)
{
	return &table->cells[row * table->column_count + column];
}

static size_t row_count(const struct ct_table *table)
{
	return table->count / table->column_count;
}

static void format_bytes(char *out, uint64_t bytes)
{
	static const char letters[] = " kMGTPE";
	double value = (double)bytes;
	size_t unit = 0;

	for (; value >= 1024 && letters[unit + 1]; unit++)
		value /= 1024;
	snprintf(out, CT_TABLE_NUMBER_BYTES, unit ? "%.1f%c" : "%.0f", value, letters[unit]);
}

void ct_table_format(uint64_t number, enum ct_table_kind kind, const struct ct_table_unit *unit,
		     char *out)
{
	double value = (double)number;

	if (number == CT_TABLE_UNKNOWN)
		snprintf(out, CT_TABLE_NUMBER_BYTES, "-");
	else if (kind == CT_TABLE_TIME)
		snprintf(out, CT_TABLE_NUMBER_BYTES, "%.*f", unit->digits, value / unit->divisor);
	else if (kind == CT_TABLE_BYTES)
		format_bytes(out, number);
	else if (kind == CT_TABLE_SHARE)
		snprintf(out, CT_TABLE_NUMBER_BYTES, number && number < 100 ? "%.1f %%" : "%.0f %%",
			 value / 10);
	else if (kind == CT_TABLE_RATIO)
		snprintf(out, CT_TABLE_NUMBER_BYTES, "%.2f", value / 1000);
	else if (number >= 10000000)
		snprintf(out, CT_TABLE_NUMBER_BYTES, "%.1fM", value / 1e6);
	else
		snprintf(out, CT_TABLE_NUMBER_BYTES, "%" PRIu64, number);
}

struct ct_table_unit ct_table_unit_for(uint64_t most)
{
	if (most >= 1000000000)
		return (struct ct_table_unit){"s", 1e9, 3};
	if (most >= 1000000)
		return (struct ct_table_unit){"ms", 1e6, 2};
	if (most >= 10000)
		return (struct ct_table_unit){"us", 1e3, 1};
	return (struct ct_table_unit){"ns", 1, 0};
}

/* The cell's text, or its number in `out`. */
static const char *format(const struct ct_table_cell *cell, enum ct_table_kind kind,
			  const struct layout *layout, char *out)
{
	if (cell->text)
		return cell->text;
	ct_table_format(cell->number, kind, &layout->unit, out);
	return out;
}

static uint64_t most_of(const struct ct_table *table, size_t column)
{
	uint64_t most = 0;

	for (size_t row = 0; row < row_count(table); row++) {
		uint64_t number = cell_at(table, row, column)->number;

		if (number != CT_TABLE_UNKNOWN && number > most)
			most = number;
	}
	return most;
}

/* Bytes that nobody moved are as good as unknown. */
static bool is_known(const struct ct_table *table, size_t column)
{
	bool bytes = table->columns[column].kind == CT_TABLE_BYTES;

	for (size_t row = 0; row < row_count(table); row++) {
		const struct ct_table_cell *cell = cell_at(table, row, column);

		if (cell->text ||
		    (cell->number != CT_TABLE_UNKNOWN && !(bytes && cell->number == 0)))
			return true;
	}
	return false;
}

static void lay_out(const struct ct_table *table, size_t column, struct layout *layout)
{
	enum ct_table_kind kind = table->columns[column].kind;
	char number[CT_TABLE_NUMBER_BYTES];

	*layout = (struct layout){.unit = {.name = ""}};
	if (kind > CT_TABLE_WORD && !is_known(table, column))
		return;
	if (kind == CT_TABLE_TIME)
		layout->unit = ct_table_unit_for(most_of(table, column));
	layout->width = length_of(table->columns[column].title);
	for (size_t row = 0; row < row_count(table); row++) {
		size_t length =
			length_of(format(cell_at(table, row, column), kind, layout, number));

		if (length > layout->width)
			layout->width = length;
	}
}

/* Names have what the others leave; there is one column of them, as a rule. */
static void fit_names(const struct ct_table *table, struct layout *layouts)
{
	size_t names = 0, others = INDENT, room;

	for (size_t i = 0; i < table->column_count; i++) {
		if (table->columns[i].kind == CT_TABLE_NAME)
			names++;
		else if (layouts[i].width)
			others += layouts[i].width;
		if (i && layouts[i].width)
			others += GAP;
	}
	room = names && others < CT_TABLE_WIDTH ? (CT_TABLE_WIDTH - others) / names : 0;
	if (room < NAME_LEAST)
		room = NAME_LEAST;
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].kind == CT_TABLE_NAME && layouts[i].width > room)
			layouts[i].width = room;
}

static void add_spaces(struct ct_text *out, size_t count)
{
	for (; count; count--)
		ct_text_addc(out, ' ');
}

/* Blanks are added only before what follows, so that no line ends with one. */
struct line {
	struct ct_text *out;
	size_t blanks;
};

static void put(struct line *line, const char *text, size_t width, bool left)
{
	size_t length = length_of(text);
	size_t pad = length < width ? width - length : 0;

	if (!left)
		line->blanks += pad;
	if (*text) {
		add_spaces(line->out, line->blanks);
		line->blanks = 0;
		ct_table_add_cut(line->out, text, width);
	}
	line->blanks += (left ? pad : 0) + GAP;
}

static void print_head(const struct ct_table *table, const struct layout *layouts, bool color,
		       struct ct_text *out)
{
	struct line line = {out, INDENT};
	bool units = false;

	ct_style_begin(out, color, CT_STYLE_STRONG);
	for (size_t i = 0; i < table->column_count; i++) {
		if (!layouts[i].width)
			continue;
		put(&line, table->columns[i].title, layouts[i].width,
		    table->columns[i].kind == CT_TABLE_NAME);
		units = units || *layouts[i].unit.name;
	}
	ct_style_end(out, color);
	ct_text_addc(out, '\n');
	line.blanks = INDENT;
	for (size_t i = 0; units && i < table->column_count; i++)
		if (layouts[i].width)
			put(&line, layouts[i].unit.name, layouts[i].width,
			    table->columns[i].kind == CT_TABLE_NAME);
	if (units)
		ct_text_addc(out, '\n');
}

static void print_row(const struct ct_table *table, const struct layout *layouts, size_t row,
		      struct ct_text *out)
{
	struct line line = {out, INDENT};
	char number[CT_TABLE_NUMBER_BYTES];

	for (size_t i = 0; i < table->column_count; i++)
		if (layouts[i].width)
			put(&line,
			    format(cell_at(table, row, i), table->columns[i].kind, &layouts[i],
				   number),
			    layouts[i].width, table->columns[i].kind == CT_TABLE_NAME);
	ct_text_addc(out, '\n');
}

void ct_table_print(const struct ct_table *table, bool color, struct ct_text *out)
{
	struct layout *layouts = calloc(table->column_count, sizeof(*layouts));

	if (!layouts || table->failed) {
		out->failed = true;
		free(layouts);
		return;
	}
	for (size_t i = 0; i < table->column_count; i++)
		lay_out(table, i, &layouts[i]);
	fit_names(table, layouts);
	print_head(table, layouts, color, out);
	for (size_t row = 0; row < row_count(table); row++)
		print_row(table, layouts, row, out);
	free(layouts);
}
