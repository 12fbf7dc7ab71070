#include "report/html_timeline_data.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "report/json.h"
#include "report/picture_parts.h"

#define MOST_STRINGS (1u << 24) /* the key of a kind has room for so many */
#define MOST_REGIONS 30000u
#define NOT_THERE (-1)

struct writer {
	const struct ct_timing *timing;
	struct ct_json json;
	struct ct_arena arena; /* of `strings` */
	struct ct_names strings;
	struct ct_map objects; /* id -> string + 1 */
	struct ct_map places;  /* process and stack -> string + 1 */
	struct ct_map kinds;   /* key -> number */
	json_t *kind_array;    /* in the result */
	uint32_t *number_of;   /* by thread id: number in the result + 1; owned */
	size_t regions, regions_left_out;
};

static void add_number(struct writer *w, json_t *array, json_int_t number)
{
	ct_json_append(&w->json, array, ct_json_integer(&w->json, number));
}

/* Its number + 1, or 0: there is no text, or there are too many. */
static uint64_t string_number(struct writer *w, const char *text)
{
	uint32_t id = 0;

	if (!text)
		return 0;
	if (ct_names_count(&w->strings) >= MOST_STRINGS - 1)
		return ct_names_find(&w->strings, text, &id) ? (uint64_t)id + 1 : 0;
	if (ct_names_intern(&w->strings, text, &id)) {
		w->json.failed = true;
		return 0;
	}
	return (uint64_t)id + 1;
}

static void remember(struct writer *w, struct ct_map *map, uint64_t key, uint64_t value)
{
	if (ct_map_put(map, key, value))
		w->json.failed = true;
}

/* `object`: id + 1, or 0. */
static uint64_t object_number(struct writer *w, uint32_t object)
{
	const struct ct_model *model = w->timing->model;
	uint64_t number = 0;

	if (!object || object > model->object_count)
		return 0;
	if (ct_map_get(&w->objects, object, &number))
		return number;
	number = string_number(w, ct_name_object(w->timing->naming, model->objects[object - 1]));
	remember(w, &w->objects, object, number);
	return number;
}

static uint64_t place_number(struct writer *w, const struct ct_thread *thread, uint32_t stack)
{
	uint32_t process = thread->process->number;
	uint64_t key = (uint64_t)process << 32 | stack, number = 0;

	if (!stack)
		return 0;
	if (ct_map_get(&w->places, key, &number))
		return number;
	number = string_number(w, ct_name_place(w->timing->naming, process, stack));
	remember(w, &w->places, key, number);
	return number;
}

static json_int_t new_kind(struct writer *w, json_int_t activity, bool mixed, uint64_t object,
			   uint64_t place)
{
	json_int_t number = (json_int_t)(json_array_size(w->kind_array) / 4);

	add_number(w, w->kind_array, activity);
	add_number(w, w->kind_array, mixed);
	add_number(w, w->kind_array, (json_int_t)object);
	add_number(w, w->kind_array, (json_int_t)place);
	return number;
}

static json_int_t kind_of(struct writer *w, const struct ct_thread *thread,
			  const struct ct_lane_item *item)
{
	uint64_t object = object_number(w, item->object);
	uint64_t place = place_number(w, thread, item->stack);
	uint64_t key = ((uint64_t)item->activity << 1 | item->mixed) << 48 | object << 24 | place;
	uint64_t number = 0;

	if (ct_map_get(&w->kinds, key, &number))
		return (json_int_t)number;
	number = (uint64_t)new_kind(w, item->activity, item->mixed, object, place);
	remember(w, &w->kinds, key, number);
	return (json_int_t)number;
}

/* Items follow each other without gaps but where a thread ended and went on. */
static json_t *make_items(struct writer *w, const struct ct_thread *thread,
			  const struct ct_lane *lane)
{
	json_t *items = ct_json_array(&w->json);
	uint64_t now = lane->item_count ? lane->items[0].from_ns : 0;

	for (size_t i = 0; i < lane->item_count; i++) {
		const struct ct_lane_item *item = &lane->items[i];

		if (item->from_ns > now) {
			add_number(w, items, (json_int_t)(item->from_ns - now));
			add_number(w, items, 0);
			now = item->from_ns;
		}
		add_number(w, items, item->to_ns > now ? (json_int_t)(item->to_ns - now) : 0);
		add_number(w, items, kind_of(w, thread, item));
		now = item->to_ns > now ? item->to_ns : now;
	}
	return items;
}

static json_t *make_regions(struct writer *w, const struct ct_lane *lane)
{
	json_t *regions = ct_json_array(&w->json);
	uint64_t now = 0;

	for (size_t i = 0; i < lane->region_count; i++) {
		const struct ct_lane_region *region = &lane->regions[i];

		if (++w->regions > MOST_REGIONS) {
			w->regions_left_out++;
			continue;
		}
		add_number(w, regions, (json_int_t)(region->from_ns - now));
		add_number(w, regions, (json_int_t)(region->to_ns - region->from_ns));
		add_number(w, regions, (json_int_t)string_number(w, region->name));
		now = region->from_ns;
	}
	return regions;
}

static json_t *make_thread(struct writer *w, size_t id)
{
	const struct ct_lane *lane = &w->timing->lanes->threads[id];
	const struct ct_thread *thread = w->timing->model->threads[id];
	const char *process = ct_name_process(w->timing->naming, thread->process);
	json_t *object = ct_json_object(&w->json);

	ct_json_set(&w->json, object, "id", ct_json_integer(&w->json, (json_int_t)id));
	ct_json_set_string(&w->json, object, "name", ct_name_thread(w->timing->naming, thread));
	ct_json_set(&w->json, object, "process",
		    ct_json_integer(&w->json, (json_int_t)string_number(w, process)));
	ct_json_set(&w->json, object, "from",
		    ct_json_integer(&w->json, (json_int_t)lane->items[0].from_ns));
	ct_json_set(&w->json, object, "items", make_items(w, thread, lane));
	if (lane->region_count)
		ct_json_set(&w->json, object, "regions", make_regions(w, lane));
	if (lane->items[lane->item_count - 1].open)
		ct_json_set(&w->json, object, "open", json_true());
	return object;
}

static json_t *make_threads(struct writer *w)
{
	const struct ct_lanes *lanes = w->timing->lanes;
	json_t *threads = ct_json_array(&w->json);

	for (size_t i = 0; i < lanes->thread_count; i++) {
		if (!lanes->threads[i].item_count)
			continue;
		ct_json_append(&w->json, threads, make_thread(w, i));
		w->number_of[i] = (uint32_t)json_array_size(threads);
	}
	return threads;
}

static json_t *make_arrows(struct writer *w)
{
	const struct ct_lanes *lanes = w->timing->lanes;
	json_t *arrows = ct_json_array(&w->json);
	uint64_t now = 0;

	for (size_t i = 0; i < lanes->arrow_count; i++) {
		const struct ct_lane_arrow *arrow = &lanes->arrows[i];
		uint32_t from = w->number_of[arrow->from->id], to = w->number_of[arrow->to->id];

		if (!from || !to)
			continue;
		add_number(w, arrows, (json_int_t)(arrow->to_ns - now));
		add_number(w, arrows, (json_int_t)arrow->to_ns - (json_int_t)arrow->from_ns);
		add_number(w, arrows, from - 1);
		add_number(w, arrows, to - 1);
		add_number(w, arrows, (json_int_t)arrow->waited_ns);
		add_number(w, arrows, arrow->activity);
		add_number(w, arrows, (json_int_t)object_number(w, arrow->object));
		now = arrow->to_ns;
	}
	return arrows;
}

static json_t *make_activities(struct writer *w)
{
	json_t *activities = ct_json_array(&w->json);

	for (size_t i = 0; i < CT_ACTIVITIES; i++) {
		const struct ct_picture_look *look = ct_picture_look(i);
		json_t *activity = ct_json_array(&w->json);

		ct_json_append(&w->json, activity, ct_json_string(&w->json, ct_activity_name(i)));
		ct_json_append(&w->json, activity, ct_json_string(&w->json, look->colour));
		ct_json_append(&w->json, activity,
			       look->hatch ? ct_json_string(&w->json, look->hatch) : json_null());
		ct_json_append(&w->json, activities, activity);
	}
	return activities;
}

static json_t *make_strings(struct writer *w)
{
	json_t *strings = ct_json_array(&w->json);

	for (uint32_t i = 0; i < ct_names_count(&w->strings); i++)
		ct_json_append(&w->json, strings,
			       ct_json_string(&w->json, ct_names_text(&w->strings, i)));
	return strings;
}

static json_t *make_all(struct writer *w)
{
	const struct ct_lanes *lanes = w->timing->lanes;
	json_t *all = ct_json_object(&w->json), *left_out = ct_json_array(&w->json);
	struct ct_json *json = &w->json;

	ct_json_set(json, all, "wall", ct_json_integer(json, (json_int_t)w->timing->wall_ns));
	ct_json_set(json, all, "quantum", ct_json_integer(json, (json_int_t)lanes->quantum_ns));
	ct_json_set(json, all, "activities", make_activities(w));
	w->kind_array = ct_json_array(json);
	ct_json_set(json, all, "kinds", w->kind_array);
	(void)new_kind(w, NOT_THERE, false, 0, 0);
	ct_json_set(json, all, "threads", make_threads(w));
	ct_json_set(json, all, "arrows", make_arrows(w));
	ct_json_set(json, all, "strings", make_strings(w));
	add_number(w, left_out, (json_int_t)lanes->arrows_left_out);
	add_number(w, left_out,
		   (json_int_t)lanes->regions_left_out + (json_int_t)w->regions_left_out);
	ct_json_set(json, all, "leftOut", left_out);
	return all;
}

enum ct_status ct_html_timeline_data(const struct ct_timing *timing, json_t **out_data)
{
	struct writer w = {.timing = timing};
	json_t *data = NULL;

	ct_arena_init(&w.arena);
	ct_names_init(&w.strings, &w.arena);
	ct_map_init(&w.objects);
	ct_map_init(&w.places);
	ct_map_init(&w.kinds);
	w.number_of = calloc(timing->lanes->thread_count + 1, sizeof(*w.number_of));
	if (w.number_of)
		data = make_all(&w);
	free(w.number_of);
	ct_map_fini(&w.kinds);
	ct_map_fini(&w.places);
	ct_map_fini(&w.objects);
	ct_names_fini(&w.strings);
	ct_arena_fini(&w.arena);
	if (!data || w.json.failed) {
		json_decref(data);
		return CT_ENOMEM;
	}
	*out_data = data;
	return CT_OK;
}
