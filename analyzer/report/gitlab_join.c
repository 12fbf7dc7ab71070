#include "report/gitlab_join.h"

#include <string.h>

#include "base/text.h"
#include "report/json_stream.h"
#include "report/reporter.h"

static const char *fingerprint_of(const json_t *issue)
{
	const char *text = json_string_value(json_object_get(issue, "fingerprint"));

	return text ? text : "";
}

/* Adds the issues of `from`, which keep their owner, by fingerprint. */
static void take_issues(struct ct_json *json, json_t *issues, json_t *from)
{
	json_t *issue;
	size_t i;

	json_array_foreach(from, i, issue)
	{
		if (json_object_set_nocheck(issues, fingerprint_of(issue), issue) != 0)
			json->failed = true;
	}
}

static enum ct_status write_issues(struct ct_text *out, json_t *issues)
{
	struct ct_json_stream stream = {.out = out};
	const char *key;
	json_t *issue;

	ct_text_reset(out);
	ct_json_open(&stream, NULL, '[');
	json_object_foreach(issues, key, issue) ct_json_put(&stream, NULL, json_incref(issue));
	ct_json_close(&stream, ']');
	return stream.json.failed ? CT_ENOMEM : ct_text_status(out);
}

enum ct_status ct_gitlab_join(struct ct_text *whole, const struct ct_text *part,
			      const struct ct_report_run *run)
{
	struct ct_json json = {0};
	json_t *before = whole->len ? json_loads(ct_text_str(whole), 0, NULL) : NULL;
	json_t *after = json_loads(ct_text_str(part), 0, NULL), *issues = ct_json_object(&json);
	enum ct_status status = CT_EFORMAT;

	(void)run;
	if (json_is_array(after)) {
		take_issues(&json, issues, before);
		take_issues(&json, issues, after);
		status = json.failed ? CT_ENOMEM : write_issues(whole, issues);
	}
	json_decref(issues);
	json_decref(before);
	json_decref(after);
	return status;
}
