#include "report/sarif_result.h"

#include <stdlib.h>

#include "base/text.h"
#include "finding/fingerprint.h"
#include "report/entry.h"
#include "report/sarif_flow.h"
#include "report/sarif_place.h"
#include "report/sarif_rule.h"
#include "report/text_parts.h"

/* What is claimed is a part of the message: code hosts show no properties. */
static json_t *make_message(struct ct_sarif *sarif, const struct ct_entry *entry)
{
	const struct ct_finding *finding = entry->finding;
	json_t *message;
	struct ct_text text;

	ct_text_init(&text);
	ct_text_addf(&text, "%s. %s: %s.", entry->headline, ct_evidence_text(finding->evidence),
		     ct_text_meaning(finding));
	message = ct_sarif_message(sarif, ct_text_str(&text));
	if (ct_text_status(&text))
		sarif->json.failed = true;
	ct_text_fini(&text);
	return message;
}

static void set_locations(struct ct_sarif *sarif, json_t *result, const struct ct_entry *entry,
			  const struct ct_finding_place *places, size_t count)
{
	struct ct_json *json = &sarif->json;
	json_t *locations = ct_json_array(json), *related = ct_json_array(json);
	json_int_t id = 0;

	if (ct_finding_place_count(entry->finding)) {
		struct ct_finding_place place = ct_finding_place(entry->finding, entry->main_place);

		ct_json_append(json, locations, ct_sarif_location(sarif, &place, 0));
	} else {
		ct_json_append(json, locations, ct_sarif_program(sarif));
	}
	for (size_t i = 0; i < count && id + 1 < CT_SARIF_LOCATIONS; i++)
		if (i != entry->main_place)
			ct_json_append(json, related,
				       ct_sarif_location(sarif, &places[i], (int)++id));
	ct_json_set(json, result, "locations", locations);
	ct_json_set(json, result, "relatedLocations", related);
}

static void set_places(struct ct_sarif *sarif, json_t *result, const struct ct_entry *entry)
{
	size_t count = ct_finding_place_count(entry->finding);
	struct ct_finding_place *places;

	sarif->cut = count > CT_SARIF_LOCATIONS;
	if (sarif->cut)
		count = CT_SARIF_LOCATIONS;
	places = calloc(count + 1, sizeof(*places));
	if (!places) {
		sarif->json.failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		places[i] = ct_finding_place(entry->finding, i);
	set_locations(sarif, result, entry, places, count);
	ct_sarif_set_flows(sarif, result, entry->finding, places, count);
	free(places);
}

/* The second name is the one by which GitHub knows a result again. */
static json_t *make_fingerprints(struct ct_sarif *sarif, const struct ct_entry *entry)
{
	struct ct_json *json = &sarif->json;
	json_t *fingerprints = ct_json_object(json);

	ct_json_set_string(json, fingerprints, CT_FINGERPRINT_NAME, entry->id);
	ct_json_set_string(json, fingerprints, "primaryLocationLineHash", entry->id);
	return fingerprints;
}

static json_t *make_properties(struct ct_sarif *sarif, const struct ct_entry *entry)
{
	const struct ct_finding *finding = entry->finding;
	struct ct_json *json = &sarif->json;
	json_t *properties = ct_json_object(json);

	ct_json_set_string(json, properties, "evidence", ct_evidence_text(finding->evidence));
	ct_json_set_string(json, properties, "severity", ct_severity_text(finding->severity));
	ct_json_set_string(json, properties, "assumes", finding->assumes);
	ct_json_set_string(json, properties, "rerun", finding->rerun);
	ct_json_set_string(json, properties, "fix", entry->fix);
	return properties;
}

json_t *ct_sarif_result(struct ct_sarif *sarif, const struct ct_entry *entry, size_t rule)
{
	const struct ct_finding *finding = entry->finding;
	struct ct_json *json = &sarif->json;
	json_t *result = ct_json_object(json);

	ct_json_set_string(json, result, "ruleId", finding->rule->id);
	ct_json_set(json, result, "ruleIndex", ct_json_integer(json, (json_int_t)rule));
	ct_json_set_string(json, result, "level", ct_sarif_level(finding->severity));
	ct_json_set(json, result, "message", make_message(sarif, entry));
	set_places(sarif, result, entry);
	ct_json_set(json, result, "partialFingerprints", make_fingerprints(sarif, entry));
	ct_json_set(json, result, "properties", make_properties(sarif, entry));
	return result;
}
