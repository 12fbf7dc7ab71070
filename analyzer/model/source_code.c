#include "model/source_code.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORD_MAX = 128 };

/* What the text is at the place where the reading stands. */
enum state { CODE, LINE_COMMENT, BLOCK_COMMENT, STRING, CHARACTER };

struct reading {
	const char *text;
	size_t length, at;
	enum state state;
	bool directive;	    /* the line is one */
	bool line_is_blank; /* so far */
};

static char next_of(const struct reading *reading)
{
	if (reading->at + 1 >= reading->length)
		return '\0';
	return reading->text[reading->at + 1];
}

static void end_line(struct reading *reading)
{
	bool goes_on = reading->at > 0 && reading->text[reading->at - 1] == '\\';

	if (goes_on)
		return;
	if (reading->state != BLOCK_COMMENT) {
		reading->state = CODE;
		reading->directive = false;
	}
	reading->line_is_blank = true;
}

/* Whether the character belongs to the code itself. Steps over what a backslash protects. */
static bool is_code(struct reading *reading)
{
	char c = reading->text[reading->at], next = next_of(reading);

	switch (reading->state) {
	case BLOCK_COMMENT:
		if (c == '*' && next == '/') {
			reading->state = CODE;
			reading->at++;
		}
		return false;
	case STRING:
	case CHARACTER:
		if (c == '\\' && next != '\n')
			reading->at++;
		else if (c == (reading->state == STRING ? '"' : '\''))
			reading->state = CODE;
		return false;
	case LINE_COMMENT:
		return false;
	case CODE:
		break;
	}
	if (c == '/' && (next == '/' || next == '*')) {
		reading->state = next == '/' ? LINE_COMMENT : BLOCK_COMMENT;
		reading->at++;
		return false;
	}
	/* 1'000'000 of C++ has no characters in it */
	if (c == '"' || (c == '\'' && (reading->at == 0 ||
				       !isalnum((unsigned char)reading->text[reading->at - 1]))))
		reading->state = c == '"' ? STRING : CHARACTER;
	return reading->state == CODE;
}

static void blank_copy(char *to, const char *from, size_t length)
{
	for (size_t i = 0; i < length; i++)
		to[i] = from[i] == '\n' ? '\n' : ' ';
	to[length] = '\0';
}

enum ct_status ct_source_code_read(const char *text, size_t length, struct ct_source_code *out)
{
	struct reading reading = {.text = text, .length = length, .line_is_blank = true};
	struct ct_source_code source = {malloc(length + 1), malloc(length + 1), length};

	if (!source.code || !source.directives) {
		ct_source_code_fini(&source);
		return CT_ENOMEM;
	}
	blank_copy(source.code, text, length);
	blank_copy(source.directives, text, length);
	for (; reading.at < length; reading.at++) {
		char c = text[reading.at];
		size_t at = reading.at;

		if (c == '\n') {
			end_line(&reading);
			continue;
		}
		if (!is_code(&reading) || isspace((unsigned char)c) || c == '\0')
			continue;
		if (reading.line_is_blank && c == '#')
			reading.directive = true;
		reading.line_is_blank = false;
		(reading.directive ? source.directives : source.code)[at] = c;
	}
	*out = source;
	return CT_OK;
}

void ct_source_code_fini(struct ct_source_code *source)
{
	free(source->code);
	free(source->directives);
	*source = (struct ct_source_code){0};
}

static bool ends_statement(char c)
{
	return c == ';' || c == '{' || c == '}';
}

struct ct_source_piece ct_source_statement(const struct ct_source_code *source, int line)
{
	const char *text = source->code;
	size_t begin = 0, end;

	for (int i = 1; i < line; i++) {
		const char *newline = memchr(text + begin, '\n', source->length - begin);

		if (!newline)
			return (struct ct_source_piece){text, 0};
		begin = (size_t)(newline - text) + 1;
	}
	while (begin < source->length && isspace((unsigned char)text[begin]) && text[begin] != '\n')
		begin++;
	end = begin + strcspn(text + begin, "\n");
	while (end > begin && isspace((unsigned char)text[end - 1]))
		end--;
	if (end == begin)
		return (struct ct_source_piece){text, 0};
	while (begin > 0 && !ends_statement(text[begin - 1]))
		begin--;
	while (end < source->length && !ends_statement(text[end - 1]))
		end++;
	return (struct ct_source_piece){text + begin, end - begin};
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

struct word {
	const char *text;
	size_t length;
};

/* The next word at or after `from`; numbers are none. False: there is none. */
static bool next_word(struct ct_source_piece piece, size_t from, struct word *out)
{
	for (size_t at = from; at < piece.length;) {
		size_t end = at;

		while (end < piece.length && is_word(piece.text[end]))
			end++;
		if (end > at && !isdigit((unsigned char)piece.text[at])) {
			*out = (struct word){piece.text + at, end - at};
			return true;
		}
		at = end > at ? end : at + 1;
	}
	return false;
}

static size_t behind(struct ct_source_piece piece, const struct word *word)
{
	return (size_t)(word->text - piece.text) + word->length;
}

static bool is_same(const struct word *word, const char *text)
{
	return strlen(text) == word->length && memcmp(word->text, text, word->length) == 0;
}

static bool is_one_of(const struct word *word, const char *const *list)
{
	for (; *list; list++) {
		if (is_same(word, *list))
			return true;
	}
	return false;
}

/* Whether one of the texts is a part of the word, in small letters or capitals. */
static bool has_part(const struct word *word, const char *const *parts)
{
	char copy[WORD_MAX + 1] = {0};

	if (word->length > WORD_MAX)
		return true; /* not known: what is asked for is always a reason for doubt */
	for (size_t i = 0; i < word->length; i++)
		copy[i] = word->text[i];
	for (; *parts; parts++) {
		if (strcasestr(copy, *parts))
			return true;
	}
	return false;
}

bool ct_source_has_word(struct ct_source_piece piece, const char *word)
{
	struct word at;

	for (size_t from = 0; next_word(piece, from, &at); from = behind(piece, &at)) {
		if (is_same(&at, word))
			return true;
	}
	return false;
}

static bool is_doubtful_word(const struct word *word)
{
	static const char *const parts[] = {
		"atomic", "asm",     "volatile", "once",    "__sync",	   "barrier", "fence",
		"shared", "relaxed", "acquire",	 "release", "interlocked", "ck_pr",   NULL};

	return has_part(word, parts);
}

bool ct_source_is_doubtful(struct ct_source_piece piece)
{
	struct word word;

	for (size_t from = 0; next_word(piece, from, &word); from = behind(piece, &word)) {
		if (is_doubtful_word(&word))
			return true;
	}
	return false;
}

static char character_behind(struct ct_source_piece piece, size_t at)
{
	while (at < piece.length && isspace((unsigned char)piece.text[at]))
		at++;
	if (at >= piece.length)
		return '\0';
	return piece.text[at];
}

/* "f(x)(y)", "table[i](x)", "(*f)(x)" */
static bool calls_a_value(struct ct_source_piece piece)
{
	for (size_t i = 0; i < piece.length; i++) {
		if ((piece.text[i] == ')' || piece.text[i] == ']') &&
		    character_behind(piece, i + 1) == '(')
			return true;
	}
	return false;
}

bool ct_source_is_plain(struct ct_source_piece piece)
{
	static const char *const keywords[] = {"if",	 "while", "for",    "return",
					       "switch", "else",  "sizeof", NULL};
	static const char *const operators[] = {"new", "delete", "operator", "co_await", NULL};
	struct word word;

	for (size_t from = 0; next_word(piece, from, &word); from = behind(piece, &word)) {
		if (is_doubtful_word(&word) || is_one_of(&word, operators))
			return false;
		if (character_behind(piece, behind(piece, &word)) == '(' &&
		    !is_one_of(&word, keywords))
			return false;
	}
	return piece.length && !calls_a_value(piece);
}

static bool is_assignment(struct ct_source_piece piece, size_t i)
{
	const char *at = piece.text + i;
	char before = ' ', after = ' ';

	if (i > 0)
		before = at[-1];
	if (i + 1 < piece.length)
		after = at[1];
	if ((*at == '+' || *at == '-') && after == *at)
		return true;
	if (*at != '=' || after == '=')
		return false;
	if (before == '<' || before == '>')
		return i > 1 && at[-2] == before;
	return before != '=' && before != '!';
}

/* The last word of the piece that is not in brackets. */
static struct ct_source_piece last_outside(struct ct_source_piece piece)
{
	struct ct_source_piece last = {piece.text, 0};
	size_t checked = 0;
	struct word word;
	int depth = 0;

	for (size_t from = 0; next_word(piece, from, &word); from = behind(piece, &word)) {
		for (; piece.text + checked < word.text; checked++)
			depth += (piece.text[checked] == '[') - (piece.text[checked] == ']');
		if (depth == 0)
			last = (struct ct_source_piece){word.text, word.length};
	}
	return last;
}

bool ct_source_assigns(struct ct_source_piece piece, struct ct_source_piece *out_target)
{
	for (size_t i = 0; i < piece.length; i++) {
		struct ct_source_piece before = {piece.text, i};

		if (!is_assignment(piece, i))
			continue;
		*out_target = last_outside(before);
		if (!out_target->length)
			*out_target = last_outside(piece);
		return true;
	}
	return false;
}

bool ct_source_mixes(struct ct_source_piece piece, struct ct_source_piece word)
{
	size_t begin = 0;

	while (begin < piece.length) {
		const char *newline = memchr(piece.text + begin, '\n', piece.length - begin);
		size_t end = newline ? (size_t)(newline - piece.text) : piece.length;
		struct ct_source_piece line = {piece.text + begin, end - begin};
		bool found = false, doubtful = false;
		struct word at;

		begin = end + 1;
		for (size_t from = 0; next_word(line, from, &at); from = behind(line, &at)) {
			bool same = at.length == word.length &&
				    memcmp(at.text, word.text, word.length) == 0;

			found |= same;
			doubtful |= !same && is_doubtful_word(&at);
		}
		if (found && doubtful)
			return true;
	}
	return false;
}

bool ct_source_retries(struct ct_source_piece piece)
{
	static const char *const parts[] = {"seqlock",	    "seqcount",	  "seq_lock",	"sequence",
					    "read_seq",	    "seqbegin",	  "seq_begin",	"seqretry",
					    "seq_retry",    "read_begin", "read_retry", "rcu_",
					    "transaction_", "_xbegin",	  NULL};
	struct word word;

	for (size_t from = 0; next_word(piece, from, &word); from = behind(piece, &word)) {
		if (has_part(&word, parts))
			return true;
	}
	return false;
}

static struct ct_source_piece directives_of(const struct ct_source_code *source)
{
	return (struct ct_source_piece){source->directives, source->length};
}

/* All of a directive, over lines that a backslash joins. */
static struct ct_source_piece rest_of_directive(struct ct_source_piece piece, size_t from)
{
	size_t end = from;

	while (end < piece.length &&
	       (piece.text[end] != '\n' || (end > 0 && piece.text[end - 1] == '\\')))
		end++;
	return (struct ct_source_piece){piece.text + from, end - from};
}

bool ct_source_is_directed(const struct ct_source_code *source)
{
	struct ct_source_piece all = directives_of(source);

	for (size_t i = 0; i < all.length; i++) {
		struct ct_source_piece rest;

		if (all.text[i] != '#')
			continue;
		rest = rest_of_directive(all, i + 1);
		if (isdigit((unsigned char)character_behind(rest, 0)) ||
		    ct_source_has_word(rest, "line") ||
		    (ct_source_has_word(rest, "pragma") && ct_source_is_doubtful(rest)))
			return true;
	}
	return false;
}

bool ct_source_expands(const struct ct_source_code *source, struct ct_source_piece piece,
		       const char *name)
{
	struct ct_source_piece all = directives_of(source);
	struct word word;

	for (size_t from = 0; next_word(all, from, &word); from = behind(all, &word)) {
		struct ct_source_piece replacement;
		char macro[WORD_MAX + 1] = {0};
		struct word defined;

		if (!is_same(&word, "define") || !next_word(all, behind(all, &word), &defined))
			continue;
		if (defined.length > WORD_MAX)
			return true;
		for (size_t i = 0; i < defined.length; i++)
			macro[i] = defined.text[i];
		if (!ct_source_has_word(piece, macro))
			continue;
		replacement = rest_of_directive(all, behind(all, &defined));
		if (strcmp(macro, name) == 0 || (replacement.length && *replacement.text == '(') ||
		    ct_source_has_word(replacement, name))
			return true;
		if (character_behind(replacement, 0) != '\0' && !ct_source_is_plain(replacement))
			return true;
	}
	return false;
}
