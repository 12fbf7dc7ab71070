/*
 * JUnit XML, the form of test results that most CI servers read: a test case for each finding, and
 * one that passes for each rule that found nothing.
 * Source: the schema of Apache Ant's JUnit reports, tests/schemas/junit.xsd. It wants a time stamp
 * and a host, of which reports say nothing: the same findings give the same bytes.
 */
#include "report/reporter.h"

#include <libxml/xmlwriter.h>

#include <stdio.h>

#include "base/text.h"
#include "model/model.h"
#include "report/entry.h"
#include "report/families.h"
#include "report/junit_join.h"
#include "report/stand_in.h"

/* Of findings that fail nothing: after so many bytes no further one is told in full. */
enum { OUTPUT_BYTES = 256 << 10 };

#define NO_TIME_STAMP "1970-01-01T00:00:00"

struct junit {
	const struct ct_report *in;
	const struct ct_entries *entries;
	xmlTextWriterPtr writer;
	bool failed; /* sticky: out of memory */
};

static void check(struct junit *junit, int result)
{
	if (result < 0)
		junit->failed = true;
}

static void begin(struct junit *junit, const char *element)
{
	check(junit, xmlTextWriterStartElement(junit->writer, BAD_CAST element));
}

static void end(struct junit *junit)
{
	check(junit, xmlTextWriterEndElement(junit->writer));
}

/* Any bytes: libxml2 would let pass what no XML may have. */
static void content(struct junit *junit, const char *text)
{
	struct ct_text escaped;

	ct_text_init(&escaped);
	ct_text_add_xml(&escaped, text);
	if (ct_text_status(&escaped))
		junit->failed = true;
	else
		check(junit, xmlTextWriterWriteRaw(junit->writer, BAD_CAST ct_text_str(&escaped)));
	ct_text_fini(&escaped);
}

static void attribute(struct junit *junit, const char *name, const char *value)
{
	check(junit, xmlTextWriterStartAttribute(junit->writer, BAD_CAST name));
	content(junit, value);
	check(junit, xmlTextWriterEndAttribute(junit->writer));
}

static void number(struct junit *junit, const char *name, size_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", value);
	attribute(junit, name, text);
}

static void begin_case(struct junit *junit, const char *class, const char *name)
{
	begin(junit, "testcase");
	attribute(junit, "name", name);
	attribute(junit, "classname", class);
	attribute(junit, "time", "0");
}

/* `element`: why the case does not pass. */
static void add_problem(struct junit *junit, const char *element, const char *type,
			const char *message, const char *details)
{
	begin(junit, element);
	attribute(junit, "message", message);
	attribute(junit, "type", type);
	content(junit, details);
	end(junit);
}

/* CI servers know a case by class and name, so that two of one headline must differ. */
static void add_finding(struct junit *junit, const struct ct_entry *entry)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_text_addf(&text, "%s [%s]", entry->headline, entry->id);
	begin_case(junit, entry->finding->rule->id, ct_text_str(&text));
	if (entry->fails) {
		ct_text_reset(&text);
		ct_entry_details(&text, junit->in, entry);
		add_problem(junit, "failure", ct_evidence_text(entry->finding->evidence),
			    entry->headline, ct_text_str(&text));
	}
	end(junit);
	if (ct_text_status(&text))
		junit->failed = true;
	ct_text_fini(&text);
}

static bool has_finding(const struct ct_entries *entries, const struct ct_rule *rule)
{
	size_t i = 0;

	while (i < entries->count && entries->items[i].finding->rule != rule)
		i++;
	return i < entries->count;
}

static void add_program_end(struct junit *junit)
{
	const struct ct_report *in = junit->in;

	begin_case(junit, "program", "ends by itself with status 0");
	if (in->program_failed)
		add_problem(junit, "error", "status", in->program_status, "");
	end(junit);
}

/* Of a rule without a finding here: why that does not mean that there is none; or NULL. */
static const char *why_skipped(const struct ct_report *in, const struct ct_rule *rule)
{
	const struct ct_findings *findings = in->findings;

	for (size_t i = 0; i < findings->hidden_count; i++)
		if (findings->hidden[i]->rule == rule && findings->hidden[i]->hiding == CT_REPEATED)
			return "found in an earlier run";
	return ct_family_untested(in, rule->family);
}

static void add_rule(struct junit *junit, const struct ct_rule *rule)
{
	const char *why = why_skipped(junit->in, rule);

	begin_case(junit, rule->id, rule->title);
	if (why) {
		begin(junit, "skipped");
		attribute(junit, "message", why);
		end(junit);
	}
	end(junit);
}

static void add_cases(struct junit *junit)
{
	const struct ct_report *in = junit->in;

	for (size_t i = 0; i < junit->entries->count; i++)
		add_finding(junit, &junit->entries->items[i]);
	for (size_t i = 0; in->rules && in->rules[i]; i++) {
		if (!has_finding(junit->entries, in->rules[i]))
			add_rule(junit, in->rules[i]);
	}
	if (in->program_status)
		add_program_end(junit);
}

static void add_counts(struct junit *junit)
{
	const struct ct_report *in = junit->in;
	size_t tests = junit->entries->count, failures = 0, skipped = 0;

	for (size_t i = 0; i < junit->entries->count; i++)
		failures += junit->entries->items[i].fails;
	for (size_t i = 0; in->rules && in->rules[i]; i++) {
		if (has_finding(junit->entries, in->rules[i]))
			continue;
		tests++;
		skipped += why_skipped(in, in->rules[i]) != NULL;
	}
	number(junit, "tests", tests + (in->program_status != NULL));
	number(junit, "failures", failures);
	number(junit, "errors", in->program_status && in->program_failed);
	number(junit, "skipped", skipped);
}

/* A case that passes has no text: that of the findings that fail nothing stands together. */
static void add_passed(struct ct_text *out, const struct junit *junit)
{
	const struct ct_entries *entries = junit->entries;
	size_t more = 0;

	for (size_t i = 0; i < entries->count; i++) {
		if (entries->items[i].fails)
			continue;
		if (out->len < OUTPUT_BYTES)
			ct_entry_details(out, junit->in, &entries->items[i]);
		else
			more++;
	}
	if (more)
		ct_text_addf(out, "... %zu more that fail nothing are only named above\n", more);
}

static void add_output(struct junit *junit)
{
	const struct ct_entries *entries = junit->entries;
	struct ct_text text;

	ct_text_init(&text);
	add_passed(&text, junit);
	for (size_t i = 0; i < entries->lack_count; i++)
		ct_text_addf(&text, "incomplete: %s\n", entries->lacks[i]);
	begin(junit, "system-out");
	content(junit, ct_text_str(&text));
	end(junit);
	begin(junit, "system-err");
	end(junit);
	if (ct_text_status(&text))
		junit->failed = true;
	ct_text_fini(&text);
}

static void add_suite(struct junit *junit)
{
	const struct ct_model *model = junit->in->model;
	const char *program = model->process_count ? ct_program_name(model->processes[0]) : NULL;
	struct ct_text name;

	ct_text_init(&name);
	ct_text_add(&name, "conctrace");
	if (program) {
		ct_text_add(&name, ": ");
		ct_text_add_printable(&name, program);
	}
	begin(junit, "testsuite");
	attribute(junit, "name", ct_text_str(&name));
	attribute(junit, "package", "conctrace");
	number(junit, "id", 0);
	attribute(junit, "timestamp", NO_TIME_STAMP);
	attribute(junit, "hostname", "localhost");
	add_counts(junit);
	attribute(junit, "time", "0");
	begin(junit, "properties");
	end(junit);
	add_cases(junit);
	add_output(junit);
	end(junit);
	if (ct_text_status(&name))
		junit->failed = true;
	ct_text_fini(&name);
}

static void add_document(struct junit *junit)
{
	check(junit, xmlTextWriterSetIndent(junit->writer, 1));
	check(junit, xmlTextWriterSetIndentString(junit->writer, BAD_CAST "\t"));
	check(junit, xmlTextWriterStartDocument(junit->writer, "1.0", "UTF-8", NULL));
	begin(junit, "testsuites");
	add_suite(junit);
	end(junit);
	check(junit, xmlTextWriterEndDocument(junit->writer));
	check(junit, xmlTextWriterFlush(junit->writer));
}

static enum ct_status write_junit(const struct ct_report *in, struct ct_text *out)
{
	struct junit junit = {.in = in};
	struct ct_entries entries;
	enum ct_status status = ct_entries_make(in, &entries);
	xmlBufferPtr buffer;

	if (status)
		return status;
	junit.entries = &entries;
	buffer = xmlBufferCreate();
	junit.writer = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
	if (junit.writer)
		add_document(&junit);
	if (!junit.writer || junit.failed)
		status = CT_ENOMEM;
	else
		ct_text_addn(out, (const char *)xmlBufferContent(buffer),
			     (size_t)xmlBufferLength(buffer));
	if (junit.writer)
		xmlFreeTextWriter(junit.writer);
	if (buffer)
		xmlBufferFree(buffer);
	ct_entries_fini(&entries);
	return status ? status : ct_text_status(out);
}

const struct ct_reporter ct_report_junit = {
	.name = "junit",
	.extension = "xml",
	.description = "JUnit XML",
	.write = write_junit,
	.join = ct_junit_join,
};
