#include "detect/written_name.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { LINE_MAX_BYTES = 200 };

struct piece {
	const char *text;
	size_t length;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static struct piece trim(struct piece piece)
{
	while (piece.length && is_blank(piece.text[0])) {
		piece.text++;
		piece.length--;
	}
	while (piece.length && is_blank(piece.text[piece.length - 1]))
		piece.length--;
	return piece;
}

/* Up to a comment that ends the line. */
static struct piece without_comment(struct piece piece)
{
	for (size_t i = 0; i + 1 < piece.length; i++) {
		if (piece.text[i] == '/' && (piece.text[i + 1] == '/' || piece.text[i + 1] == '*'))
			piece.length = i;
	}
	return trim(piece);
}

static char next_of(struct piece piece, size_t i)
{
	if (i + 1 < piece.length)
		return piece.text[i + 1];
	return '\0';
}

/* How many characters of something that writes stand at `i`; 0: none. Comparisons do not. */
static size_t writes_at(struct piece piece, size_t i)
{
	char c = piece.text[i], next = next_of(piece, i);

	if ((c == '+' || c == '-') && next == c)
		return 2;
	return c == '=' && next != '=' ? 1 : 0;
}

/* "==", "<=", ">=", "!=", but not "<<=". */
static bool is_comparison(struct piece piece, size_t i)
{
	char c = piece.text[i], next = next_of(piece, i);

	return next == '=' && (c == '=' || c == '!' || c == '<' || c == '>');
}

/* The one place where the piece writes. False: there is none, or more. */
static bool find_write(struct piece piece, size_t *out_at, size_t *out_length)
{
	size_t count = 0;

	for (size_t i = 0; i < piece.length; i++) {
		size_t length = writes_at(piece, i);
		bool shifts = i > 0 && piece.text[i - 1] == piece.text[i];

		if (!length) {
			i += is_comparison(piece, i) && !shifts;
			continue;
		}
		*out_at = i;
		*out_length = length;
		count++;
		i += length - 1;
	}
	return count == 1;
}

/* "f(" and "(*f)("; casts of what stands in parentheses are taken for calls. */
static bool has_call(struct piece piece)
{
	for (size_t i = 0; i < piece.length; i++) {
		size_t before = i;

		if (piece.text[i] != '(')
			continue;
		while (before && is_blank(piece.text[before - 1]))
			before--;
		if (before && (is_word(piece.text[before - 1]) || piece.text[before - 1] == ')'))
			return true;
	}
	return false;
}

/* Whether the first parenthesis is closed by the last one. */
static bool is_enclosed(struct piece piece)
{
	int depth = 0;

	if (piece.length < 2 || piece.text[0] != '(')
		return false;
	for (size_t i = 0; i < piece.length; i++) {
		depth += piece.text[i] == '(';
		depth -= piece.text[i] == ')';
		if (depth <= 0)
			return i + 1 == piece.length;
	}
	return false;
}

/* Whether it may be a name: a declaration has blanks, or '&'. */
static bool is_name(struct piece piece)
{
	int depth = 0;
	bool word = false;

	for (size_t i = 0; i < piece.length; i++) {
		char c = piece.text[i];

		depth += c == '[' || c == '(';
		depth -= c == ']' || c == ')';
		word = word || isalpha((unsigned char)c) || c == '_';
		if (depth < 0 ||
		    (!is_word(c) && !strchr("->.[]*():", c) && (depth == 0 || !strchr(" +/%", c))))
			return false;
	}
	return depth == 0 && word;
}

/* "x <op>= y", "x++" or "++x": the x. Empty: it is none of these. */
static struct piece target_of(struct piece piece, size_t at, size_t length)
{
	struct piece before = trim((struct piece){piece.text, at});
	struct piece after =
		trim((struct piece){piece.text + at + length, piece.length - at - length});

	if (length == 2)
		return !before.length ? after : !after.length ? before : (struct piece){"", 0};
	while (before.length && strchr("+-*/%&|^<>", before.text[before.length - 1]))
		before.length--;
	return trim(before);
}

bool ct_written_name_add(struct ct_text *out, const char *line, size_t length)
{
	struct piece piece = without_comment((struct piece){line, length});
	size_t at = 0, write_length = 0;

	if (piece.length > LINE_MAX_BYTES || !piece.length ||
	    memchr(piece.text, '\0', piece.length) || piece.text[piece.length - 1] != ';')
		return false;
	piece.length--;
	for (size_t i = 0; i < piece.length; i++) {
		if (strchr("\"'{};,#?\\", piece.text[i]))
			return false;
	}
	if (has_call(piece) || !find_write(piece, &at, &write_length))
		return false;
	piece = target_of(piece, at, write_length);
	while (is_enclosed(piece))
		piece = trim((struct piece){piece.text + 1, piece.length - 2});
	if (!is_name(piece))
		return false;
	ct_text_addn(out, piece.text, piece.length);
	return true;
}
