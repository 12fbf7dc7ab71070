#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "grade/attempt.h"
#include "grade/submission_file.h"

/* Of a line that is shown. */
enum { SHOWN_MAX = 200 };
/* Of a line that is matched: the time that takes may grow with the square of it. */
enum { MATCHED_MAX = 4096 };

static const char *line_at(struct ct_arena *arena, const char *text, size_t length, size_t line,
			   bool *out_there)
{
	const char *at = text, *end = text + length;

	while (line && at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		at = newline ? newline + 1 : end;
		line--;
	}
	*out_there = at < end;
	end = memchr(at, '\n', (size_t)(end - at)) ? memchr(at, '\n', (size_t)(end - at)) : end;
	return ct_arena_strndup(arena, at, end - at > SHOWN_MAX ? SHOWN_MAX : (size_t)(end - at));
}

/* "line 3 is "sum 4", not "sum 5"" */
static const char *compare(struct ct_arena *arena, const struct ct_rubric_file *expect,
			   const struct ct_text *output)
{
	const char *text = ct_text_str(output), *is, *should;
	size_t least = expect->length < output->len ? expect->length : output->len;
	bool is_there, should_be;
	size_t line = 0;

	if (expect->length == output->len && memcmp(text, expect->text, least) == 0)
		return NULL;
	for (size_t i = 0; i < least && text[i] == expect->text[i]; i++)
		line += text[i] == '\n';
	is = line_at(arena, text, output->len, line, &is_there);
	should = line_at(arena, expect->text, expect->length, line, &should_be);
	if (!is || !should)
		return NULL;
	if (!is_there)
		return ct_arena_printf(arena, "line %zu is missing: \"%s\"", line + 1, should);
	if (!should_be)
		return ct_arena_printf(arena, "line %zu is too much: \"%s\"", line + 1, is);
	if (strcmp(is, should) == 0)
		return ct_arena_printf(arena,
				       "line %zu, \"%s\", differs at its end, or in what cannot be "
				       "shown",
				       line + 1, is);
	return ct_arena_printf(arena, "line %zu is \"%s\", not \"%s\"", line + 1, is, should);
}

/* One line after the other, up to a byte 0. */
static bool matches(const char *pattern, const char *text)
{
	regex_t compiled;
	bool found = false;

	if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	for (bool last = false; !found && !last;) {
		size_t length = strcspn(text, "\n");
		char line[MATCHED_MAX + 1];

		last = !text[length] || !text[length + 1];
		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		found = regexec(&compiled, line, 0, NULL, 0) == 0;
		text += length + !last;
	}
	regfree(&compiled);
	return found;
}

enum ct_status ct_attempt_output_check(const struct ct_rubric *rubric, const char *path,
				       struct ct_arena *arena, const char **out_difference)
{
	const char *difference = NULL;
	enum ct_status status;
	struct ct_text output;

	if (!rubric->expect.path && !rubric->contains && !rubric->match)
		return CT_OK;
	ct_text_init(&output);
	status = ct_file_read_begin(path, rubric->output_bytes, &output);
	if (status == CT_OK && rubric->expect.path)
		difference = compare(arena, &rubric->expect, &output);
	if (status == CT_OK && !difference && rubric->contains &&
	    !strstr(ct_text_str(&output), rubric->contains))
		difference = ct_arena_printf(arena, "\"%s\" is not in it", rubric->contains);
	if (status == CT_OK && !difference && rubric->match &&
	    !matches(rubric->match, ct_text_str(&output)))
		difference = ct_arena_printf(arena, "no line matches \"%s\"", rubric->match);
	ct_text_fini(&output);
	if (status == CT_OK)
		*out_difference = difference;
	return status;
}
