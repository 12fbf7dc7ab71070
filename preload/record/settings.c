#include "record/settings.h"

#include "sys/line.h"

static bool size_value(const char *text, uint64_t *out)
{
	static const struct {
		char letter;
		int shift;
	} units[] = {{'k', 10}, {'K', 10}, {'M', 20}, {'G', 30}, {'T', 40}};
	uint64_t value;

	if (!ct_str_u64(&text, &value))
		return false;
	for (unsigned i = 0; *text && i < sizeof(units) / sizeof(*units); i++) {
		if (*text != units[i].letter)
			continue;
		if (value > UINT64_MAX >> units[i].shift)
			return false;
		value <<= units[i].shift;
		text++;
		break;
	}
	*out = value;
	return *text == '\0';
}

static bool text_value(const char *text, char *out, size_t size)
{
	struct ct_line line;

	ct_line_init(&line, out, size);
	ct_line_add(&line, text);
	return !line.cut;
}

static const char *const races_names[] = {
	[CT_RACES_COMPILED] = "compiled",
	[CT_RACES_TRAPS] = "traps",
	[CT_RACES_AUTO] = "auto",
	[CT_RACES_OFF] = "off",
};

const char *ct_settings_races(enum ct_races_how how)
{
	return races_names[how];
}

static bool races_value(const char *text, enum ct_races_how *out)
{
	for (unsigned i = 0; i < sizeof(races_names) / sizeof(*races_names); i++) {
		if (!ct_str_equal(text, races_names[i]))
			continue;
		*out = (enum ct_races_how)i;
		return true;
	}
	return false;
}

static bool one_setting(struct ct_settings *s, const char *key, const char *value)
{
	uint64_t number;

	if (ct_str_equal(key, "dir"))
		return text_value(value, s->dir, sizeof(s->dir));
	if (ct_str_equal(key, "trace"))
		return text_value(value, s->trace, sizeof(s->trace));
	if (ct_str_equal(key, "max"))
		return size_value(value, &s->max_bytes);
	if (ct_str_equal(key, "quota") && size_value(value, &number)) {
		s->quota_bytes = number ? number : INT64_MAX;
		return true;
	}
	if (ct_str_equal(key, "stack") && size_value(value, &number)) {
		s->stack_depth =
			number < CT_STACK_DEPTH_MAX ? (uint32_t)number : CT_STACK_DEPTH_MAX;
		return true;
	}
	if (ct_str_equal(key, "races"))
		return races_value(value, &s->races);
	if (ct_str_equal(key, "traps"))
		return text_value(value, s->traps, sizeof(s->traps));
	if (ct_str_equal(key, "races_budget") && ct_str_u64(&value, &number) && !*value &&
	    number <= 100) {
		s->races_budget = (uint32_t)number;
		return true;
	}
	if (ct_str_equal(key, "steer"))
		return text_value(value, s->steer, sizeof(s->steer));
	if (ct_str_equal(key, "perturb") && ct_str_u64(&value, &number) && !*value) {
		s->perturb = true;
		s->perturb_seed = number;
		return true;
	}
	return false;
}

void ct_settings_read(const char *options, struct ct_settings *out)
{
	char word[600];

	out->dir[0] = '.';
	out->dir[1] = out->trace[0] = out->steer[0] = out->ignored[0] = '\0';
	out->perturb = false;
	out->races = CT_RACES_COMPILED;
	(void)text_value("main", out->traps, sizeof(out->traps));
	out->races_budget = 10;
	out->max_bytes = (uint64_t)2 << 30;
	out->quota_bytes = (uint64_t)8 << 20;
	out->stack_depth = 16;
	while (options && *options) {
		struct ct_line line;
		const char *value = "";

		ct_line_init(&line, word, sizeof(word));
		for (; *options && *options != ':'; options++)
			ct_line_add_char(&line, *options);
		options += *options == ':';
		for (char *at = word; *at; at++) {
			if (*at != '=')
				continue;
			*at = '\0';
			value = at + 1;
			break;
		}
		if (word[0] && (line.cut || !one_setting(out, word, value)) && !out->ignored[0])
			(void)text_value(word, out->ignored, sizeof(out->ignored));
	}
}
