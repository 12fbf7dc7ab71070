#include "report/sarif_result.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "model/names.h"
#include "finding/fingerprint.h"
#include "report/sarif_place.h"
#include "finding/stack.h"
#include "report/words.h"

const char *ct_sarif_level(enum ct_severity severity)
{
	static const char *const levels[] = {
		[CT_NOTE] = "note", [CT_WARNING] = "warning", [CT_ERROR] = "error"};

	return levels[severity];
}

static void set_locations(struct ct_sarif *sarif, json_t *result, const struct ct_finding *finding)
{
	struct ct_json *json = &sarif->json;
	json_t *locations = ct_json_array(json), *related = ct_json_array(json);
	size_t count = ct_finding_place_count(finding),
	       first = ct_finding_place_main(sarif->in, finding);
	int id = 0;

	for (size_t i = 0; i < count; i++) {
		struct ct_finding_place place = ct_finding_place(finding, i);

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
	const struct ct_thread *thread = ct_finding_place(finding, first).thread;
	struct ct_json *json = &sarif->json;
	json_t *flow = ct_json_object(json), *locations = ct_json_array(json);
	size_t count = ct_finding_place_count(finding);

	for (size_t i = first; i < count; i++) {
		struct ct_finding_place place = ct_finding_place(finding, i);
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

/* What the thread does on the way to a predicted deadlock, numbered over all threads. */
static void add_witness(struct ct_sarif *sarif, json_t *locations, const struct ct_finding *finding,
			const struct ct_thread *thread)
{
	const struct ct_witness *witness = finding->witness;
	struct ct_json *json = &sarif->json;

	for (size_t i = 0; i < witness->count; i++) {
		const struct ct_witness_event *event = &witness->events[i];
		json_t *entry;

		if (event->place.thread != thread)
			continue;
		entry = ct_json_object(json);
		ct_json_set(json, entry, "location", ct_sarif_witness(sarif, event));
		ct_json_set(json, entry, "executionOrder",
			    ct_json_integer(json, (json_int_t)i + 1));
		ct_json_append(json, locations, entry);
	}
}

static void add_stand(struct ct_sarif *sarif, json_t *locations, const struct ct_finding *finding,
		      const struct ct_thread *thread)
{
	struct ct_json *json = &sarif->json;
	json_int_t last = (json_int_t)finding->witness->count;

	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i];
		const struct ct_finding_place place = {CT_PLACE_WANTED, step->thread, step,
						       &step->wanted_at, NULL};
		json_t *entry;

		if (step->thread != thread)
			continue;
		entry = ct_json_object(json);
		ct_json_set(json, entry, "location", ct_sarif_location(sarif, &place, 0));
		ct_json_set(json, entry, "executionOrder",
			    ct_json_integer(json, last + (json_int_t)i + 1));
		ct_json_append(json, locations, entry);
	}
}

static bool has_thread(const struct ct_witness *witness, size_t count,
		       const struct ct_thread *thread)
{
	for (size_t i = 0; i < count; i++)
		if (witness->events[i].place.thread == thread)
			return true;
	return false;
}

static void add_schedule_of(struct ct_sarif *sarif, json_t *threads,
			    const struct ct_finding *finding, const struct ct_thread *thread)
{
	struct ct_json *json = &sarif->json;
	json_t *flow = ct_json_object(json), *locations = ct_json_array(json);

	add_witness(sarif, locations, finding, thread);
	add_stand(sarif, locations, finding, thread);
	ct_json_set_string(json, flow, "id", ct_name_thread(sarif->in->naming, thread));
	ct_json_set(json, flow, "locations", locations);
	ct_json_append(json, threads, flow);
}

/* The schedule that leads to a prediction, as a flow of its own. */
static json_t *make_schedule(struct ct_sarif *sarif, const struct ct_finding *finding)
{
	const struct ct_witness *witness = finding->witness;
	struct ct_json *json = &sarif->json;
	json_t *flow = ct_json_object(json), *threads = ct_json_array(json);

	for (size_t i = 0; i < witness->count; i++)
		if (!has_thread(witness, i, witness->events[i].place.thread))
			add_schedule_of(sarif, threads, finding, witness->events[i].place.thread);
	for (size_t i = 0; i < finding->step_count; i++)
		if (!has_thread(witness, witness->count, finding->steps[i].thread))
			add_schedule_of(sarif, threads, finding, finding->steps[i].thread);
	ct_json_set(json, flow, "message", ct_json_message(json, "how it comes about"));
	ct_json_set(json, flow, "threadFlows", threads);
	return flow;
}

static bool is_first_of_thread(const struct ct_finding *finding, size_t index)
{
	const struct ct_thread *thread = ct_finding_place(finding, index).thread;

	for (size_t i = 0; i < index; i++)
		if (ct_finding_place(finding, i).thread == thread)
			return false;
	return thread;
}

static void set_code_flows(struct ct_sarif *sarif, json_t *result, const struct ct_finding *finding)
{
	struct ct_json *json = &sarif->json;
	json_t *flows = ct_json_array(json), *flow = ct_json_object(json);
	json_t *threads = ct_json_array(json);
	size_t count = ct_finding_place_count(finding);

	for (size_t i = 0; i < count; i++)
		if (is_first_of_thread(finding, i))
			ct_json_append(json, threads, make_thread_flow(sarif, finding, i));
	/* The schema wants at least one in each. */
	if (json_array_size(threads)) {
		ct_json_set(json, flow, "threadFlows", threads);
		ct_json_append(json, flows, flow);
		if (finding->witness)
			ct_json_append(json, flows, make_schedule(sarif, finding));
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
	struct ct_text fix;

	ct_text_init(&fix);
	ct_words_fix(&fix, sarif->in->naming, finding);
	ct_json_set_string(json, properties, "evidence", ct_evidence_text(finding->evidence));
	ct_json_set_string(json, properties, "severity", ct_severity_text(finding->severity));
	ct_json_set_string(json, properties, "assumes", finding->assumes);
	ct_json_set_string(json, properties, "rerun", finding->rerun);
	ct_json_set_string(json, properties, "fix",
			   fix.len ? ct_text_str(&fix) : finding->rule->help);
	if (ct_text_status(&fix))
		json->failed = true;
	ct_text_fini(&fix);
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
