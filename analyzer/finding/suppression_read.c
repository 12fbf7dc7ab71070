/*
 * From the lines of a file to suppressions. libinih parts the lines; it gets them from us one by
 * one, so that we know their numbers, see where sections begin (two may have one name), and none is
 * cut.
 */
#include <ini.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/input_file.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/vec.h"
#include "finding/finding.h"
#include "finding/suppression.h"
#include "finding/suppression_set.h"

enum {
	SUPPRESSIONS_MAX = 10000,
	RULES_MAX = 64,
	SECONDS_PER_DAY = 86400,
	FILE_BYTES_MAX = 16 << 20,
};

static const char *const keys[] = {"reason", "expires", "object", "stack", NULL};

struct reading {
	struct ct_suppressions *set;
	const char *path;
	const char *at, *end; /* of the file's text: what was not yet read */
	int64_t today;
	struct ct_error *error;
	enum ct_status status;
	int line;		     /* that libinih is at */
	struct ct_suppression *item; /* under way, or NULL */
	bool named;		     /* its rule is known */
	bool continued;		     /* the line goes on with the value before */
	struct ct_text key, value;   /* not yet taken, as the value may go on */
	int value_line;		     /* 0: there is none */
};

static CT_PRINTF(3, 4) void refuse(struct reading *r, int line, const char *fmt, ...)
{
	struct ct_text text;
	va_list args;

	if (r->status != CT_OK)
		return;
	ct_text_init(&text);
	ct_text_addf(&text, "%s:%d: ", r->path, line);
	va_start(args, fmt);
	ct_text_addv(&text, fmt, args);
	va_end(args);
	r->status = ct_error_set(r->error, CT_EFORMAT, "%s", ct_text_str(&text));
	ct_text_fini(&text);
}

static void no_memory(struct reading *r)
{
	if (r->status == CT_OK)
		r->status = ct_error_set(r->error, CT_ENOMEM, "out of memory");
}

static const char *keep(struct reading *r, const char *text)
{
	const char *copy = ct_arena_strdup(&r->set->arena, text);

	if (!copy)
		no_memory(r);
	return copy;
}

/* "2027-03-01" as days since 1970-01-01; false: there is no such day. */
static bool parse_day(const char *text, int64_t *out)
{
	struct tm day = {0};
	char again[16];
	const char *end = strptime(text, "%Y-%m-%d", &day);
	time_t seconds;

	if (!end || *end)
		return false;
	seconds = timegm(&day);
	/* the 30th of February is no day; nor is one written in another way */
	if (!strftime(again, sizeof(again), "%Y-%m-%d", &day) || strcmp(again, text) != 0)
		return false;
	*out = seconds / SECONDS_PER_DAY;
	return true;
}

static void take_expires(struct reading *r, const char *value)
{
	int64_t day;

	if (r->item->expires)
		refuse(r, r->value_line, "expires was said before");
	else if (!parse_day(value, &day))
		refuse(r, r->value_line, "expires takes a day such as 2027-03-01, not \"%s\"",
		       value);
	else
		r->item->expired = r->today >= day;
	r->item->expires = keep(r, value);
}

static void take_reason(struct reading *r, const char *value)
{
	if (r->item->reason)
		refuse(r, r->value_line, "reason was said before");
	r->item->reason = keep(r, value);
}

static void take_object(struct reading *r, const char *value)
{
	struct ct_suppression *item = r->item;
	const char *glob = keep(r, value);

	if (!glob)
		return;
	if (ct_vec_grow(&item->objects, &item->object_cap, item->object_count + 1,
			sizeof(*item->objects)))
		no_memory(r);
	else
		item->objects[item->object_count++] = glob;
}

static void take_stack(struct reading *r, const char *value)
{
	struct ct_suppression *item = r->item;
	struct ct_stack_pattern pattern;
	enum ct_status status;

	if (item->stack_count == CT_STACK_PATTERNS_MAX) {
		refuse(r, r->value_line, "a suppression has at most %u stacks",
		       CT_STACK_PATTERNS_MAX);
		return;
	}
	status = ct_stack_pattern_parse(value, &r->set->arena, &pattern);
	if (status == CT_EFORMAT)
		refuse(r, r->value_line,
		       "a stack is FRAME < FRAME < ..., innermost first: a frame is missing in "
		       "\"%s\"",
		       value);
	else if (status || ct_vec_grow(&item->stacks, &item->stack_cap, item->stack_count + 1,
				       sizeof(*item->stacks)))
		no_memory(r);
	else
		item->stacks[item->stack_count++] = pattern;
}

static void refuse_key(struct reading *r, const char *key)
{
	const char *near = ct_suggest(key, keys);

	if (near)
		refuse(r, r->value_line, "there is no key \"%s\"; did you mean \"%s\"?", key, near);
	else
		refuse(r, r->value_line,
		       "there is no key \"%s\": a suppression has reason, expires, object and "
		       "stack",
		       key);
}

/* The value is whole: no line goes on with it. */
static void take_value(struct reading *r)
{
	const char *key = ct_text_str(&r->key), *value = ct_text_str(&r->value);

	if (!r->value_line || r->status != CT_OK)
		return;
	if (ct_text_status(&r->key) || ct_text_status(&r->value))
		no_memory(r);
	else if (!*value)
		refuse(r, r->value_line, "%s has no value", key);
	else if (strcmp(key, "reason") == 0)
		take_reason(r, value);
	else if (strcmp(key, "expires") == 0)
		take_expires(r, value);
	else if (strcmp(key, "object") == 0)
		take_object(r, value);
	else if (strcmp(key, "stack") == 0)
		take_stack(r, value);
	else
		refuse_key(r, key);
	r->value_line = 0;
}

static void take_rule(struct reading *r, const char *name)
{
	const struct ct_rule *const *rules = r->set->rules;
	const char *ids[RULES_MAX + 1] = {NULL}, *near;

	r->named = true;
	if (strcmp(name, "*") == 0)
		return;
	for (size_t i = 0; rules[i]; i++) {
		if (strcmp(rules[i]->id, name) == 0)
			r->item->rule = rules[i];
		if (i < RULES_MAX)
			ids[i] = rules[i]->id;
	}
	if (r->item->rule)
		return;
	near = ct_suggest(name, ids);
	if (near)
		refuse(r, r->item->line, "there is no rule \"%s\"; did you mean \"%s\"?", name,
		       near);
	else
		refuse(r, r->item->line, "there is no rule \"%s\": docs/rules.md lists them", name);
}

static void end_section(struct reading *r)
{
	take_value(r);
	if (r->item && !r->item->reason)
		refuse(r, r->item->line, "this suppression has no reason: say why it is there");
	r->item = NULL;
}

static void begin_section(struct reading *r)
{
	struct ct_suppressions *set = r->set;

	end_section(r);
	if (set->count == SUPPRESSIONS_MAX) {
		refuse(r, r->line, "there are more than %d suppressions", SUPPRESSIONS_MAX);
		return;
	}
	if (ct_vec_grow(&set->items, &set->cap, set->count + 1, sizeof(*set->items))) {
		no_memory(r);
		return;
	}
	r->item = &set->items[set->count++];
	*r->item = (struct ct_suppression){.path = keep(r, r->path), .line = r->line};
	r->named = false;
}

static bool is_key(const char *text)
{
	for (size_t i = 0; keys[i]; i++) {
		size_t length = strlen(keys[i]);
		const char *after = text + length;

		if (strncmp(text, keys[i], length) == 0 &&
		    strchr("=:", after[strspn(after, " \t")]) && after[strspn(after, " \t")])
			return true;
	}
	return false;
}

/* Without a comment, which not all versions of libinih take off a line that goes on. */
static size_t length_of(const char *value)
{
	size_t length;

	for (length = 0; value[length]; length++)
		if (value[length] == ';' && length && strchr(" \t", value[length - 1]))
			break;
	while (length && strchr(" \t", value[length - 1]))
		length--;
	return length;
}

/* Of libinih: each "key = value", and each line that goes on with a value. */
static int take_line(void *context, const char *section, const char *name, const char *value)
{
	struct reading *r = context;

	if (r->status != CT_OK)
		return 0;
	if (!r->item) {
		refuse(r, r->line, "a suppression begins with its rule, as in [data-race]");
		return 0;
	}
	if (!r->named)
		take_rule(r, section);
	if (r->continued) {
		if (is_key(value))
			refuse(r, r->line,
			       "a line that begins with a blank goes on with the one before: a new "
			       "key stands at its beginning");
		ct_text_addc(&r->value, ' ');
		ct_text_addn(&r->value, value, length_of(value));
		return r->status == CT_OK;
	}
	take_value(r);
	ct_text_reset(&r->key);
	ct_text_reset(&r->value);
	ct_text_add(&r->key, name);
	ct_text_add(&r->value, value);
	r->value_line = r->line;
	return r->status == CT_OK;
}

/* What the line that libinih gets next is. */
static void see_line(struct reading *r, const char *line)
{
	const char *text = line + strspn(line, " \t\r\n\v\f");

	r->continued = text > line && r->value_line && *text;
	if (*text == '[' && !r->continued)
		begin_section(r);
}

static bool is_comment(const char *line)
{
	char first = line[strspn(line, " \t\r\v\f")];

	return first == ';' || first == '#';
}

/* For libinih, as fgets: the next line, if there is room for it, else the end. */
static char *next_line(char *out, int room, void *context)
{
	struct reading *r = context;
	const char *line = r->at, *newline;
	size_t length;

	if (r->status != CT_OK || line == r->end)
		return NULL;
	newline = memchr(line, '\n', (size_t)(r->end - line));
	r->at = newline ? newline + 1 : r->end;
	r->line++;
	length = (size_t)(r->at - line);
	if (memchr(line, '\0', length)) {
		refuse(r, r->line, "the line has a zero byte: this is no text");
	} else if (is_comment(line)) { /* which may be long */
		memcpy(out, "\n", sizeof("\n"));
	} else if (length >= (size_t)room || length > CT_SUPPRESSION_LINE_MAX) {
		refuse(r, r->line,
		       "the line is longer than %u bytes; a line that begins with a blank goes on "
		       "with the one before",
		       CT_SUPPRESSION_LINE_MAX);
	} else {
		memcpy(out, line, length);
		out[length] = '\0';
		see_line(r, out);
	}
	return r->status == CT_OK ? out : NULL;
}

static void read_lines(struct reading *r)
{
	int bad_line = ini_parse_stream(next_line, r, take_line, r);

	if (bad_line == -2)
		no_memory(r);
	else if (bad_line)
		refuse(r, bad_line, "this is neither [RULE] nor KEY = VALUE nor a ; comment");
	end_section(r);
}

enum ct_status ct_suppressions_read(struct ct_suppressions *suppressions, const char *path,
				    int64_t today, struct ct_error *error)
{
	struct reading r = {.set = suppressions, .path = path, .today = today, .error = error};
	struct ct_text file;

	ct_text_init(&file);
	ct_text_init(&r.key);
	ct_text_init(&r.value);
	r.status = ct_input_file_read(path, FILE_BYTES_MAX, &file, error);
	if (r.status == CT_OK) {
		r.at = ct_text_str(&file);
		r.end = r.at + file.len;
		read_lines(&r);
	}
	ct_text_fini(&r.value);
	ct_text_fini(&r.key);
	ct_text_fini(&file);
	return r.status;
}
