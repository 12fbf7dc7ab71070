#include "report/join.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/reporter.h"

/* How a document ends whose last key is an array. */
#define TAIL "]\n}\n"

enum { DIGITS = 15 };

void ct_join_name(struct ct_text *out, const struct ct_report_run *run)
{
	ct_text_addf(out, "%s %" PRIu64, run->seeded ? "seed" : "run", run->number);
}

enum ct_status ct_join_texts(struct ct_text *whole, const struct ct_text *part,
			     const struct ct_report_run *run)
{
	if (run->told)
		ct_text_addn(whole, ct_text_str(part), part->len);
	return ct_text_status(whole);
}

static void add_json(struct ct_text *out, const json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS));

	if (text)
		ct_text_add(out, text);
	else
		out->failed = true;
	free(text);
}

/* The document without its runs, which come before its tail. */
static enum ct_status begin(struct ct_text *whole, const json_t *document)
{
	struct json_t *empty = json_copy((json_t *)document);
	enum ct_status status = CT_OK;

	if (!empty || json_object_set_new(empty, "runs", json_array()) != 0)
		whole->failed = true;
	else
		add_json(whole, empty);
	ct_text_addc(whole, '\n');
	json_decref(empty);
	if (ct_text_status(whole) != CT_OK)
		return CT_ENOMEM;
	if (whole->len < strlen(TAIL) ||
	    strcmp(ct_text_str(whole) + whole->len - strlen(TAIL), TAIL) != 0) {
		ct_text_reset(whole); /* it has other keys behind the runs */
		status = CT_EFORMAT;
	}
	return status;
}

/* Each run is written for itself: the whole is never in memory as a tree. */
static enum ct_status add_runs(struct ct_text *whole, const json_t *runs, bool first)
{
	const json_t *run;
	size_t i;

	whole->len -= strlen(TAIL);
	json_array_foreach(runs, i, run)
	{
		ct_text_add(whole, first && i == 0 ? "\n" : ",\n");
		add_json(whole, run);
	}
	ct_text_add(whole, "\n" TAIL);
	return ct_text_status(whole);
}

enum ct_status ct_join_runs(struct ct_text *whole, const struct ct_text *part,
			    const struct ct_report_run *run, ct_name_run_fn *name_run)
{
	json_t *document = json_loadb(ct_text_str(part), part->len, 0, NULL), *element;
	const json_t *runs = json_object_get(document, "runs");
	enum ct_status status = json_array_size(runs) ? CT_OK : CT_EFORMAT;
	bool first = !whole->len;
	struct ct_json json = {0};
	size_t i;

	json_array_foreach(runs, i, element)
	{
		if (!name_run(&json, element, run))
			status = CT_EFORMAT;
	}
	if (json.failed)
		status = CT_ENOMEM;
	if (status == CT_OK && first)
		status = begin(whole, document);
	if (status == CT_OK)
		status = add_runs(whole, runs, first);
	json_decref(document);
	return status;
}
