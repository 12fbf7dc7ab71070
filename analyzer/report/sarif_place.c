#include "report/sarif_place.h"

#include <string.h>

#include "base/text.h"
#include "model/names.h"
#include "report/race_words.h"
#include "report/stack.h"
#include "report/words.h"

static size_t places_of_step(const struct ct_step_of_cycle *step)
{
	return step->holds ? 2 : 1;
}

/* The check, if there is one, and the two sides. */
static size_t places_of_race(const struct ct_race *race)
{
	return race ? 2 + (race->check != NULL) : 0;
}

static struct ct_sarif_place place_of_race(const struct ct_race *race, size_t index)
{
	const struct ct_race_side *side;

	if (race->check && index == 0)
		side = race->check;
	else
		side = &race->sides[index - (race->check != NULL)];
	return (struct ct_sarif_place){CT_SARIF_ACCESS, side->place.thread, NULL, &side->place,
				       side};
}

size_t ct_sarif_place_count(const struct ct_finding *finding)
{
	size_t count = finding->place_count + places_of_race(finding->race);

	for (size_t i = 0; i < finding->step_count; i++)
		count += places_of_step(&finding->steps[i]);
	return count;
}

struct ct_sarif_place ct_sarif_place(const struct ct_finding *finding, size_t index)
{
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i];

		if (index == 0 && step->holds)
			return (struct ct_sarif_place){CT_SARIF_HELD, step->thread, step,
						       &step->held_at, NULL};
		if (index < places_of_step(step))
			return (struct ct_sarif_place){CT_SARIF_WANTED, step->thread, step,
						       &step->wanted_at, NULL};
		index -= places_of_step(step);
	}
	if (index < places_of_race(finding->race))
		return place_of_race(finding->race, index);
	index -= places_of_race(finding->race);
	return (struct ct_sarif_place){CT_SARIF_FURTHER, finding->places[index].thread, NULL,
				       &finding->places[index], NULL};
}

/* "T1 locks `b`" */
static void describe(struct ct_text *out, const struct ct_report *in,
		     const struct ct_sarif_place *place)
{
	if (place->thread)
		ct_text_addf(out, "%s ", ct_name_thread(in->naming, place->thread));
	if (place->place->text) {
		ct_text_add(out, place->place->text);
	} else if (place->role == CT_SARIF_ACCESS) {
		ct_race_add_access(out, in->naming, place->side);
	} else if (place->role == CT_SARIF_HELD) {
		ct_text_add(out, "takes ");
		ct_words_object(out, in->naming, place->step->holds);
	} else if (place->role == CT_SARIF_WANTED) {
		ct_words_want(out, in->naming, place->step);
	} else {
		ct_text_add(out, "was here");
	}
}

/* RFC 3986: all but unreserved characters and the slash is written %XX. */
static void add_uri_path(struct ct_text *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";

	for (; *path; path++) {
		if (strchr(plain, *path))
			ct_text_addc(out, *path);
		else
			ct_text_addf(out, "%%%02X", (unsigned char)*path);
	}
}

/* The content of `text`, which is finished, as JSON. */
static json_t *take_string(struct ct_sarif *sarif, struct ct_text *text)
{
	json_t *value = NULL;

	if (ct_text_status(text) == CT_OK)
		value = ct_json_string(&sarif->json, ct_text_str(text));
	else
		sarif->json.failed = true;
	ct_text_fini(text);
	return value;
}

json_t *ct_sarif_folder_uri(struct ct_sarif *sarif, const char *path)
{
	struct ct_text uri;

	ct_text_init(&uri);
	ct_text_add(&uri, "file://");
	add_uri_path(&uri, path);
	if (!*path || path[strlen(path) - 1] != '/')
		ct_text_addc(&uri, '/');
	return take_string(sarif, &uri);
}

static json_t *artifact_location(struct ct_sarif *sarif, const char *file)
{
	const char *below = ct_path_below(sarif->in->directory, file);
	json_t *location = ct_json_object(&sarif->json);
	struct ct_text uri;

	ct_text_init(&uri);
	if (below[0] == '/')
		ct_text_add(&uri, "file://");
	add_uri_path(&uri, below);
	ct_json_set(&sarif->json, location, "uri", take_string(sarif, &uri));
	if (below[0] != '/' && sarif->in->directory)
		ct_json_set_string(&sarif->json, location, "uriBaseId", CT_SARIF_BASE);
	return location;
}

static json_t *physical_location(struct ct_sarif *sarif, const struct ct_frame *frame)
{
	struct ct_json *json = &sarif->json;
	json_t *physical = ct_json_object(json), *region;

	ct_json_set(json, physical, "artifactLocation", artifact_location(sarif, frame->file));
	if (frame->line > 0) {
		region = ct_json_object(json);
		ct_json_set(json, region, "startLine", ct_json_integer(json, frame->line));
		ct_json_set(json, physical, "region", region);
	}
	return physical;
}

static json_t *logical_locations(struct ct_sarif *sarif, const char *function)
{
	struct ct_json *json = &sarif->json;
	json_t *array = ct_json_array(json), *logical = ct_json_object(json);

	ct_json_set_string(json, logical, "name", function);
	ct_json_set_string(json, logical, "kind", "function");
	ct_json_append(json, array, logical);
	return array;
}

/* A location with `text`, which is finished, as its message. */
static json_t *make_location(struct ct_sarif *sarif, const struct ct_place *place,
			     struct ct_text *text, int id)
{
	struct ct_json *json = &sarif->json;
	json_t *location = ct_json_object(json), *message = ct_json_object(json);
	struct ct_shown_stack shown;

	if (id)
		ct_json_set(json, location, "id", ct_json_integer(json, id));
	ct_stack_shown(sarif->in->symbols, place->process, place->stack, &shown);
	if (shown.top && shown.top->file)
		ct_json_set(json, location, "physicalLocation",
			    physical_location(sarif, shown.top));
	if (shown.top && shown.top->function)
		ct_json_set(json, location, "logicalLocations",
			    logical_locations(sarif, shown.top->function));
	ct_json_set(json, message, "text", take_string(sarif, text));
	ct_json_set(json, location, "message", message);
	return location;
}

json_t *ct_sarif_location(struct ct_sarif *sarif, const struct ct_sarif_place *place, int id)
{
	struct ct_text text;

	ct_text_init(&text);
	describe(&text, sarif->in, place);
	return make_location(sarif, place->place, &text, id);
}

json_t *ct_sarif_witness(struct ct_sarif *sarif, const struct ct_witness_event *event)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_text_addf(&text, "%s %s ", ct_name_thread(sarif->in->naming, event->place.thread),
		     event->verb);
	if (event->object)
		ct_words_object(&text, sarif->in->naming, event->object);
	else if (event->other)
		ct_text_add(&text, ct_name_thread(sarif->in->naming, event->other));
	return make_location(sarif, &event->place, &text, 0);
}
