/* Tables of report/table.h as HTML: the same units and the same words for numbers. */
#include "report/html_parts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "report/table.h"

static const struct ct_table_cell *cell_at(const struct ct_table *table, size_t row, size_t column)
{
	return &table->cells[row * table->column_count + column];
}

/* How a column is shown, if it is. */
struct column {
	bool shown;
	struct ct_table_unit unit;
};

/* As in the text: columns of which nothing is known are left out, and those of no bytes at all. */
static struct column find_column(const struct ct_table *table, size_t at)
{
	enum ct_table_kind kind = table->columns[at].kind;
	bool shown = kind == CT_TABLE_NAME || kind == CT_TABLE_WORD;
	uint64_t most = 0;

	for (size_t row = 0; row < table->count / table->column_count; row++) {
		const struct ct_table_cell *cell = cell_at(table, row, at);

		if (cell->text)
			shown = true;
		if (cell->number == CT_TABLE_UNKNOWN)
			continue;
		shown = shown || kind != CT_TABLE_BYTES || cell->number;
		if (cell->number > most)
			most = cell->number;
	}
	return (struct column){shown, ct_table_unit_for(most)};
}

static void add_title(struct ct_html *html, const struct ct_table_column *column,
		      const struct ct_table_unit *unit)
{
	ct_html_begin_class(html, "th", column->kind == CT_TABLE_NAME ? NULL : "number");
	ct_html_attr(html, "scope", "col");
	ct_html_text(html, column->title);
	if (column->kind == CT_TABLE_TIME)
		ct_html_textf(html, ", %s", unit->name);
	ct_html_end(html);
}

static void add_cell(struct ct_html *html, const struct ct_table_column *column,
		     const struct ct_table_cell *cell, const struct ct_table_unit *unit)
{
	char number[CT_TABLE_NUMBER_BYTES];

	ct_html_begin_class(html, "td", column->kind == CT_TABLE_NAME ? NULL : "number");
	if (cell->text) {
		ct_html_begin(html, "bdi");
		ct_html_text(html, cell->text);
		ct_html_end(html);
	} else {
		ct_table_format(cell->number, column->kind, unit, number);
		if (cell->number != CT_TABLE_UNKNOWN)
			ct_html_attrf(html, "data-v", "%" PRIu64, cell->number);
		ct_html_text(html, number);
	}
	ct_html_end(html);
}

static void add_rows(struct ct_html *html, const struct ct_table *table,
		     const struct column *columns)
{
	ct_html_begin(html, "thead");
	ct_html_begin(html, "tr");
	for (size_t i = 0; i < table->column_count; i++)
		if (columns[i].shown)
			add_title(html, &table->columns[i], &columns[i].unit);
	ct_html_end(html);
	ct_html_end(html);
	ct_html_begin(html, "tbody");
	for (size_t row = 0; row < table->count / table->column_count; row++) {
		ct_html_begin(html, "tr");
		for (size_t i = 0; i < table->column_count; i++)
			if (columns[i].shown)
				add_cell(html, &table->columns[i], cell_at(table, row, i),
					 &columns[i].unit);
		ct_html_end(html);
	}
	ct_html_end(html);
}

void ct_html_scroll_begin(struct ct_html *html, const char *label)
{
	ct_html_begin_class(html, "div", "scroll");
	ct_html_attr(html, "tabindex", "0");
	ct_html_attr(html, "role", "region");
	ct_html_attr(html, "aria-label", label);
}

void ct_html_table(const struct ct_html_page *page, const struct ct_table *table,
		   const char *caption)
{
	struct column *columns = calloc(table->column_count, sizeof(*columns));
	struct ct_html *html = page->html;

	if (table->failed || !columns)
		ct_html_fail(html);
	if (table->count && columns) {
		for (size_t i = 0; i < table->column_count; i++)
			columns[i] = find_column(table, i);
		ct_html_scroll_begin(html, caption);
		ct_html_begin_class(html, "table", "sortable");
		ct_html_element(html, "caption", NULL, caption);
		add_rows(html, table, columns);
		ct_html_end(html);
		ct_html_end(html);
	}
	free(columns);
}
