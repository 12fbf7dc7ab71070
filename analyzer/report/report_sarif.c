/*
 * SARIF, the form of findings that code hosts and editors read. What is here beyond the standard's
 * must is what GitHub's code scanning asks for.
 * Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", 2020.
 */
#include "report/reporter.h"

#include <string.h>

#include "base/text.h"
#include "report/entry.h"
#include "report/json_stream.h"
#include "report/sarif_join.h"
#include "report/sarif_place.h"
#include "report/sarif_result.h"
#include "report/sarif_rule.h"
#include "report/stand_in.h"

/* A run while it is written. */
struct writer {
	struct ct_sarif sarif;
	struct ct_json_stream stream;
	struct ct_entries entries;
	struct ct_sarif_rules rules;
	size_t results; /* that are listed */
	size_t cut;	/* of them, those that had more places than are listed */
};

static void write_tool(struct writer *writer)
{
	struct ct_json_stream *stream = &writer->stream;

	ct_json_open(stream, "tool", '{');
	ct_json_open(stream, "driver", '{');
	ct_json_put_string(stream, "name", "conctrace");
	ct_json_put_string(stream, "version", CT_VERSION);
	ct_json_open(stream, "rules", '[');
	for (size_t i = 0; i < writer->rules.count; i++)
		ct_json_put(stream, NULL, ct_sarif_rule(&writer->sarif, writer->rules.items[i]));
	ct_json_close(stream, ']');
	ct_json_close(stream, '}');
	ct_json_close(stream, '}');
}

/* "conctrace/bank/": up to the last slash it is GitHub's category, of which a commit has one
 * analysis each: those of two programs stand beside each other. */
static json_t *make_automation(struct writer *writer)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._";
	const struct ct_model *model = writer->sarif.in->model;
	const char *name = model->process_count ? ct_program_name(model->processes[0]) : NULL;
	struct ct_json *json = &writer->sarif.json;
	json_t *automation = ct_json_object(json);
	struct ct_text id;

	ct_text_init(&id);
	ct_text_add(&id, "conctrace/");
	for (const char *at = name; at && *at; at++) {
		if (strchr(plain, *at))
			ct_text_addc(&id, *at);
		else
			ct_text_addc(&id, '_');
	}
	if (name)
		ct_text_addc(&id, '/');
	ct_json_set_string(json, automation, "id", ct_text_str(&id));
	if (ct_text_status(&id))
		json->failed = true;
	ct_text_fini(&id);
	return automation;
}

static void write_results(struct writer *writer)
{
	const struct ct_entries *entries = &writer->entries;

	ct_json_open(&writer->stream, "results", '[');
	while (writer->results < entries->count && writer->results < CT_SARIF_RESULTS &&
	       writer->stream.out->len < CT_SARIF_BYTES) {
		const struct ct_entry *entry = &entries->items[writer->results++];
		size_t rule = ct_sarif_rule_index(&writer->rules, entry->finding->rule);

		ct_json_put(&writer->stream, NULL, ct_sarif_result(&writer->sarif, entry, rule));
		writer->cut += writer->sarif.cut;
	}
	ct_json_close(&writer->stream, ']');
}

static void append_notification(struct ct_sarif *sarif, json_t *array, const char *text)
{
	struct ct_json *json = &sarif->json;
	json_t *notification = ct_json_object(json);

	ct_json_set_string(json, notification, "level", "warning");
	ct_json_set(json, notification, "message", ct_sarif_message(sarif, text));
	ct_json_append(json, array, notification);
}

/* What the record lacks, and what this report does. */
static json_t *make_notifications(struct writer *writer)
{
	const struct ct_entries *entries = &writer->entries;
	json_t *array = ct_json_array(&writer->sarif.json);
	struct ct_text text;

	for (size_t i = 0; i < entries->lack_count; i++)
		append_notification(&writer->sarif, array, entries->lacks[i]);
	ct_text_init(&text);
	if (entries->count > writer->results) {
		ct_text_addf(&text,
			     "of %zu findings, the first %zu are listed here, the worst first",
			     entries->count, writer->results);
		append_notification(&writer->sarif, array, ct_text_str(&text));
		ct_text_reset(&text);
	}
	if (writer->cut) {
		ct_text_addf(&text, "%zu of the findings have more places than are listed here",
			     writer->cut);
		append_notification(&writer->sarif, array, ct_text_str(&text));
	}
	if (ct_text_status(&text))
		writer->sarif.json.failed = true;
	ct_text_fini(&text);
	return array;
}

/* After the results, as it says what they lack. */
static void write_invocation(struct writer *writer)
{
	const struct ct_report *in = writer->sarif.in;
	struct ct_json *json = &writer->sarif.json;
	struct ct_json_stream *stream = &writer->stream;
	json_t *properties;

	ct_json_open(stream, "invocations", '[');
	ct_json_open(stream, NULL, '{');
	ct_json_put(stream, "executionSuccessful", json_true());
	ct_json_put_string(stream, "commandLine", in->command);
	if (in->exit_status >= 0)
		ct_json_put(stream, "exitCode", ct_json_integer(json, in->exit_status));
	if (in->directory)
		ct_json_put(stream, "workingDirectory",
			    ct_sarif_folder(&writer->sarif, in->directory));
	ct_json_put(stream, "toolExecutionNotifications", make_notifications(writer));
	if (in->program_status) {
		properties = ct_json_object(json);
		ct_json_set_string(json, properties, "program", in->program_status);
		ct_json_put(stream, "properties", properties);
	}
	ct_json_close(stream, '}');
	ct_json_close(stream, ']');
}

static void write_run(struct writer *writer)
{
	const char *directory = writer->sarif.in->directory;
	struct ct_json_stream *stream = &writer->stream;
	json_t *bases;

	ct_json_open(stream, NULL, '{');
	write_tool(writer);
	ct_json_put(stream, "automationDetails", make_automation(writer));
	if (directory) {
		bases = ct_json_object(&writer->sarif.json);
		ct_json_set(&writer->sarif.json, bases, CT_SARIF_BASE,
			    ct_sarif_folder(&writer->sarif, directory));
		ct_json_put(stream, "originalUriBaseIds", bases);
	}
	write_results(writer);
	write_invocation(writer);
	ct_json_close(stream, '}');
}

static void write_log(struct writer *writer)
{
	struct ct_json_stream *stream = &writer->stream;

	ct_json_open(stream, NULL, '{');
	ct_json_put_string(stream, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	ct_json_put_string(stream, "version", "2.1.0");
	ct_json_open(stream, "runs", '[');
	write_run(writer);
	ct_json_close(stream, ']');
	ct_json_close(stream, '}');
}

static enum ct_status write_sarif(const struct ct_report *in, struct ct_text *out)
{
	struct writer writer = {.sarif = {.in = in}, .stream = {.out = out}};
	enum ct_status status = ct_entries_make(in, &writer.entries);

	if (status)
		return status;
	status = ct_sarif_rules_make(in, &writer.rules);
	if (status == CT_OK) {
		write_log(&writer);
		status = ct_text_status(out);
	}
	if (writer.sarif.json.failed || writer.stream.json.failed)
		status = CT_ENOMEM;
	ct_sarif_rules_fini(&writer.rules);
	ct_entries_fini(&writer.entries);
	return status;
}

const struct ct_reporter ct_report_sarif = {
	.name = "sarif",
	.extension = "sarif",
	.description = "SARIF 2.1.0, for code hosts and editors,",
	.write = write_sarif,
	.join = ct_sarif_join,
};
