#include "model/source_path.h"

#include <ctype.h>
#include <string.h>

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t skip_blanks(struct ct_source_piece piece, size_t at)
{
	while (at < piece.length && isspace((unsigned char)piece.text[at]))
		at++;
	return at;
}

static size_t skip_blanks_back(struct ct_source_piece piece, size_t end)
{
	while (end > 0 && isspace((unsigned char)piece.text[end - 1]))
		end--;
	return end;
}

static bool has_at(struct ct_source_piece piece, size_t at, const char *text)
{
	size_t length = strlen(text);

	return at + length <= piece.length && memcmp(piece.text + at, text, length) == 0;
}

/* Behind the bracket that closes the one at `at`; 0: none does. */
static size_t behind_brackets(struct ct_source_piece piece, size_t at)
{
	int depth = 0;

	for (; at < piece.length; at++) {
		depth += (piece.text[at] == '[') - (piece.text[at] == ']');
		if (depth == 0)
			return at + 1;
	}
	return 0;
}

static bool add_step(struct ct_source_path *path, enum ct_source_step_kind kind,
		     struct ct_source_piece name)
{
	if (path->count == CT_SOURCE_STEPS_MAX)
		return false;
	path->steps[path->count++] = (struct ct_source_step){kind, name};
	return true;
}

/* A word at *at, which goes behind it. */
static bool add_name(struct ct_source_path *path, enum ct_source_step_kind kind,
		     struct ct_source_piece piece, size_t *at)
{
	size_t begin = skip_blanks(piece, *at), end = begin;

	while (end < piece.length && is_word(piece.text[end]))
		end++;
	if (end == begin || isdigit((unsigned char)piece.text[begin]))
		return false;
	*at = end;
	return add_step(path, kind, (struct ct_source_piece){piece.text + begin, end - begin});
}

/* "a->b[i].c" from the begin of `piece` on. *out_end is behind it. */
static bool read_path(struct ct_source_piece piece, struct ct_source_path *path, size_t *out_end)
{
	bool pointed = has_at(piece, 0, "*");
	size_t at = pointed;
	bool good = add_name(path, CT_STEP_NAME, piece, &at);

	while (good) {
		size_t next = skip_blanks(piece, at);

		if (has_at(piece, next, "->")) {
			at = next + 2;
			good = add_name(path, CT_STEP_ARROW, piece, &at);
		} else if (has_at(piece, next, ".")) {
			at = next + 1;
			good = add_name(path, CT_STEP_MEMBER, piece, &at);
		} else if (has_at(piece, next, "[")) {
			at = behind_brackets(piece, next);
			good = at && add_step(path, CT_STEP_ELEMENT, piece);
		} else {
			break;
		}
	}
	*out_end = at;
	return good && (!pointed || add_step(path, CT_STEP_POINTED, piece));
}

/* Where the operator that assigns begins and ends; "++" too. False: there is none at `at`. */
static bool operator_at(struct ct_source_piece piece, size_t at, size_t *out_end)
{
	static const char *const operators[] = {
		"<<=", ">>=", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="};
	static const char *const others[] = {"==", "<=", ">=", "!="};

	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		if (has_at(piece, at, operators[i])) {
			*out_end = at + strlen(operators[i]);
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (has_at(piece, at, others[i]) || (at > 0 && has_at(piece, at - 1, others[i])))
			return false;
	}
	*out_end = at + 1;
	return piece.text[at] == '=';
}

static bool find_operator(struct ct_source_piece piece, size_t from, size_t *out_begin,
			  size_t *out_end)
{
	for (size_t at = from; at < piece.length; at++) {
		if (operator_at(piece, at, out_end)) {
			*out_begin = at;
			return true;
		}
	}
	return false;
}

/* Behind "if (...)" and "while (...)", and "else". */
static size_t skip_conditions(struct ct_source_piece piece)
{
	static const char *const words[] = {"if", "while", "else", "switch"};
	size_t at = skip_blanks(piece, 0);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t end = at + strlen(words[i]);
		int depth = 0;

		if (!has_at(piece, at, words[i]) ||
		    (end < piece.length && is_word(piece.text[end])))
			continue;
		at = end = skip_blanks(piece, end);
		for (; has_at(piece, at, "(") && end < piece.length; end++) {
			depth += (piece.text[end] == '(') - (piece.text[end] == ')');
			if (depth == 0)
				break;
		}
		at = skip_blanks(piece, end > at ? end + 1 : at);
		i = (size_t)-1; /* "else if" */
	}
	return at < piece.length ? at : piece.length;
}

bool ct_source_target(struct ct_source_piece statement, struct ct_source_path *out)
{
	size_t begin = skip_conditions(statement), first, first_end, other, other_end, end;
	struct ct_source_piece rest = {statement.text + begin, statement.length - begin};

	*out = (struct ct_source_path){.count = 0};
	if (!find_operator(statement, 0, &first, &first_end) || first < begin ||
	    find_operator(statement, first_end, &other, &other_end))
		return false;
	first -= begin;
	first_end -= begin;
	if (first > 0) {
		rest.length = first;
		return read_path(rest, out, &end) && end == skip_blanks_back(rest, first);
	}
	first_end = skip_blanks(rest, first_end);
	rest = (struct ct_source_piece){rest.text + first_end, rest.length - first_end};
	return read_path(rest, out, &end) && skip_blanks(rest, end) == rest.length;
}

bool ct_source_next_path(struct ct_source_piece piece, size_t *at, struct ct_source_path *out)
{
	for (size_t begin = *at; begin < piece.length; begin++) {
		struct ct_source_piece rest;
		size_t end;

		if (!is_word(piece.text[begin]))
			continue;
		if (begin > *at && piece.text[begin - 1] == '*')
			begin--;
		rest = (struct ct_source_piece){piece.text + begin, piece.length - begin};
		*out = (struct ct_source_path){.count = 0};
		if (read_path(rest, out, &end)) {
			*at = begin + end;
			return true;
		}
		/* a number, or longer than is looked at */
		begin += *rest.text == '*';
		while (begin < piece.length && is_word(piece.text[begin]))
			begin++;
	}
	return false;
}
