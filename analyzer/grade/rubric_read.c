/*
 * From the lines of a rubric to struct ct_rubric. libinih parts them; it gets them from us one by
 * one, so that we know their numbers and none is cut.
 */
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <limits.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/suggest.h"
#include "base/text.h"
#include "base/vec.h"
#include "grade/result_key.h"
#include "grade/rubric.h"
#include "grade/rubric_value.h"
#include "grade/submission_file.h"

enum {
	FILE_BYTES_MAX = 16 << 20,
	LINE_BYTES_MAX = 4096,
	COUNT_MAX = 1000,
	RUNS_MAX = 100,
	STATUS_MAX = 255,
	POINTS_MAX = 1000 * 1000,
	SECONDS_MAX = 24 * 3600,
	MEMORY_MIN = 16 << 20, /* a program that does nothing takes some of it */
};

enum kind { TEXT, POINTS, COUNT, NUMBER, STATUS, SECONDS, SIZE, FLAG, FILE_NAME, PATTERN, RACES };
#define FILE FILE_NAME /* the table's word */

struct key {
	const char *section, *name;
	enum kind kind;
	size_t offset;
};

static const struct key keys[] = {
#define KEY(section, name, kind, member) {#section, name, kind, offsetof(struct ct_rubric, member)},
#include "grade/rubric_keys.def"
#undef KEY
};
#undef FILE
enum { KEY_COUNT = sizeof(keys) / sizeof(*keys) };

static const char *const sections[] = {"grade",	 "build",   "run",    "output",
				       "deduct", "require", "forbid", NULL};

#define RULE_PREFIX "rule."

struct reading {
	struct ct_rubric *rubric;
	const struct ct_rubric_names *names;
	const char *path, *at; /* `at`: what was not read yet */
	struct ct_error *error;
	enum ct_status status;
	int line;
	bool given[KEY_COUNT];
};

static CT_PRINTF(2, 3) bool refuse(struct reading *r, const char *fmt, ...)
{
	struct ct_text text;
	va_list args;

	if (r->status != CT_OK)
		return false;
	ct_text_init(&text);
	ct_text_addf(&text, "%s:%d: ", r->path, r->line);
	va_start(args, fmt);
	ct_text_addv(&text, fmt, args);
	va_end(args);
	r->status = ct_error_set(r->error, CT_EFORMAT, "%s", ct_text_str(&text));
	ct_text_fini(&text);
	return false;
}

static bool no_memory(struct reading *r)
{
	r->status = ct_error_set(r->error, CT_ENOMEM, "out of memory");
	return false;
}

/* "there is no key "x" in [run]; did you mean "y"?" */
static bool refuse_unknown(struct reading *r, const char *what, const char *name,
			   const char *const *words)
{
	const char *near = ct_suggest(name, words);

	if (near)
		return refuse(r, "there is no %s \"%s\"; did you mean \"%s\"?", what, name, near);
	return refuse(r,
		      "there is no %s \"%s\"; \"conctrace grade --print-rubric\" shows all that "
		      "there is",
		      what, name);
}

/* Input and expected output: beside the rubric. */
static bool take_file(struct reading *r, const char *value, struct ct_rubric_file *out)
{
	const char *slash = strrchr(r->path, '/');
	size_t folder = slash && *value != '/' ? (size_t)(slash + 1 - r->path) : 0;
	char *path = ct_arena_printf(&r->rubric->arena, "%.*s%s", (int)folder, r->path, value);
	char *real = path ? realpath(path, NULL) : NULL;
	struct ct_text text;

	if (!path)
		return no_memory(r);
	if (!real)
		return refuse(r, "%s: %s", path, strerror(errno));
	ct_text_init(&text);
	out->path = ct_arena_strdup(&r->rubric->arena, real);
	free(real);
	if (!out->path || ct_file_read(out->path, FILE_BYTES_MAX, &text) != CT_OK) {
		ct_text_fini(&text);
		return refuse(r, "%s cannot be read, or is larger than 16 MB", path);
	}
	out->length = text.len;
	out->text = ct_arena_memdup(&r->rubric->arena, ct_text_str(&text), text.len + 1);
	r->rubric->hash = ct_key_add(r->rubric->hash, ct_text_str(&text), text.len);
	ct_text_fini(&text);
	return out->text || no_memory(r);
}

static bool take_text(struct reading *r, enum kind kind, const char *value, const char **out)
{
	regex_t pattern;
	char why[200];
	int failure;

	if (!*value)
		return refuse(r, "the value is missing");
	if (kind == PATTERN) {
		failure = regcomp(&pattern, value, REG_EXTENDED | REG_NOSUB | REG_NEWLINE);
		if (failure) {
			regerror(failure, &pattern, why, sizeof(why));
			return refuse(r, "\"%s\" is no extended regular expression: %s", value,
				      why);
		}
		regfree(&pattern);
	}
	*out = ct_arena_strdup(&r->rubric->arena, value);
	return *out || no_memory(r);
}

static bool take_points(struct reading *r, const char *value, int64_t *out)
{
	uint64_t points;

	if (!ct_value_decimal(value, CT_POINT, (uint64_t)POINTS_MAX * CT_POINT, &points))
		return refuse(r,
			      "\"%s\" are no points: a number from 0 on, with two decimals at "
			      "most",
			      value);
	*out = (int64_t)points;
	return true;
}

static bool take_number(struct reading *r, enum kind kind, const char *value, uint64_t *out)
{
	static const struct {
		uint64_t unit, max, min;
		const char *wanted;
	} rows[] = {
		[COUNT] = {1, COUNT_MAX, 1, "a number from 1 to 1000"},
		[NUMBER] = {1, UINT64_MAX / 2, 0, "a number"},
		[STATUS] = {1, STATUS_MAX, 0, "an exit status, 0 to 255"},
		[SECONDS] = {1000, SECONDS_MAX, 1, "seconds, more than 0 and at most a day"},
	};
	uint64_t max = rows[kind].max * (kind == SECONDS ? rows[kind].unit : 1), number;

	if (!ct_value_decimal(value, rows[kind].unit, max, &number) || number < rows[kind].min)
		return refuse(r, "\"%s\" is not %s", value, rows[kind].wanted);
	*out = number;
	return true;
}

static bool take_size(struct reading *r, const char *value, uint64_t *out)
{
	if (!ct_value_size(value, UINT64_C(1) << 40, out) || !*out)
		return refuse(r, "\"%s\" is no size, such as 512M", value);
	if (out == &r->rubric->memory_bytes && *out < MEMORY_MIN)
		return refuse(r, "\"%s\" is too little memory for any program: 16M at least",
			      value);
	return true;
}

static bool take_races(struct reading *r, const char *value, const char **out)
{
	static const char *const words[] = {"compiled", "traps", "auto", "off"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(value, words[i]) != 0)
			continue;
		*out = words[i];
		return true;
	}
	return refuse(r, "\"%s\" is not compiled, traps, auto or off", value);
}

static bool take_value(struct reading *r, const struct key *key, const char *value)
{
	void *member = (char *)r->rubric + key->offset;

	switch (key->kind) {
	case TEXT:
	case PATTERN:
		return take_text(r, key->kind, value, member);
	case POINTS:
		return take_points(r, value, member);
	case SIZE:
		return take_size(r, value, member);
	case FLAG:
		return ct_value_flag(value, member) ||
		       refuse(r, "\"%s\" is neither yes nor no", value);
	case FILE_NAME:
		return take_file(r, value, member);
	case RACES:
		return take_races(r, value, member);
	case COUNT:
	case NUMBER:
	case STATUS:
	case SECONDS:
		break;
	}
	return take_number(r, key->kind, value, member);
}

static bool add_price(struct reading *r, struct ct_rubric_prices *prices, const char *name,
		      const char *value)
{
	struct ct_rubric_price price = {.name = name};

	for (size_t i = 0; i < prices->count; i++) {
		if (strcmp(prices->items[i].name, name) == 0)
			return refuse(r, "\"%s\" is given twice", name);
	}
	if (!take_points(r, value, &price.points))
		return false;
	if (ct_vec_grow(&prices->items, &prices->cap, prices->count + 1, sizeof(price)) != CT_OK)
		return no_memory(r);
	prices->items[prices->count++] = price;
	return true;
}

static bool take_rule(struct reading *r, const char *id, const char *value)
{
	const struct ct_rule *const *rules = r->names->rules;
	const char *ids[64];
	size_t count = 0;

	for (; rules[count] && count + 1 < sizeof(ids) / sizeof(*ids); count++) {
		ids[count] = rules[count]->id;
		if (strcmp(ids[count], id) == 0)
			return add_price(r, &r->rubric->rules, ids[count], value);
	}
	ids[count] = NULL;
	return refuse_unknown(r, "rule", id, ids);
}

static bool take_use(struct reading *r, struct ct_rubric_prices *prices, const char *name,
		     const char *value)
{
	for (const char *const *use = r->names->uses; *use; use++) {
		if (strcmp(*use, name) == 0)
			return add_price(r, prices, *use, value);
	}
	return refuse_unknown(r, "primitive", name, r->names->uses);
}

static bool take_key(struct reading *r, const char *section, const char *name, const char *value)
{
	const char *words[KEY_COUNT + 1];
	struct ct_text what;
	size_t count = 0;
	bool good;

	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (strcmp(keys[i].section, section) != 0)
			continue;
		words[count++] = keys[i].name;
		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (r->given[i])
			return refuse(r, "\"%s\" is given twice", name);
		r->given[i] = true;
		return take_value(r, &keys[i], value);
	}
	words[count] = NULL;
	if (strcmp(section, "deduct") == 0 && strncmp(name, RULE_PREFIX, strlen(RULE_PREFIX)) == 0)
		return take_rule(r, name + strlen(RULE_PREFIX), value);
	if (strcmp(section, "require") == 0)
		return take_use(r, &r->rubric->require, name, value);
	if (strcmp(section, "forbid") == 0)
		return take_use(r, &r->rubric->forbid, name, value);
	ct_text_init(&what);
	ct_text_addf(&what, "key of [%s]", section);
	good = refuse_unknown(r, ct_text_str(&what), name, words);
	ct_text_fini(&what);
	return good;
}

/* 0: stop. */
static int take(void *state, const char *section, const char *name, const char *value)
{
	struct reading *r = state;

	if (r->status != CT_OK)
		return 0;
	if (!*section)
		return refuse(r, "\"%s\" stands before the first [section]", name);
	for (const char *const *known = sections; *known; known++) {
		if (strcmp(*known, section) == 0)
			return take_key(r, section, name, value);
	}
	return refuse_unknown(r, "section", section, sections);
}

/* fgets of the text in memory, but blanks before a line are left out: libinih would take the line
 * for the end of the one before. */
static char *next_line(char *line, int size, void *state)
{
	struct reading *r = state;
	size_t length;

	if (!*r->at || r->status != CT_OK)
		return NULL;
	r->line++;
	r->at += strspn(r->at, " \t");
	length = strcspn(r->at, "\n");
	if (length + 3 > (size_t)size) {
		refuse(r, "the line is longer than %d bytes", size - 3);
		return NULL;
	}
	memcpy(line, r->at, length);
	memcpy(line + length, "\n", 2);
	r->at += length + (r->at[length] == '\n');
	return line;
}

enum ct_status ct_rubric_parse(const char *text, const char *path,
			       const struct ct_rubric_names *names, struct ct_error *error,
			       struct ct_rubric *out)
{
	struct reading r = {
		.rubric = out, .names = names, .path = path, .at = text, .error = error};
	int failed;

	ct_rubric_init(out);
	out->hash = ct_key_add_text(CT_KEY_BEGIN, text);
	ini_use_stack = false; /* libinih's own settings: longer lines than it takes else */
	ini_max_line = LINE_BYTES_MAX;
	ini_initial_alloc = LINE_BYTES_MAX;
	failed = ini_parse_stream(next_line, &r, take, &r);
	if (r.status == CT_OK && failed < 0)
		no_memory(&r);
	else if (failed) {
		r.line = failed;
		refuse(&r, "this is neither [section] nor KEY = VALUE");
	}
	if (r.status == CT_OK && out->runs > RUNS_MAX)
		r.status = ct_error_set(error, CT_EFORMAT, "%s: more than %d runs", path, RUNS_MAX);
	return r.status;
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

enum ct_status ct_rubric_read(const char *path, const struct ct_rubric_names *names,
			      struct ct_error *error, struct ct_rubric *out)
{
	char *real = realpath(path, NULL);
	enum ct_status status;
	struct ct_text text;

	ct_text_init(&text);
	status = real ? ct_file_read(real, FILE_BYTES_MAX, &text) : CT_EIO;
	if (status) {
		ct_rubric_init(out);
		status = ct_error_set(error, status, "%s: %s", path,
				      status == CT_EIO ? strerror(errno)
				      : is_file(real)  ? "too large for a rubric"
						       : "this is no file");
	} else if (strlen(ct_text_str(&text)) != text.len) {
		ct_rubric_init(out);
		status = ct_error_set(error, CT_EFORMAT, "%s: this is no text", path);
	} else {
		status = ct_rubric_parse(ct_text_str(&text), path, names, error, out);
	}
	free(real);
	ct_text_fini(&text);
	return status;
}
