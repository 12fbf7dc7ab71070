#include "report/json_finding.h"

#include "base/text.h"
#include "finding/stack.h"
#include "model/names.h"
#include "report/entry.h"
#include "report/finding_about.h"
#include "report/finding_place.h"
#include "report/race_words.h"
#include "report/words.h"

/* Of a finished text, which is then released. */
static void set_text(struct ct_json *json, json_t *object, const char *key, struct ct_text *text)
{
	if (ct_text_status(text))
		json->failed = true;
	else
		ct_json_set_string(json, object, key, ct_text_str(text));
	ct_text_fini(text);
}

/* In one line, free of what a terminal could obey; nothing of a NULL text. */
static void set_line(struct ct_json *json, json_t *object, const char *key, const char *line)
{
	struct ct_text text;

	if (!line)
		return;
	ct_text_init(&text);
	ct_text_add_printable(&text, line);
	set_text(json, object, key, &text);
}

static void set_count(struct ct_json *json, json_t *object, const char *key, size_t count)
{
	ct_json_set(json, object, key, ct_json_integer(json, (json_int_t)count));
}

static json_t *make_frame(struct ct_json *json, const struct ct_report *in,
			  const struct ct_frame *frame)
{
	json_t *object = ct_json_object(json);

	set_line(json, object, "function", frame->function);
	if (frame->file)
		set_line(json, object, "file", ct_path_below(in->directory, frame->file));
	if (frame->line > 0)
		ct_json_set(json, object, "line", ct_json_integer(json, frame->line));
	if (frame->module) {
		set_line(json, object, "module", frame->module);
		ct_json_set(json, object, "offset",
			    ct_json_integer(json, (json_int_t)frame->offset));
	}
	return object;
}

static void set_stack(struct ct_json *json, const struct ct_report *in, json_t *object,
		      const struct ct_place *place)
{
	json_t *array = ct_json_array(json);
	struct ct_shown_stack shown;

	ct_stack_shown(in->symbols, place->process, place->stack, &shown);
	for (size_t i = 0; i < shown.count && i < CT_JSON_FRAMES; i++)
		ct_json_append(json, array, make_frame(json, in, &shown.frames[i]));
	ct_json_set(json, object, "stack", array);
	if (shown.count > CT_JSON_FRAMES)
		set_count(json, object, "more_frames", shown.count - CT_JSON_FRAMES);
}

static const char *role_name(enum ct_place_role role)
{
	static const char *const names[] = {[CT_PLACE_HELD] = "holds",
					    [CT_PLACE_WANTED] = "wants",
					    [CT_PLACE_ACCESS] = "access",
					    [CT_PLACE_FURTHER] = "further"};

	return names[role];
}

static json_t *make_place(struct ct_json *json, const struct ct_report *in,
			  const struct ct_finding_place *place)
{
	json_t *object = ct_json_object(json);
	struct ct_text words, line;

	ct_text_init(&words);
	ct_text_init(&line);
	ct_finding_place_text(&words, in, place);
	ct_text_add_printable(&line, ct_text_str(&words));
	if (ct_text_status(&words))
		json->failed = true;
	if (place->thread)
		set_line(json, object, "thread", ct_name_thread(in->naming, place->thread));
	ct_json_set_string(json, object, "role", role_name(place->role));
	set_text(json, object, "text", &line);
	set_stack(json, in, object, place->place);
	ct_text_fini(&words);
	return object;
}

static void set_places(struct ct_json *json, const struct ct_report *in, json_t *object,
		       const struct ct_finding *finding)
{
	size_t count = ct_finding_place_count(finding);
	json_t *array = ct_json_array(json);

	for (size_t i = 0; i < count && i < CT_JSON_PLACES; i++) {
		const struct ct_finding_place place = ct_finding_place(finding, i);

		ct_json_append(json, array, make_place(json, in, &place));
	}
	ct_json_set(json, object, "places", array);
	if (count > CT_JSON_PLACES)
		set_count(json, object, "more_places", count - CT_JSON_PLACES);
}

static void set_location(struct ct_json *json, json_t *object, const struct ct_entry *entry)
{
	json_t *location;

	if (!entry->file && !entry->function)
		return;
	location = ct_json_object(json);
	ct_json_set_string(json, location, "file", entry->file);
	if (entry->line)
		ct_json_set(json, location, "line", ct_json_integer(json, entry->line));
	ct_json_set_string(json, location, "function", entry->function);
	ct_json_set(json, object, "location", location);
}

static void set_about(struct ct_json *json, const struct ct_report *in, json_t *object,
		      const struct ct_finding *finding)
{
	struct ct_text text, line;

	ct_text_init(&text);
	ct_text_init(&line);
	ct_finding_about(&text, in, finding);
	ct_text_add_printable(&line, ct_text_str(&text));
	if (ct_text_status(&text))
		json->failed = true;
	if (line.len)
		set_text(json, object, "about", &line);
	else
		ct_text_fini(&line);
	ct_text_fini(&text);
}

/* Of a race that was caught. */
static void set_values(struct ct_json *json, const struct ct_report *in, json_t *object,
		       const struct ct_finding *finding)
{
	struct ct_text text, line;

	if (!finding->race)
		return;
	ct_text_init(&text);
	ct_text_init(&line);
	if (ct_race_add_values(&text, in->naming, finding->race)) {
		ct_text_add_printable(&line, ct_text_str(&text));
		ct_json_set_string(json, object, "value", ct_text_str(&line));
	}
	if (ct_text_status(&text) || ct_text_status(&line))
		json->failed = true;
	ct_text_fini(&text);
	ct_text_fini(&line);
}

static void set_details(struct ct_json *json, const struct ct_report *in, json_t *object,
			const struct ct_entry *entry)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_entry_details(&text, in, entry);
	set_text(json, object, "details", &text);
}

json_t *ct_json_finding(struct ct_json *json, const struct ct_report *in,
			const struct ct_entry *entry)
{
	const struct ct_finding *finding = entry->finding;
	json_t *object = ct_json_object(json);

	ct_json_set_string(json, object, "id", entry->id);
	ct_json_set_string(json, object, "rule", finding->rule->id);
	ct_json_set_string(json, object, "family", ct_family_text(finding->rule->family));
	ct_json_set_string(json, object, "title", finding->rule->title);
	ct_json_set_string(json, object, "severity", ct_severity_text(finding->severity));
	ct_json_set_string(json, object, "evidence", ct_evidence_text(finding->evidence));
	ct_json_set(json, object, "fails", json_boolean(entry->fails));
	ct_json_set_string(json, object, "headline", entry->headline);
	set_about(json, in, object, finding);
	set_line(json, object, "assumes", finding->assumes);
	set_line(json, object, "rerun", finding->rerun);
	set_values(json, in, object, finding);
	ct_json_set_string(json, object, "fix", entry->fix);
	set_location(json, object, entry);
	set_places(json, in, object, finding);
	set_details(json, in, object, entry);
	return object;
}

json_t *ct_json_hidden(struct ct_json *json, const struct ct_report *in,
		       const struct ct_finding *finding)
{
	json_t *object = ct_json_object(json);
	char id[CT_FINGERPRINT_BYTES];
	struct ct_text headline;

	ct_text_init(&headline);
	ct_words_headline(&headline, in->naming, finding);
	ct_fingerprint_write(finding, id);
	ct_json_set_string(json, object, "id", id);
	ct_json_set_string(json, object, "rule", finding->rule->id);
	ct_json_set_string(json, object, "severity", ct_severity_text(finding->severity));
	ct_json_set_string(json, object, "evidence", ct_evidence_text(finding->evidence));
	set_text(json, object, "headline", &headline);
	ct_json_set_string(json, object, "why", ct_hiding_text(finding->hiding));
	set_line(json, object, "reason", finding->hidden_by);
	return object;
}
