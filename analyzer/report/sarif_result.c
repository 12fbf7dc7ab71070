#include "report/sarif_result.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "model/names.h"
#include "report/fingerprint.h"
#include "report/sarif_place.h"
#include "report/stack.h"
#include "report/words.h"

const char *ct_sarif_level(enum ct_severity severity)
{
	static const char *const levels[] = {
		[CT_NOTE] = "note", [CT_WARNING] = "warning", [CT_ERROR] = "error"};

	return levels[severity];
}

/* What an editor opens: the first request whose source is known, else the first place that has
 * one, else the first. */
static size_t main_place(struct ct_sarif *sarif, const struct ct_finding *finding)
{
	size_t count = ct_sarif_place_count(finding), best = count;

	for (size_t i = 0; i < count; i++) {
		struct ct_sarif_place place = ct_sarif_place(finding, i);
		struct ct_shown_stack shown;

		ct_stack_shown(sarif->in->symbols, place.place->process, place.place->stack,
			       &shown);
		if (!shown.top || !shown.top->file)
			continue;
		if (place.role == CT_SARIF_WANTED)
			return i;
		if (best == count)
			best = i;
	}
	return best < count ? best : 0;
}

static void set_locations(struct ct_sarif *sarif, json_t *result, const struct ct_finding *finding)
{
	struct ct_json *json = &sarif->json;
	json_t *locations = ct_json_array(json), *related = ct_json_array(json);
	size_t count = ct_sarif_place_count(finding), first = main_place(sarif, finding);
	int id = 0;

	for (size_t i = 0; i < count; i++) {
		struct ct_sarif_place place = ct_sarif_place(finding, i);

		if (i == first)
			ct_json_append(json, locations, ct_sarif_location(sarif, &place, 0));
		else
			ct_json_append(json, related, ct_sarif_location(sarif, &place, ++id));
	}
	ct_json_set(json, result, "locations", locations);
	ct_json_set(json, result, "relatedLocations", related);
}

/* All that one thread did, from its first place on. */
static json_t *make_thread_flow(struct ct_sarif *sarif, const struct ct_finding *finding,
				size_t first)
{
	const struct ct_thread *thread = ct_sarif_place(finding, first).thread;
	struct ct_json *json = &sarif->json;
	json_t *flow = ct_json_object(json), *locations = ct_json_array(json);
	size_t count = ct_sarif_place_count(finding);

	for (size_t i = first; i < count; i++) {
		struct ct_sarif_place place = ct_sarif_place(finding, i);
		json_t *entry;

		if (place.thread != thread)
			continue;
		entry = ct_json_object(json);
		ct_json_set(json, entry, "location", ct_sarif_location(sarif, &place, 0));
		ct_json_append(json, locations, entry);
	}
	ct_json_set_string(json, flow, "id", ct_name_thread(sarif->in->naming, thread));
	ct_json_set(json, flow, "locations", locations);
	return flow;
}

static bool is_first_of_thread(const struct ct_finding *finding, size_t index)
{
	const struct ct_thread *thread = ct_sarif_place(finding, index).thread;

	for (size_t i = 0; i < index; i++)
		if (ct_sarif_place(finding, i).thread == thread)
			return false;
	return thread;
}

static void set_code_flows(struct ct_sarif *sarif, json_t *result, const struct ct_finding *finding)
{
	struct ct_json *json = &sarif->json;
	json_t *flows = ct_json_array(json), *flow = ct_json_object(json);
	json_t *threads = ct_json_array(json);
	size_t count = ct_sarif_place_count(finding);

	for (size_t i = 0; i < count; i++)
		if (is_first_of_thread(finding, i))
			ct_json_append(json, threads, make_thread_flow(sarif, finding, i));
	/* The schema wants at least one in each. */
	if (json_array_size(threads)) {
		ct_json_set(json, flow, "threadFlows", threads);
		ct_json_append(json, flows, flow);
		ct_json_set(json, result, "codeFlows", flows);
		return;
	}
	json_decref(threads);
	json_decref(flow);
	json_decref(flows);
}

static void set_fingerprint(struct ct_sarif *sarif, json_t *result,
			    const struct ct_finding *finding)
{
	struct ct_json *json = &sarif->json;
	json_t *fingerprints = ct_json_object(json);
	char text[17];
	uint64_t number;

	if (ct_fingerprint(finding, sarif->in->symbols, &number)) {
		json->failed = true;
		json_decref(fingerprints);
		return;
	}
	snprintf(text, sizeof(text), "%016" PRIx64, number);
	ct_json_set_string(json, fingerprints, CT_FINGERPRINT_NAME, text);
	ct_json_set(json, result, "partialFingerprints", fingerprints);
}

static json_t *make_properties(struct ct_sarif *sarif, const struct ct_finding *finding)
{
	struct ct_json *json = &sarif->json;
	json_t *properties = ct_json_object(json);

	ct_json_set_string(json, properties, "evidence", ct_evidence_text(finding->evidence));
	ct_json_set_string(json, properties, "severity", ct_severity_text(finding->severity));
	ct_json_set_string(json, properties, "assumes", finding->assumes);
	ct_json_set_string(json, properties, "fix",
			   finding->fix ? finding->fix : finding->rule->help);
	return properties;
}

json_t *ct_sarif_result(struct ct_sarif *sarif, const struct ct_finding *finding, size_t rule)
{
	struct ct_json *json = &sarif->json;
	json_t *result = ct_json_object(json);
	struct ct_text headline;

	ct_text_init(&headline);
	ct_words_headline(&headline, sarif->in->naming, finding);
	ct_json_set_string(json, result, "ruleId", finding->rule->id);
	ct_json_set(json, result, "ruleIndex", ct_json_integer(json, (json_int_t)rule));
	ct_json_set_string(json, result, "level", ct_sarif_level(finding->severity));
	ct_json_set(json, result, "message", ct_json_message(json, ct_text_str(&headline)));
	set_locations(sarif, result, finding);
	set_code_flows(sarif, result, finding);
	set_fingerprint(sarif, result, finding);
	ct_json_set(json, result, "properties", make_properties(sarif, finding));
	if (ct_text_status(&headline))
		json->failed = true;
	ct_text_fini(&headline);
	return result;
}
