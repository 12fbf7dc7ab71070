/*
 * The JSON that check50 makes of a run: one check for each family of rules.
 * Source: check50's documentation, "JSON specification".
 */
#include "report/reporter.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/model.h"
#include "report/entry.h"
#include "report/families.h"
#include "report/families_join.h"
#include "report/json.h"
#include "report/stand_in.h"

/* The lines of `text`. */
static json_t *make_log(struct ct_json *json, const char *text)
{
	json_t *lines = ct_json_array(json);

	while (*text) {
		size_t length = strcspn(text, "\n");
		struct ct_text line;

		ct_text_init(&line);
		ct_text_addn(&line, text, length);
		ct_json_append(json, lines, ct_json_string(json, ct_text_str(&line)));
		json->failed |= ct_text_status(&line) != CT_OK;
		ct_text_fini(&line);
		text += length + (text[length] == '\n');
	}
	return lines;
}

static json_t *make_cause(struct ct_json *json, const struct ct_family_result *result)
{
	json_t *cause;

	if (result->verdict == CT_FAMILY_PASSED)
		return json_null();
	cause = ct_json_object(json);
	ct_json_set_string(json, cause, "rationale", result->rationale);
	ct_json_set(json, cause, "help",
		    result->help ? ct_json_string(json, result->help) : json_null());
	return cause;
}

static json_t *make_passed(enum ct_family_verdict verdict)
{
	if (verdict == CT_FAMILY_NOT_TESTED)
		return json_null();
	return json_boolean(verdict == CT_FAMILY_PASSED);
}

static json_t *make_check(struct ct_json *json, const struct ct_family_result *result)
{
	json_t *check = ct_json_object(json);

	ct_json_set_string(json, check, "name", result->name);
	ct_json_set_string(json, check, "description", result->description);
	ct_json_set(json, check, "passed", make_passed(result->verdict));
	ct_json_set(json, check, "log", make_log(json, ct_text_str(&result->log)));
	ct_json_set(json, check, "cause", make_cause(json, result));
	ct_json_set(json, check, "data", ct_json_object(json));
	ct_json_set(json, check, "dependency", json_null());
	json->failed |= ct_text_status(&result->log) != CT_OK;
	return check;
}

static json_t *make_document(struct ct_json *json, const struct ct_report *in,
			     const struct ct_entries *entries,
			     const struct ct_family_result *results)
{
	const struct ct_model *model = in->model;
	const char *name = model->process_count ? ct_program_name(model->processes[0]) : NULL;
	json_t *object = ct_json_object(json), *checks = ct_json_array(json);

	(void)entries;
	for (int i = 0; i < CT_FAMILY_TESTS; i++)
		ct_json_append(json, checks, make_check(json, &results[i]));
	ct_json_set_string(json, object, "slug", name ? name : "conctrace");
	ct_json_set(json, object, "results", checks);
	ct_json_set_string(json, object, "version", CT_VERSION);
	return object;
}

static enum ct_status write_check50(const struct ct_report *in, struct ct_text *out)
{
	return ct_families_write(in, out, make_document);
}

static bool has_failed(const json_t *check)
{
	return json_is_false(json_object_get(check, "passed"));
}

static enum ct_status join_check50(struct ct_text *whole, const struct ct_text *part,
				   const struct ct_report_run *run)
{
	(void)run;
	return ct_families_join(whole, part, "results", has_failed);
}

const struct ct_reporter ct_report_check50 = {
	.name = "check50",
	.extension = "json",
	.description = "check50's JSON",
	.write = write_check50,
	.join = join_check50,
};
