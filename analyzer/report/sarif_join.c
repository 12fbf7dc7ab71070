#include "report/sarif_join.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/join.h"
#include "report/reporter.h"
#include "report/sarif_place.h"

#define LEFT_OUT "runs after these found something, too: a log for code hosts has no room for more"

/* "conctrace/bank/perturb/7/", or "conctrace/bank/run/7/": ends with a slash, as GitHub's category
 * is what stands before the last one, and refuses a log with two runs of one category. */
static bool name_run(struct ct_json *json, json_t *element, const struct ct_report_run *run)
{
	const char *before = json_string_value(
		json_object_get(json_object_get(element, "automationDetails"), "id"));
	json_t *details;
	struct ct_text id;

	if (!json_object_get(element, "tool"))
		return false;
	details = ct_json_object(json);
	ct_text_init(&id);
	ct_text_addf(&id, "%s%s/%" PRIu64 "/", before ? before : "conctrace/",
		     run->seeded ? "perturb" : "run", run->number);
	ct_json_set_string(json, details, "id", ct_text_str(&id));
	if (ct_text_status(&id))
		json->failed = true;
	ct_text_fini(&id);
	ct_json_set(json, element, "automationDetails", details);
	return true;
}

/* A run in the text: ct_join_runs writes it with braces at the begin of a line, which no other
 * object within has. */
struct span {
	size_t begin, end;
};

static bool next_run(const struct ct_text *whole, struct span *span)
{
	const char *text = ct_text_str(whole), *begin, *end;

	begin = strstr(text + span->end, "\n{\n");
	end = begin ? strstr(begin, "\n}") : NULL;
	if (!end)
		return false;
	*span = (struct span){(size_t)(begin - text) + 1, (size_t)(end - text) + strlen("\n}")};
	return true;
}

static bool has_no_results(const struct ct_text *whole, const struct span *span)
{
	const char *run = ct_text_str(whole) + span->begin;
	const char *none = strstr(run, "\n  \"results\": []");

	return none && none < ct_text_str(whole) + span->end;
}

/* The runs so far: how many, the last, and one without results (0, 0: there is none). */
struct runs {
	size_t count;
	struct span last, idle;
};

static struct runs look_at_runs(const struct ct_text *whole)
{
	struct runs runs = {0};

	while (next_run(whole, &runs.last)) {
		runs.count++;
		if (!runs.idle.end && has_no_results(whole, &runs.last))
			runs.idle = runs.last;
	}
	return runs;
}

/* With the comma between it and its neighbour: there are others. */
static void cut_run(struct ct_text *whole, struct span run)
{
	if (whole->data[run.end] == ',')
		run.end += strlen(",\n");
	else
		run.begin -= strlen(",\n");
	memmove(whole->data + run.begin, whole->data + run.end, whole->len - run.end + 1);
	whole->len -= run.end - run.begin;
}

static void append_notification(struct ct_json *json, const json_t *run)
{
	json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);
	json_t *notifications = json_object_get(invocation, "toolExecutionNotifications");
	json_t *notification = ct_json_object(json);

	ct_json_set_string(json, notification, "level", "warning");
	ct_json_set(json, notification, "message", ct_json_message(json, LEFT_OUT));
	if (notifications)
		ct_json_append(json, notifications, notification);
	else
		json_decref(notification);
}

/* In the last run there is. */
static void say_left_out(struct ct_text *whole, const struct span *last)
{
	const char *text = ct_text_str(whole);
	json_t *run = json_loadb(text + last->begin, last->end - last->begin, 0, NULL);
	struct ct_json json = {0};
	struct ct_text said;
	char *dump;

	append_notification(&json, run);
	dump = json_dumps(run, JSON_INDENT(2));
	ct_text_init(&said);
	ct_text_addn(&said, text, last->begin);
	ct_text_add(&said, dump ? dump : "");
	ct_text_add(&said, text + last->end);
	if (!dump || json.failed)
		said.failed = true;
	free(dump);
	json_decref(run);
	ct_text_fini(whole);
	*whole = said;
}

/* GitHub keeps the results of a category until the category comes again: so a run that found
 * nothing is listed as long as there is room. */
enum ct_status ct_sarif_join(struct ct_text *whole, const struct ct_text *part,
			     const struct ct_report_run *run)
{
	struct runs runs = look_at_runs(whole);
	bool fits = !runs.count || whole->len + part->len <= CT_SARIF_BYTES;

	if (fits && runs.count < CT_SARIF_RUNS)
		return ct_join_runs(whole, part, run, name_run);
	if (!run->told)
		return CT_OK;
	if (fits && runs.idle.end) {
		cut_run(whole, runs.idle);
		return ct_join_runs(whole, part, run, name_run);
	}
	if (!strstr(ct_text_str(whole), LEFT_OUT))
		say_left_out(whole, &runs.last);
	return ct_text_status(whole);
}
