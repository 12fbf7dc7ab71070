#include "report/sarif_place.h"

#include <string.h>

#include "base/text.h"
#include "model/names.h"
#include "report/race_words.h"
#include "finding/stack.h"
#include "report/stand_in.h"
#include "report/words.h"

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

/* Sections 3.11.5 and 3.11.6 of the standard: braces are doubled, as {0} is a placeholder; [a](b)
 * is a link, which a space prevents: the escape for it would be seen by those who do not know it.
 */
json_t *ct_sarif_message(struct ct_sarif *sarif, const char *text)
{
	json_t *message = ct_json_object(&sarif->json);
	struct ct_text clean;

	ct_text_init(&clean);
	for (const char *at = text; *at; at++) {
		ct_text_addc(&clean, *at);
		if (*at == '{' || *at == '}')
			ct_text_addc(&clean, *at);
		if (*at == ']' && at[1] == '(')
			ct_text_addc(&clean, ' ');
	}
	ct_json_set(&sarif->json, message, "text", take_string(sarif, &clean));
	return message;
}

json_t *ct_sarif_folder(struct ct_sarif *sarif, const char *path)
{
	json_t *location = ct_json_object(&sarif->json);
	struct ct_text uri;

	ct_text_init(&uri);
	ct_text_add(&uri, "file://");
	add_uri_path(&uri, path);
	if (!*path || path[strlen(path) - 1] != '/')
		ct_text_addc(&uri, '/');
	ct_json_set(&sarif->json, location, "uri", take_string(sarif, &uri));
	return location;
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

/* Columns are not known: the region is the line. Its end is said although the standard has it from
 * the beginning, as code hosts ask for it. */
static json_t *make_region(struct ct_sarif *sarif, int line)
{
	struct ct_json *json = &sarif->json;
	json_t *region = ct_json_object(json);

	ct_json_set(json, region, "startLine", ct_json_integer(json, line));
	ct_json_set(json, region, "startColumn", ct_json_integer(json, 1));
	ct_json_set(json, region, "endLine", ct_json_integer(json, line));
	return region;
}

/* `frame` is NULL if nothing is known. */
static json_t *physical_location(struct ct_sarif *sarif, const struct ct_frame *frame,
				 const struct ct_thread *thread)
{
	struct ct_json *json = &sarif->json;
	json_t *physical = ct_json_object(json), *artifact;
	int line = 1;

	if (frame && frame->file) {
		artifact = artifact_location(sarif, frame->file);
		line = frame->line > 0 ? frame->line : 1;
	} else {
		artifact = artifact_location(sarif, ct_stand_in(sarif->in, frame, thread));
	}
	ct_json_set(json, physical, "artifactLocation", artifact);
	ct_json_set(json, physical, "region", make_region(sarif, line));
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

/* A location with `text`, which is finished and released, as its message. */
static json_t *make_location(struct ct_sarif *sarif, const struct ct_place *place,
			     struct ct_text *text, int id)
{
	struct ct_json *json = &sarif->json;
	json_t *location = ct_json_object(json);
	struct ct_shown_stack shown;

	if (id)
		ct_json_set(json, location, "id", ct_json_integer(json, id));
	ct_stack_shown(sarif->in->symbols, place->process, place->stack, &shown);
	ct_json_set(json, location, "physicalLocation",
		    physical_location(sarif, shown.top, place->thread));
	if (shown.top && shown.top->function)
		ct_json_set(json, location, "logicalLocations",
			    logical_locations(sarif, shown.top->function));
	ct_json_set(json, location, "message", ct_sarif_message(sarif, ct_text_str(text)));
	if (ct_text_status(text))
		json->failed = true;
	ct_text_fini(text);
	return location;
}

json_t *ct_sarif_location(struct ct_sarif *sarif, const struct ct_finding_place *place, int id)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_finding_place_text(&text, sarif->in, place);
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

json_t *ct_sarif_program(struct ct_sarif *sarif)
{
	json_t *location = ct_json_object(&sarif->json);

	ct_json_set(&sarif->json, location, "physicalLocation",
		    physical_location(sarif, NULL, NULL));
	return location;
}
