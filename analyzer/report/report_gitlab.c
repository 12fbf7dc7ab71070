/*
 * GitLab's Code Quality report: an array of findings, for merge requests.
 * Source: GitLab documentation, "Code Quality", section "Code Quality report format".
 */
#include "report/reporter.h"

#include "base/text.h"
#include "finding/stack.h"
#include "report/entry.h"
#include "report/finding_place.h"
#include "report/gitlab_join.h"
#include "report/json_stream.h"
#include "report/stand_in.h"

static const char *severity_of(const struct ct_finding *finding)
{
	if (finding->severity == CT_NOTE)
		return "info";
	if (finding->severity == CT_WARNING || finding->evidence == CT_POTENTIAL)
		return "minor";
	return finding->evidence == CT_PREDICTED ? "major" : "critical";
}

/* The binary of the place to point at. */
static const char *stand_in(const struct ct_report *in, const struct ct_entry *entry)
{
	struct ct_finding_place place;
	struct ct_shown_stack shown;

	if (!ct_finding_place_count(entry->finding))
		return ct_stand_in(in, NULL, NULL);
	place = ct_finding_place(entry->finding, entry->main_place);
	ct_stack_shown(in->symbols, place.place->process, place.place->stack, &shown);
	return ct_stand_in(in, shown.top, place.thread);
}

static json_t *make_location(struct ct_json *json, const struct ct_report *in,
			     const struct ct_entry *entry)
{
	json_t *location = ct_json_object(json), *lines = ct_json_object(json);
	const char *path = entry->file ? entry->file : stand_in(in, entry);

	ct_json_set_string(json, location, "path", path);
	ct_json_set(json, lines, "begin", ct_json_integer(json, entry->line ? entry->line : 1));
	ct_json_set(json, location, "lines", lines);
	return location;
}

static json_t *make_issue(struct ct_json *json, const struct ct_report *in,
			  const struct ct_entry *entry)
{
	const struct ct_finding *finding = entry->finding;
	json_t *issue = ct_json_object(json);
	struct ct_text text;

	ct_text_init(&text);
	ct_text_addf(&text, "%s (%s)", entry->headline, ct_evidence_text(finding->evidence));
	ct_json_set_string(json, issue, "description", ct_text_str(&text));
	ct_json_set_string(json, issue, "check_name", finding->rule->id);
	ct_json_set_string(json, issue, "fingerprint", entry->id);
	ct_json_set_string(json, issue, "severity", severity_of(finding));
	ct_json_set(json, issue, "location", make_location(json, in, entry));
	if (ct_text_status(&text))
		json->failed = true;
	ct_text_fini(&text);
	return issue;
}

static enum ct_status write_gitlab(const struct ct_report *in, struct ct_text *out)
{
	struct ct_json_stream stream = {.out = out};
	struct ct_entries entries;
	enum ct_status status = ct_entries_make(in, &entries);

	if (status)
		return status;
	ct_json_open(&stream, NULL, '[');
	for (size_t i = 0; i < entries.count; i++)
		ct_json_put(&stream, NULL, make_issue(&stream.json, in, &entries.items[i]));
	ct_json_close(&stream, ']');
	ct_entries_fini(&entries);
	return stream.json.failed ? CT_ENOMEM : ct_text_status(out);
}

const struct ct_reporter ct_report_gitlab = {
	.name = "gitlab",
	.extension = "json",
	.description = "GitLab's Code Quality report",
	.write = write_gitlab,
	.join = ct_gitlab_join,
};
