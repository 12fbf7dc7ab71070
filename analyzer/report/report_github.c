/*
 * GitHub Actions: workflow commands, which become annotations when a step prints them, and the
 * page that a step leaves behind.
 * Source: GitHub documentation, "Workflow commands for GitHub Actions".
 */
#include "report/reporter.h"

#include <string.h>

#include "base/text.h"
#include "report/entry.h"
#include "report/github_join.h"
#include "report/markdown.h"
#include "report/text_parts.h"

enum { LAST_LINE_BYTES = 200, COMMAND_BYTES = 1000 };

/* Escaped as a command's message, or as one of its properties: there ":" and "," are marks, too. */
static void add_escaped(struct ct_text *out, const char *text, const char *marks)
{
	struct ct_text clean;

	ct_text_init(&clean);
	ct_text_utf8(&clean, text, strlen(text));
	for (const char *at = ct_text_str(&clean); *at; at++) {
		if (strchr(marks, *at))
			ct_text_addf(out, "%%%02X", (unsigned char)*at);
		else
			ct_text_addc(out, *at);
	}
	out->failed |= clean.failed;
	ct_text_fini(&clean);
}

static void add_message(struct ct_text *out, const char *text)
{
	add_escaped(out, text, "%\r\n");
}

static void add_property(struct ct_text *out, const char *text)
{
	add_escaped(out, text, "%\r\n:,");
}

static const char *command_of(enum ct_severity severity)
{
	static const char *const commands[] = {
		[CT_NOTE] = "notice", [CT_WARNING] = "warning", [CT_ERROR] = "error"};

	return commands[severity];
}

static void add_annotation(struct ct_text *out, const struct ct_entry *entry)
{
	const struct ct_finding *finding = entry->finding;
	struct ct_text text;

	ct_text_addf(out, "::%s ", command_of(finding->severity));
	if (entry->file) {
		ct_text_add(out, "file=");
		add_property(out, entry->file);
		ct_text_addf(out, ",line=%d,", entry->line ? entry->line : 1);
	}
	ct_text_init(&text);
	ct_text_addf(&text, "%s (%s)", finding->rule->title, ct_evidence_text(finding->evidence));
	ct_text_add(out, "title=");
	add_property(out, ct_text_str(&text));
	ct_text_reset(&text);
	ct_text_addf(&text, "%s\n%s: %s\nfix: %s", entry->headline,
		     ct_evidence_text(finding->evidence), ct_text_meaning(finding), entry->fix);
	ct_text_add(out, "::");
	add_message(out, ct_text_str(&text));
	ct_text_addc(out, '\n');
	out->failed |= text.failed;
	ct_text_fini(&text);
}

static enum ct_status write_commands(const struct ct_report *in, struct ct_text *out)
{
	/* One of the notices is left for the number of those that are not annotated. */
	size_t left[] = {[CT_NOTE] = CT_GITHUB_ANNOTATIONS - 1,
			 [CT_WARNING] = CT_GITHUB_ANNOTATIONS,
			 [CT_ERROR] = CT_GITHUB_ANNOTATIONS};
	size_t more = 0;
	struct ct_entries entries;
	enum ct_status status = ct_entries_make(in, &entries);

	if (status)
		return status;
	for (size_t i = 0; i < entries.count; i++) {
		size_t *room = &left[entries.items[i].finding->severity];

		if (*room) {
			add_annotation(out, &entries.items[i]);
			(*room)--;
		} else {
			more++;
		}
	}
	ct_github_add_rest(out, more);
	ct_entries_fini(&entries);
	return ct_text_status(out);
}

static void add_counts(struct ct_text *out, const struct ct_entries *entries)
{
	size_t counts[] = {[CT_NOTE] = 0, [CT_WARNING] = 0, [CT_ERROR] = 0};

	for (size_t i = 0; i < entries->count; i++)
		counts[entries->items[i].finding->severity]++;
	ct_text_add(out, CT_GITHUB_PAGE_TITLE ": ");
	if (!entries->count) {
		ct_text_add(out, "no findings\n\n");
		return;
	}
	ct_text_add_count(out, counts[CT_ERROR], "error");
	ct_text_add(out, ", ");
	ct_text_add_count(out, counts[CT_WARNING], "warning");
	if (counts[CT_NOTE]) {
		ct_text_add(out, ", ");
		ct_text_add_count(out, counts[CT_NOTE], "note");
	}
	ct_text_add(out, "\n\n");
}

static void add_command(struct ct_text *out, const char *command)
{
	struct ct_text clean;

	ct_text_init(&clean);
	ct_text_add_printable(&clean, command);
	ct_markdown_add(out, ct_text_str(&clean));
	ct_text_add(out, "\n\n");
	out->failed |= clean.failed;
	ct_text_fini(&clean);
}

/* What was run, and what the record lacks. */
static void add_facts(struct ct_text *out, const struct ct_report *in,
		      const struct ct_entries *entries)
{
	if (in->command && strlen(in->command) <= COMMAND_BYTES)
		add_command(out, in->command);
	if (in->program_status) {
		ct_markdown_add(out, in->program_status);
		ct_text_add(out, "\n\n");
	}
	for (size_t i = 0; i < entries->lack_count && i < CT_TEXT_SUMMARY_LINES; i++) {
		ct_text_add(out, "- incomplete: ");
		ct_markdown_add(out, entries->lacks[i]);
		ct_text_addc(out, '\n');
	}
	if (entries->lack_count)
		ct_text_addc(out, '\n');
}

static void add_finding(struct ct_text *out, const struct ct_report *in,
			const struct ct_entry *entry)
{
	const struct ct_finding *finding = entry->finding;
	struct ct_text title, details;

	ct_text_init(&title);
	ct_text_init(&details);
	ct_text_addf(&title, "%s[%s]: %s", ct_severity_text(finding->severity), finding->rule->id,
		     entry->headline);
	if (entry->file && entry->line)
		ct_text_addf(&title, " (%s:%d)", entry->file, entry->line);
	else if (entry->file)
		ct_text_addf(&title, " (%s)", entry->file);
	ct_entry_details(&details, in, entry);
	ct_markdown_add_folded(out, ct_text_str(&title), ct_text_str(&details));
	out->failed |= title.failed || details.failed;
	ct_text_fini(&title);
	ct_text_fini(&details);
}

/* Whole findings, the worst first, as long as they fit. */
static void add_findings(struct ct_text *out, const struct ct_report *in,
			 const struct ct_entries *entries)
{
	size_t i;
	struct ct_text one;

	ct_text_init(&one);
	for (i = 0; i < entries->count; i++) {
		ct_text_reset(&one);
		add_finding(&one, in, &entries->items[i]);
		if (out->len + one.len + LAST_LINE_BYTES > CT_GITHUB_PAGE_BYTES)
			break;
		ct_text_addn(out, ct_text_str(&one), one.len);
		out->failed |= one.failed;
	}
	if (i < entries->count)
		ct_text_addf(out, "%zu of %zu findings are not shown: this page has no room left\n",
			     entries->count - i, entries->count);
	ct_text_fini(&one);
}

static enum ct_status write_page(const struct ct_report *in, struct ct_text *out)
{
	struct ct_entries entries;
	enum ct_status status = ct_entries_make(in, &entries);

	if (status)
		return status;
	add_counts(out, &entries);
	add_facts(out, in, &entries);
	add_findings(out, in, &entries);
	ct_entries_fini(&entries);
	return ct_text_status(out);
}

const struct ct_reporter ct_report_github = {
	.name = "github",
	.extension = "txt",
	.description = "annotations of GitHub Actions",
	.write = write_commands,
	.join = ct_github_join,
	.appends_to = "GITHUB_STEP_SUMMARY",
	.write_appended = write_page,
	.join_appended = ct_github_join_page,
};
