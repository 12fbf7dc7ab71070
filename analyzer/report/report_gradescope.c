/*
 * Gradescope's results.json: one test for each family of rules that could be tested. Points are the
 * teacher's to give: the score is 1 when no test failed, else 0.
 * Source: Gradescope, "Autograder Specifications", section "Output format".
 */
#include "report/reporter.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/entry.h"
#include "report/families.h"
#include "report/families_join.h"
#include "report/json.h"

static json_t *make_test(struct ct_json *json, const struct ct_family_result *result)
{
	json_t *test = ct_json_object(json);
	bool failed = result->verdict == CT_FAMILY_FAILED;

	ct_json_set_string(json, test, "name", result->description);
	ct_json_set_string(json, test, "status", failed ? "failed" : "passed");
	ct_json_set_string(json, test, "output", ct_text_str(&result->log));
	ct_json_set_string(json, test, "output_format", "text");
	return test;
}

/* A test without a status counts as passed: what was not tested is told here instead. */
static void add_output(struct ct_text *out, const struct ct_entries *entries,
		       const struct ct_family_result *results, bool failed)
{
	if (failed)
		ct_text_add(out, "conctrace found what fails a test\n");
	else
		ct_text_add(out, "conctrace found nothing that fails a test\n");
	for (int i = 0; i < CT_FAMILY_TESTS; i++)
		if (results[i].verdict == CT_FAMILY_NOT_TESTED)
			ct_text_addf(out, "not tested: %s: %s\n", results[i].description,
				     results[i].rationale);
	for (size_t i = 0; i < entries->lack_count; i++)
		ct_text_addf(out, "incomplete: %s\n", entries->lacks[i]);
}

static json_t *make_results(struct ct_json *json, const struct ct_report *in,
			    const struct ct_entries *entries,
			    const struct ct_family_result *results)
{
	json_t *object = ct_json_object(json), *tests = ct_json_array(json);
	struct ct_text output;
	bool failed = false;

	(void)in;
	for (int i = 0; i < CT_FAMILY_TESTS; i++) {
		failed |= results[i].verdict == CT_FAMILY_FAILED;
		if (results[i].verdict != CT_FAMILY_NOT_TESTED)
			ct_json_append(json, tests, make_test(json, &results[i]));
		json->failed |= ct_text_status(&results[i].log) != CT_OK;
	}
	ct_text_init(&output);
	add_output(&output, entries, results, failed);
	json->failed |= ct_text_status(&output) != CT_OK;
	ct_json_set(json, object, "score", ct_json_integer(json, !failed));
	ct_json_set_string(json, object, "output", ct_text_str(&output));
	ct_json_set_string(json, object, "output_format", "text");
	ct_json_set(json, object, "tests", tests);
	ct_text_fini(&output);
	return object;
}

static enum ct_status write_gradescope(const struct ct_report *in, struct ct_text *out)
{
	return ct_families_write(in, out, make_results);
}

static bool has_failed(const json_t *test)
{
	const char *status = json_string_value(json_object_get(test, "status"));

	return status && strcmp(status, "failed") == 0;
}

static enum ct_status join_gradescope(struct ct_text *whole, const struct ct_text *part,
				      const struct ct_report_run *run)
{
	(void)run;
	return ct_families_join(whole, part, "tests", has_failed);
}

const struct ct_reporter ct_report_gradescope = {
	.name = "gradescope",
	.extension = "json",
	.description = "Gradescope's results.json",
	.write = write_gradescope,
	.join = join_gradescope,
};
