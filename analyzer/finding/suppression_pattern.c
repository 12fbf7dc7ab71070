/*
 * Globs and stack patterns. Both are matched by going back to the last wildcard only, which is
 * enough and takes no more than the product of the two lengths, whatever a file has in it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "finding/suppression_set.h"

bool ct_glob_matches(const char *glob, const char *text)
{
	const char *star = NULL, *resume = NULL;

	if (!text)
		return glob[strspn(glob, "*")] == '\0';
	while (*text || *glob) {
		const char *literal = glob[0] == '\\' && glob[1] ? glob + 1 : glob;

		if (*glob == '*') {
			star = ++glob;
			resume = text;
		} else if (*text && (*literal == *text || *glob == '?')) {
			glob = literal + 1;
			text++;
		} else if (star && *resume) {
			glob = star;
			text = ++resume;
		} else {
			return false;
		}
	}
	return true;
}

/* Of a path the whole, or its end from some slash on: "stats.c", "src/stats.c". */
static bool path_matches(const char *glob, const char *path)
{
	if (ct_glob_matches(glob, path))
		return true;
	while (path && (path = strchr(path, '/')))
		if (ct_glob_matches(glob, ++path))
			return true;
	return false;
}

static bool frame_matches(const struct ct_stack_part *part, const struct ct_frame *frame)
{
	if (part->kind == CT_PART_FILE)
		return path_matches(part->glob, frame->file);
	if (part->kind == CT_PART_LIB)
		return path_matches(part->glob, frame->module);
	return ct_glob_matches(part->glob, frame->function);
}

/* Whether all parts are found, beginning with the first frame; others may follow. */
static bool frames_match(const struct ct_stack_pattern *pattern, const struct ct_frame *frames,
			 size_t count)
{
	size_t part = 0, frame = 0, after_any = 0, resume = 0;
	bool any = false;

	while (part < pattern->count) {
		if (pattern->parts[part].kind == CT_PART_ANY_FRAMES) {
			any = true;
			after_any = ++part;
			resume = frame;
		} else if (frame < count && frame_matches(&pattern->parts[part], &frames[frame])) {
			part++;
			frame++;
		} else if (any && resume < count) {
			part = after_any;
			frame = ++resume;
		} else {
			return false;
		}
	}
	return true;
}

bool ct_stack_pattern_matches(const struct ct_stack_pattern *pattern,
			      const struct ct_shown_stack *stack)
{
	size_t skipped = stack->top ? (size_t)(stack->top - stack->frames) : 0;

	return frames_match(pattern, stack->frames, stack->count) ||
	       (skipped && frames_match(pattern, stack->top, stack->count - skipped));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next "<" that stands alone, as C++ names may have one; else the end. */
static const char *find_caller(const char *text)
{
	const char *at;

	for (at = text; *at; at++)
		if (*at == '<' && (at == text || is_blank(at[-1])) && (!at[1] || is_blank(at[1])))
			break;
	return at;
}

static enum ct_status parse_part(const char *text, size_t length, struct ct_arena *arena,
				 struct ct_stack_part *out)
{
	char *glob;

	while (length && is_blank(*text)) {
		text++;
		length--;
	}
	while (length && is_blank(text[length - 1]))
		length--;
	if (!length)
		return CT_EFORMAT;
	*out = (struct ct_stack_part){.kind = CT_PART_FUNCTION};
	if (length == 3 && strncmp(text, "...", 3) == 0)
		out->kind = CT_PART_ANY_FRAMES;
	else if (length > 5 && strncmp(text, "file:", 5) == 0)
		out->kind = CT_PART_FILE;
	else if (length > 4 && strncmp(text, "lib:", 4) == 0)
		out->kind = CT_PART_LIB;
	if (out->kind == CT_PART_FILE || out->kind == CT_PART_LIB) {
		size_t prefix = out->kind == CT_PART_FILE ? 5 : 4;

		text += prefix;
		length -= prefix;
	}
	glob = ct_arena_strndup(arena, text, length);
	out->glob = glob;
	return glob ? CT_OK : CT_ENOMEM;
}

enum ct_status ct_stack_pattern_parse(const char *text, struct ct_arena *arena,
				      struct ct_stack_pattern *out)
{
	struct ct_stack_pattern pattern = {.count = 1};
	enum ct_status status = CT_OK;

	for (const char *at = find_caller(text); *at; at = find_caller(at + 1))
		pattern.count++;
	pattern.parts = ct_arena_calloc(arena, pattern.count, sizeof(*pattern.parts));
	if (!pattern.parts)
		return CT_ENOMEM;
	for (size_t i = 0; status == CT_OK && i < pattern.count; i++) {
		const char *end = find_caller(text);

		status = parse_part(text, (size_t)(end - text), arena, &pattern.parts[i]);
		text = *end ? end + 1 : end;
	}
	if (status == CT_OK)
		*out = pattern;
	return status;
}
