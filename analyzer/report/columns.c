#include "report/columns.h"

#include <string.h>

#define MARGIN "    "

/* What is left of a cell, and how its next line begins. */
struct cell {
	const char *rest;
	size_t indent;
};

/* Where the next character begins (UTF-8). */
static const char *next_of(const char *text)
{
	for (text++; ((unsigned char)*text & 0xC0) == 0x80; text++)
		;
	return text;
}

static size_t length_of(const char *text, const char *end)
{
	size_t length = 0;

	for (; text < end; text = next_of(text))
		length++;
	return length;
}

/* The end of what fits into `room` characters: at a space, if there is one, else at the room's. */
static const char *fit(const char *text, size_t room)
{
	const char *at = text, *space = NULL;

	for (size_t used = 0; *at && used < room; at = next_of(at), used++)
		if (*at == ' ' && at > text)
			space = at;
	if (!*at || *at == ' ' || !space)
		return at;
	return space;
}

static void add_spaces(struct ct_text *out, size_t count)
{
	for (; count; count--)
		ct_text_addc(out, ' ');
}

/* One line of a cell; returns its length. */
static size_t add_line(struct ct_text *out, struct cell *cell, size_t width)
{
	const char *end = fit(cell->rest, width - cell->indent);
	size_t length = cell->indent + length_of(cell->rest, end);

	if (!*cell->rest)
		return 0;
	add_spaces(out, cell->indent);
	ct_text_addn(out, cell->rest, (size_t)(end - cell->rest));
	cell->rest = end + strspn(end, " ");
	return length;
}

static struct cell make_cell(const char *text, size_t width)
{
	size_t indent = strspn(text, " ");

	return (struct cell){text + indent, indent < width / 2 ? indent : width / 2};
}

void ct_columns_add(const struct ct_columns *columns, const char *left, const char *right)
{
	struct cell cells[] = {make_cell(left, columns->width), make_cell(right, columns->width)};

	for (bool first = true; *cells[0].rest || *cells[1].rest; first = false) {
		size_t length;

		ct_text_add(columns->out, MARGIN);
		length = add_line(columns->out, &cells[0], columns->width);
		if (*cells[1].rest)
			add_spaces(columns->out, columns->width + 2 - length);
		add_line(columns->out, &cells[1], columns->width);
		ct_text_addc(columns->out, '\n');
		for (int i = 0; first && i < 2; i++)
			cells[i].indent += 2;
	}
}

/* Returns the length of what was added. */
static size_t add_cut(struct ct_text *out, const char *text, size_t width)
{
	const char *end = text + strlen(text);
	size_t length = length_of(text, end);

	if (length <= width) {
		ct_text_add(out, text);
		return length;
	}
	for (end = text, length = 0; length < width - 2; length++)
		end = next_of(end);
	ct_text_addn(out, text, (size_t)(end - text));
	ct_text_add(out, "..");
	return width;
}

void ct_columns_add_styled(const struct ct_columns *columns, enum ct_style style, const char *left,
			   const char *right)
{
	size_t length;

	if (!*left && !*right)
		return;
	ct_text_add(columns->out, MARGIN);
	ct_style_begin(columns->out, columns->color, style);
	length = add_cut(columns->out, left, columns->width);
	if (*right) {
		add_spaces(columns->out, columns->width + 2 - length);
		add_cut(columns->out, right, columns->width);
	}
	ct_style_end(columns->out, columns->color);
	ct_text_addc(columns->out, '\n');
}
