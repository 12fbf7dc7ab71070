/*
 * SARIF, the form of findings that code hosts and editors read.
 * Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", 2020.
 */
#include "report/reporter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "model/symbols.h"
#include "report/sarif_place.h"
#include "report/sarif_result.h"
#include "report/words.h"

/* Where in `findings` a rule is used first. */
static size_t first_use(const struct ct_findings *findings, const struct ct_rule *rule)
{
	size_t i = 0;

	while (i < findings->count && findings->items[i]->rule != rule)
		i++;
	return i;
}

/* Index in the rules array: rules stand there in the order of their first finding. */
static size_t rule_index(const struct ct_findings *findings, const struct ct_rule *rule)
{
	size_t first = first_use(findings, rule), index = 0;

	for (size_t i = 0; i < first; i++)
		index += first_use(findings, findings->items[i]->rule) == i;
	return index;
}

static json_t *make_rule(struct ct_sarif *sarif, const struct ct_rule *rule)
{
	struct ct_json *json = &sarif->json;
	json_t *object = ct_json_object(json), *configuration = ct_json_object(json);
	struct ct_text full;

	ct_text_init(&full);
	ct_text_addf(&full, "%s. %s", rule->title, rule->help);
	ct_json_set_string(json, object, "id", rule->id);
	ct_json_set(json, object, "shortDescription", ct_json_message(json, rule->title));
	ct_json_set(json, object, "fullDescription", ct_json_message(json, ct_text_str(&full)));
	ct_json_set(json, object, "help", ct_json_message(json, rule->help));
	ct_json_set_string(json, configuration, "level", ct_sarif_level(rule->severity));
	ct_json_set(json, object, "defaultConfiguration", configuration);
	if (ct_text_status(&full))
		json->failed = true;
	ct_text_fini(&full);
	return object;
}

static json_t *make_tool(struct ct_sarif *sarif)
{
	const struct ct_findings *findings = sarif->in->findings;
	struct ct_json *json = &sarif->json;
	json_t *tool = ct_json_object(json), *driver = ct_json_object(json);
	json_t *rules = ct_json_array(json);

	for (size_t i = 0; i < findings->count; i++)
		if (first_use(findings, findings->items[i]->rule) == i)
			ct_json_append(json, rules, make_rule(sarif, findings->items[i]->rule));
	ct_json_set_string(json, driver, "name", "conctrace");
	ct_json_set_string(json, driver, "version", CT_VERSION);
	ct_json_set(json, driver, "rules", rules);
	ct_json_set(json, tool, "driver", driver);
	return tool;
}

static void append_notification(struct ct_sarif *sarif, json_t *array, const char *text)
{
	struct ct_json *json = &sarif->json;
	json_t *notification = ct_json_object(json);

	ct_json_set_string(json, notification, "level", "warning");
	ct_json_set(json, notification, "message", ct_json_message(json, text));
	ct_json_append(json, array, notification);
}

static void append_unseen(struct ct_sarif *sarif, json_t *array)
{
	const struct ct_trace *trace = sarif->in->model->trace;

	for (size_t i = 0; i < trace->unseen_count; i++) {
		struct ct_text text;

		ct_text_init(&text);
		if (ct_words_unseen(&text, trace, i))
			append_notification(sarif, array, ct_text_str(&text));
		if (ct_text_status(&text))
			sarif->json.failed = true;
		ct_text_fini(&text);
	}
}

/* What the record lacks, as the text report says it in its summary. */
static json_t *make_notifications(struct ct_sarif *sarif)
{
	const struct ct_trace *trace = sarif->in->model->trace;
	struct ct_symbols *symbols = sarif->in->symbols;
	json_t *array = ct_json_array(&sarif->json);
	const char *const *lines = NULL;
	size_t count = symbols ? ct_symbols_warnings(symbols, &lines) : 0;
	char text[64];
	size_t threads;
	uint64_t lost = ct_trace_lost(trace, &threads);

	if (lost) {
		snprintf(text, sizeof(text), "%" PRIu64 " records were lost", lost);
		append_notification(sarif, array, text);
	}
	if (trace->sampled)
		append_notification(sarif, array, CT_WORDS_SAMPLED);
	else if (trace->some_accesses && !trace->accesses)
		append_notification(sarif, array, CT_WORDS_SOME_ACCESSES);
	append_unseen(sarif, array);
	for (size_t i = 0; i < trace->problem_count; i++)
		append_notification(sarif, array, trace->problems[i]);
	for (size_t i = 0; i < count; i++)
		append_notification(sarif, array, lines[i]);
	return array;
}

static json_t *make_invocations(struct ct_sarif *sarif)
{
	const struct ct_report *in = sarif->in;
	struct ct_json *json = &sarif->json;
	json_t *array = ct_json_array(json), *invocation = ct_json_object(json);
	json_t *properties;

	ct_json_set(json, invocation, "executionSuccessful", json_true());
	ct_json_set_string(json, invocation, "commandLine", in->command);
	if (in->exit_status >= 0)
		ct_json_set(json, invocation, "exitCode", ct_json_integer(json, in->exit_status));
	ct_json_set(json, invocation, "toolExecutionNotifications", make_notifications(sarif));
	if (in->program_status) {
		properties = ct_json_object(json);
		ct_json_set_string(json, properties, "program", in->program_status);
		ct_json_set(json, invocation, "properties", properties);
	}
	ct_json_append(json, array, invocation);
	return array;
}

static json_t *make_results(struct ct_sarif *sarif)
{
	const struct ct_findings *findings = sarif->in->findings;
	json_t *results = ct_json_array(&sarif->json);

	for (size_t i = 0; i < findings->count; i++) {
		const struct ct_finding *finding = findings->items[i];
		size_t rule = rule_index(findings, finding->rule);

		ct_json_append(&sarif->json, results, ct_sarif_result(sarif, finding, rule));
	}
	return results;
}

static json_t *make_run(struct ct_sarif *sarif)
{
	struct ct_json *json = &sarif->json;
	json_t *run = ct_json_object(json), *bases, *base;

	ct_json_set(json, run, "tool", make_tool(sarif));
	ct_json_set(json, run, "invocations", make_invocations(sarif));
	if (sarif->in->directory) {
		bases = ct_json_object(json);
		base = ct_json_object(json);
		ct_json_set(json, base, "uri", ct_sarif_folder_uri(sarif, sarif->in->directory));
		ct_json_set(json, bases, CT_SARIF_BASE, base);
		ct_json_set(json, run, "originalUriBaseIds", bases);
	}
	ct_json_set(json, run, "results", make_results(sarif));
	return run;
}

static json_t *make_log(struct ct_sarif *sarif)
{
	struct ct_json *json = &sarif->json;
	json_t *log = ct_json_object(json), *runs = ct_json_array(json);

	ct_json_set_string(json, log, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	ct_json_set_string(json, log, "version", "2.1.0");
	ct_json_append(json, runs, make_run(sarif));
	ct_json_set(json, log, "runs", runs);
	return log;
}

static enum ct_status write_sarif(const struct ct_report *in, struct ct_text *out)
{
	struct ct_sarif sarif = {.in = in};
	json_t *log = make_log(&sarif);
	char *text = sarif.json.failed ? NULL : json_dumps(log, JSON_INDENT(2));

	json_decref(log);
	if (!text)
		return CT_ENOMEM;
	ct_text_add(out, text);
	ct_text_addc(out, '\n');
	free(text);
	return ct_text_status(out);
}

const struct ct_reporter ct_report_sarif = {
	.name = "sarif",
	.extension = "sarif",
	.description = "SARIF 2.1.0, for code hosts and editors,",
	.write = write_sarif,
};
