#include "grade/result.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "grade/submission_file.h"
#include "report/json.h"

enum { VERSION = 1, RESULT_BYTES_MAX = 64 << 20, KEY_TEXT = 17, COUNT_MAX = 1 << 30 };

#define FORMAT "conctrace-grade"

void ct_result_init(struct ct_result *result)
{
	*result = (struct ct_result){.why = "", .build_command = "", .build_log = ""};
	ct_arena_init(&result->arena);
}

void ct_result_fini(struct ct_result *result)
{
	ct_arena_fini(&result->arena);
	*result = (struct ct_result){0};
}

size_t ct_result_rule_count(const struct ct_result *result, const struct ct_rule *rule)
{
	size_t count = 0;

	for (size_t i = 0; i < result->finding_count; i++) {
		const struct ct_seen *seen = result->findings[i].seen;

		count += seen->rule == rule && (seen->fails || result->findings[i].points);
	}
	return count;
}

static void set_points(struct ct_json *json, json_t *object, const char *key, int64_t points)
{
	if (points % CT_POINT)
		ct_json_set(json, object, key, json_real((double)points / CT_POINT));
	else
		ct_json_set(json, object, key, ct_json_integer(json, points / CT_POINT));
}

static void set_finding(struct ct_json *json, json_t *object,
			const struct ct_result_finding *finding)
{
	const struct ct_seen *seen = finding->seen;

	ct_json_set_string(json, object, "id", seen->id);
	ct_json_set_string(json, object, "rule", seen->rule->id);
	ct_json_set_string(json, object, "about", seen->about);
	ct_json_set_string(json, object, "evidence", ct_evidence_text(seen->evidence));
	ct_json_set_string(json, object, "headline", seen->headline);
	ct_json_set_string(json, object, "file", seen->file);
	if (seen->line)
		ct_json_set(json, object, "line", ct_json_integer(json, seen->line));
	ct_json_set_string(json, object, "function", seen->function);
	ct_json_set_string(json, object, "fix", seen->fix);
	ct_json_set_string(json, object, "seeds", finding->seeds);
}

static json_t *make_deductions(struct ct_json *json, const struct ct_result *result)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < result->deduction_count; i++) {
		const struct ct_deduction *deduction = &result->deductions[i];
		json_t *object = ct_json_object(json);

		set_points(json, object, "points", deduction->points);
		ct_json_set_string(json, object, "reason", deduction->reason);
		if (deduction->finding)
			ct_json_set_string(json, object, "finding", deduction->finding->seen->id);
		ct_json_append(json, array, object);
	}
	return array;
}

static json_t *make_findings(struct ct_json *json, const struct ct_result *result)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < result->finding_count; i++) {
		json_t *object = ct_json_object(json);

		set_finding(json, object, &result->findings[i]);
		ct_json_append(json, array, object);
	}
	return array;
}

static json_t *make_runs(struct ct_json *json, const struct ct_result *result)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < result->attempt_count; i++) {
		const struct ct_attempt *attempt = &result->attempts[i];
		json_t *object = ct_json_object(json);

		ct_json_set(json, object, "seed", ct_json_integer(json, (json_int_t)attempt->seed));
		ct_json_set_string(json, object, "verdict", ct_verdict_word(attempt->verdict));
		ct_json_set_string(json, object, "why", attempt->why);
		ct_json_append(json, array, object);
	}
	return array;
}

static json_t *make_counts(struct ct_json *json, const struct ct_result *result,
			   const struct ct_rule *const *rules)
{
	json_t *counts = ct_json_object(json);

	for (; *rules; rules++) {
		size_t count = ct_result_rule_count(result, *rules);

		if (count)
			ct_json_set(json, counts, (*rules)->id,
				    ct_json_integer(json, (json_int_t)count));
	}
	return counts;
}

static json_t *make_unseen(struct ct_json *json, const struct ct_result *result)
{
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < result->unseen_count; i++)
		ct_json_append(json, array, ct_json_string(json, result->unseen[i]));
	return array;
}

static void set_key(struct ct_json *json, json_t *object, const char *name, uint64_t key)
{
	char text[KEY_TEXT];

	snprintf(text, sizeof(text), "%016" PRIx64, key);
	ct_json_set_string(json, object, name, text);
}

enum ct_status ct_result_json(const struct ct_result *result, const struct ct_rule *const *rules,
			      struct ct_text *out)
{
	struct ct_json json = {0};
	json_t *root = ct_json_object(&json);
	char *text;

	ct_json_set_string(&json, root, "format", FORMAT);
	ct_json_set(&json, root, "version", ct_json_integer(&json, VERSION));
	ct_json_set_string(&json, root, "submission", result->name);
	set_key(&json, root, "key", result->key);
	set_key(&json, root, "rubric", result->rubric_key);
	ct_json_set_string(&json, root, "verdict", ct_verdict_word(result->verdict));
	ct_json_set_string(&json, root, "why", result->why);
	set_points(&json, root, "points", result->points);
	set_points(&json, root, "of", result->of);
	ct_json_set(&json, root, "counts", make_counts(&json, result, rules));
	ct_json_set(&json, root, "not_observed", make_unseen(&json, result));
	ct_json_set(&json, root, "deductions", make_deductions(&json, result));
	ct_json_set(&json, root, "findings", make_findings(&json, result));
	ct_json_set(&json, root, "runs", make_runs(&json, result));
	text = json.failed ? NULL : json_dumps(root, JSON_INDENT(2));
	json_decref(root);
	if (!text)
		return CT_ENOMEM;
	ct_text_addf(out, "%s\n", text);
	free(text);
	return ct_text_status(out);
}

static bool take_points(const json_t *root, const char *key, int64_t *out)
{
	const json_t *value = json_object_get(root, key);
	double points = json_number_value(value) * CT_POINT;

	*out = (int64_t)(points + 0.5);
	return json_is_number(value) && points >= 0 && points < 1e15;
}

static bool take_counts(const json_t *root, const struct ct_rule *const *rules,
			struct ct_result_row *out)
{
	const json_t *counts = json_object_get(root, "counts");
	size_t known = 0;

	while (rules[known])
		known++;
	out->counts = calloc(known + 1, sizeof(*out->counts));
	if (!json_is_object(counts) || !out->counts)
		return false;
	for (size_t i = 0; i < known; i++) {
		json_int_t count = json_integer_value(json_object_get(counts, rules[i]->id));

		if (count < 0 || count > COUNT_MAX)
			return false;
		out->counts[i] = (uint64_t)count;
	}
	return true;
}

static bool take_row(const json_t *root, const struct ct_rule *const *rules,
		     struct ct_result_row *out)
{
	const char *format = json_string_value(json_object_get(root, "format"));
	const char *key = json_string_value(json_object_get(root, "key"));
	const char *rubric = json_string_value(json_object_get(root, "rubric"));
	const json_t *unseen = json_object_get(root, "not_observed");
	const char *verdict = json_string_value(json_object_get(root, "verdict"));

	out->incomplete = json_array_size(unseen) > 0;
	return format && key && rubric && json_is_array(unseen) && verdict &&
	       strcmp(format, FORMAT) == 0 &&
	       json_integer_value(json_object_get(root, "version")) == VERSION &&
	       sscanf(key, "%16" SCNx64, &out->key) == 1 &&
	       sscanf(rubric, "%16" SCNx64, &out->rubric_key) == 1 &&
	       ct_verdict_parse(verdict, &out->verdict) &&
	       take_points(root, "points", &out->points) && take_points(root, "of", &out->of) &&
	       take_counts(root, rules, out);
}

enum ct_status ct_result_row_read(const char *path, const struct ct_rule *const *rules,
				  struct ct_result_row *out)
{
	json_t *root = NULL;
	struct ct_text text;
	bool good;

	*out = (struct ct_result_row){0};
	ct_text_init(&text);
	if (ct_file_read(path, RESULT_BYTES_MAX, &text) == CT_OK)
		root = json_loadb(ct_text_str(&text), text.len, 0, NULL);
	good = root && take_row(root, rules, out);
	json_decref(root);
	ct_text_fini(&text);
	if (good)
		return CT_OK;
	free(out->counts);
	*out = (struct ct_result_row){0};
	return CT_ENOTFOUND;
}
