#include "report/sarif_flow.h"

#include "model/names.h"
#include "report/sarif_place.h"

/* `order`: among those of all threads, from 1; 0: not known. Releases the location. */
static void append_step(struct ct_sarif *sarif, json_t *locations, json_t *location, size_t order)
{
	struct ct_json *json = &sarif->json;
	json_t *step = ct_json_object(json);

	ct_json_set(json, step, "location", location);
	if (order)
		ct_json_set(json, step, "executionOrder", ct_json_integer(json, (json_int_t)order));
	ct_json_append(json, locations, step);
	sarif->flow_left--;
}

/* False: there are as many as a result may have. */
static bool has_room(struct ct_sarif *sarif)
{
	if (!sarif->flow_left)
		sarif->cut = true;
	return sarif->flow_left;
}

/* Takes `locations`; the schema wants at least one in each flow. */
static void append_thread(struct ct_sarif *sarif, json_t *threads, const struct ct_thread *thread,
			  json_t *locations)
{
	struct ct_json *json = &sarif->json;
	json_t *flow;

	if (!json_array_size(locations)) {
		json_decref(locations);
		return;
	}
	flow = ct_json_object(json);
	ct_json_set_string(json, flow, "id", ct_name_thread(sarif->in->naming, thread));
	ct_json_set(json, flow, "locations", locations);
	ct_json_append(json, threads, flow);
}

/* Takes `threads`. */
static void append_flow(struct ct_sarif *sarif, json_t *flows, json_t *threads, const char *message)
{
	struct ct_json *json = &sarif->json;
	json_t *flow;

	if (!json_array_size(threads)) {
		json_decref(threads);
		return;
	}
	flow = ct_json_object(json);
	if (message)
		ct_json_set(json, flow, "message", ct_sarif_message(sarif, message));
	ct_json_set(json, flow, "threadFlows", threads);
	ct_json_append(json, flows, flow);
}

static bool is_first_of_thread(const struct ct_finding_place *places, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (places[i].thread == places[index].thread)
			return false;
	return places[index].thread;
}

/* All that each thread did. */
static json_t *make_deeds(struct ct_sarif *sarif, const struct ct_finding_place *places,
			  size_t count)
{
	json_t *threads = ct_json_array(&sarif->json);

	for (size_t first = 0; first < count; first++) {
		json_t *locations;

		if (!is_first_of_thread(places, first))
			continue;
		locations = ct_json_array(&sarif->json);
		for (size_t i = first; i < count; i++)
			if (places[i].thread == places[first].thread && has_room(sarif))
				append_step(sarif, locations,
					    ct_sarif_location(sarif, &places[i], 0), 0);
		append_thread(sarif, threads, places[first].thread, locations);
	}
	return threads;
}

/* What the thread does on the way to a predicted deadlock, and where it stands then. */
static json_t *make_way(struct ct_sarif *sarif, const struct ct_finding *finding,
			const struct ct_thread *thread)
{
	const struct ct_witness *witness = finding->witness;
	json_t *locations = ct_json_array(&sarif->json);

	for (size_t i = 0; i < witness->count; i++)
		if (witness->events[i].place.thread == thread && has_room(sarif))
			append_step(sarif, locations, ct_sarif_witness(sarif, &witness->events[i]),
				    i + 1);
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i];
		const struct ct_finding_place stands = {CT_PLACE_WANTED, thread, step,
							&step->wanted_at, NULL};

		if (step->thread == thread && has_room(sarif))
			append_step(sarif, locations, ct_sarif_location(sarif, &stands, 0),
				    witness->count + i + 1);
	}
	return locations;
}

static bool has_thread(const struct ct_witness *witness, size_t count,
		       const struct ct_thread *thread)
{
	for (size_t i = 0; i < count; i++)
		if (witness->events[i].place.thread == thread)
			return true;
	return false;
}

static json_t *make_schedule(struct ct_sarif *sarif, const struct ct_finding *finding)
{
	const struct ct_witness *witness = finding->witness;
	json_t *threads = ct_json_array(&sarif->json);

	for (size_t i = 0; i < witness->count + finding->step_count && has_room(sarif); i++) {
		bool way = i < witness->count;
		const struct ct_thread *thread = way ? witness->events[i].place.thread
						     : finding->steps[i - witness->count].thread;

		if (!has_thread(witness, way ? i : witness->count, thread))
			append_thread(sarif, threads, thread, make_way(sarif, finding, thread));
	}
	return threads;
}

void ct_sarif_set_flows(struct ct_sarif *sarif, json_t *result, const struct ct_finding *finding,
			const struct ct_finding_place *places, size_t count)
{
	json_t *flows = ct_json_array(&sarif->json);

	sarif->flow_left = CT_SARIF_FLOW_LOCATIONS;
	append_flow(sarif, flows, make_deeds(sarif, places, count), NULL);
	if (finding->witness)
		append_flow(sarif, flows, make_schedule(sarif, finding), "how it comes about");
	if (json_array_size(flows))
		ct_json_set(&sarif->json, result, "codeFlows", flows);
	else
		json_decref(flows);
}
