#include "report/families_join.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool has_name(const json_t *test, const json_t *other)
{
	const char *a = json_string_value(json_object_get(test, "name"));
	const char *b = json_string_value(json_object_get(other, "name"));

	return a && b && strcmp(a, b) == 0;
}

/* Puts `test`, which fails, into `tests`, unless it fails there already. */
static bool put_failed(json_t *tests, json_t *test, ct_test_failed_fn *failed)
{
	size_t at = 0;

	while (at < json_array_size(tests) && !has_name(json_array_get(tests, at), test))
		at++;
	if (at == json_array_size(tests))
		return json_array_append(tests, test) == 0;
	return failed(json_array_get(tests, at)) || json_array_set(tests, at, test) == 0;
}

static enum ct_status replace(struct ct_text *whole, const json_t *document)
{
	char *text = json_dumps(document, JSON_INDENT(2));

	ct_text_reset(whole);
	if (text)
		ct_text_addf(whole, "%s\n", text);
	else
		whole->failed = true;
	free(text);
	return ct_text_status(whole);
}

/* Of a run in which a test fails the rest of the document counts, too. */
static enum ct_status add_failed(struct ct_text *whole, json_t *before, json_t *now,
				 const char *key, ct_test_failed_fn *failed)
{
	json_t *tests = json_object_get(before, key), *test;
	bool some = false;
	size_t i;

	json_array_foreach(json_object_get(now, key), i, test)
	{
		if (!failed(test))
			continue;
		some = true;
		if (!put_failed(tests, test, failed))
			return CT_ENOMEM;
	}
	if (!some)
		return CT_OK;
	return json_object_set(now, key, tests) == 0 ? replace(whole, now) : CT_ENOMEM;
}

enum ct_status ct_families_join(struct ct_text *whole, const struct ct_text *part,
				const char *tests, ct_test_failed_fn *failed)
{
	json_t *now = json_loadb(ct_text_str(part), part->len, 0, NULL);
	json_t *before = json_loadb(ct_text_str(whole), whole->len, 0, NULL);
	enum ct_status status = CT_EFORMAT;

	if (json_is_array(json_object_get(now, tests)))
		status = before ? add_failed(whole, before, now, tests, failed)
				: replace(whole, now);
	json_decref(now);
	json_decref(before);
	return status;
}
