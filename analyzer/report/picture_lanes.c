#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/picture.h"
#include "report/picture_rows.h"
#include "report/timing_words.h"

#define LEFT 200.0
#define RIGHT CT_PICTURE_RIGHT
#define NARROW 0.8 /* what is narrower is joined with its neighbours */
#define WIDE 4.0   /* what is wider can be pointed at, and has a tooltip */
#define LABEL_LINE 10.0

struct lanes_picture {
	const struct ct_timing *timing;
	struct ct_svg *svg;
	struct ct_picture_rows rows;
	struct ct_picture_axis axis;
	bool occurs[CT_ACTIVITIES];
};

/* A lane while it is drawn. Rectangles without tooltip are gathered into one path for each
 * activity: there may be a thousand to a lane. */
struct strip {
	double from, to; /* pixels that are not drawn yet */
	/* By activity: pixels that were not drawn yet, also of earlier strips: so that the shares
	 * of what is joined come out right. */
	double owed[CT_ACTIVITIES];
	bool present[CT_ACTIVITIES];
	struct ct_text paths[CT_ACTIVITIES];
};

static double at(const struct lanes_picture *picture, uint64_t time_ns)
{
	return ct_picture_at(&picture->axis, (double)time_ns / 1e9);
}

static double bar_height(const struct lanes_picture *picture)
{
	return picture->rows.height * 0.8;
}

static void add_rect(const struct lanes_picture *picture, struct ct_text *path, double x, double y,
		     double width)
{
	ct_text_addc(path, 'M');
	ct_svg_number(path, x);
	ct_svg_number(path, y);
	ct_text_addc(path, 'h');
	ct_svg_number(path, width);
	ct_text_addc(path, 'v');
	ct_svg_number(path, bar_height(picture));
	ct_text_addc(path, 'h');
	ct_svg_number(path, -width);
	ct_text_addc(path, 'z');
}

/* Draws what is pending as the activity that is owed most. */
static void flush(const struct lanes_picture *picture, struct strip *strip, double y)
{
	size_t best = CT_ACTIVITIES;

	if (!(strip->to > strip->from))
		return;
	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		if (strip->present[i] &&
		    (best == CT_ACTIVITIES || strip->owed[i] > strip->owed[best]))
			best = i;
	if (best < CT_ACTIVITIES) {
		strip->owed[best] -= strip->to - strip->from;
		add_rect(picture, &strip->paths[best], strip->from, y, strip->to - strip->from);
	}
	memset(strip->present, 0, sizeof(strip->present));
	strip->from = strip->to;
}

static void draw_wide(const struct lanes_picture *picture, const struct ct_thread *thread,
		      const struct ct_lane_item *item, double y)
{
	const struct ct_model *model = picture->timing->model;
	struct ct_text tooltip;

	ct_text_init(&tooltip);
	ct_text_addf(&tooltip, "%s: %s%s", ct_name_thread(picture->timing->naming, thread),
		     item->mixed ? "mostly " : "", ct_activity_name(item->activity));
	if (item->object && item->object <= model->object_count)
		ct_text_addf(&tooltip, " %s",
			     ct_name_object_short(picture->timing->naming,
						  model->objects[item->object - 1]));
	ct_text_add(&tooltip, ", ");
	ct_timing_add_time(&tooltip, item->to_ns - item->from_ns);
	ct_text_add(&tooltip, " from ");
	ct_timing_add_time(&tooltip, item->from_ns);
	ct_svg_rect(picture->svg, at(picture, item->from_ns), y,
		    at(picture, item->to_ns) - at(picture, item->from_ns), bar_height(picture),
		    ct_picture_activity(item->activity), ct_text_str(&tooltip));
	ct_text_fini(&tooltip);
}

static void draw_item(struct lanes_picture *picture, struct strip *strip,
		      const struct ct_thread *thread, const struct ct_lane_item *item, double y)
{
	double from = at(picture, item->from_ns), to = at(picture, item->to_ns);
	double narrow = picture->rows.count > 50 ? 2 * NARROW : NARROW;

	if (to - from >= WIDE) {
		flush(picture, strip, y);
		draw_wide(picture, thread, item, y);
		strip->from = strip->to = to;
		return;
	}
	strip->to = to;
	strip->owed[item->activity] += to - from;
	strip->present[item->activity] = true;
	if (to - strip->from >= narrow)
		flush(picture, strip, y);
}

/* The trace does not have its end: teeth instead of an edge. */
static void draw_torn(const struct lanes_picture *picture, double x, double y)
{
	double tooth = bar_height(picture) / 4;
	struct ct_text data;

	ct_text_init(&data);
	ct_text_addc(&data, 'M');
	ct_svg_number(&data, x + 1);
	ct_svg_number(&data, y);
	for (int i = 1; i <= 4; i++) {
		ct_text_addc(&data, 'L');
		ct_svg_number(&data, i % 2 ? x - 4 : x + 1);
		ct_svg_number(&data, y + tooth * i);
	}
	ct_svg_path(picture->svg, ct_text_str(&data), "torn", "its end was not recorded");
	ct_text_fini(&data);
}

static void draw_lane(struct lanes_picture *picture, const struct ct_picture_row *row)
{
	const struct ct_thread *thread = row->thread->thread;
	const struct ct_lane *lane = &picture->timing->lanes->threads[thread->id];
	double y = row->y + picture->rows.height * 0.1;
	struct strip strip = {.from = 0};

	if (!lane->item_count)
		return;
	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		ct_text_init(&strip.paths[i]);
	strip.from = strip.to = at(picture, lane->items[0].from_ns);
	ct_svg_group_begin(picture->svg, "lane");
	for (size_t i = 0; i < lane->item_count; i++)
		draw_item(picture, &strip, thread, &lane->items[i], y);
	flush(picture, &strip, y);
	for (size_t i = 0; i < CT_ACTIVITIES; i++) {
		if (strip.paths[i].len)
			ct_svg_path(picture->svg, ct_text_str(&strip.paths[i]),
				    ct_picture_activity(i), NULL);
		ct_text_fini(&strip.paths[i]);
	}
	if (lane->items[lane->item_count - 1].open)
		draw_torn(picture, at(picture, lane->items[lane->item_count - 1].to_ns), y);
	ct_svg_group_end(picture->svg);
}

/* "T2 of bank (pid 4711)" is T2 in the frame of that process. */
static void add_short_name(struct ct_text *out, struct ct_naming *naming,
			   const struct ct_thread *thread)
{
	static const char of[] = " of ";
	const char *name = ct_name_thread(naming, thread), *cut = NULL, *found = name;

	if (naming->model->process_count > 1)
		while ((found = strstr(found, of)))
			cut = found++;
	ct_text_reset(out);
	ct_text_addn(out, name, cut ? (size_t)(cut - name) : strlen(name));
}

/* A label where it does not touch the one above. */
static void draw_labels(const struct lanes_picture *picture)
{
	const struct ct_picture_rows *rows = &picture->rows;
	double font = rows->height >= 13 ? 11 : rows->height >= LABEL_LINE ? rows->height - 1.5 : 9;
	struct ct_text name;
	double next = 0;

	ct_text_init(&name);
	for (size_t i = 0; i < rows->count; i++) {
		const struct ct_picture_row *row = &rows->rows[i];
		double base = row->y + rows->height / 2 + font * 0.35;

		if (!row->first && row->y < next)
			continue;
		next = row->y + (rows->height < LABEL_LINE ? LABEL_LINE : rows->height) - 0.01;
		add_short_name(&name, picture->timing->naming, row->thread->thread);
		ct_svg_text_in(picture->svg, LEFT - 8, base, font, LEFT - 8 - CT_PICTURE_MARGIN - 6,
			       CT_SVG_RIGHT, "text", ct_text_str(&name));
	}
	ct_text_fini(&name);
}

static void draw_frames(const struct lanes_picture *picture)
{
	const struct ct_picture_rows *rows = &picture->rows;
	const struct ct_picture_row *first = rows->rows;
	struct ct_text name;

	ct_text_init(&name);
	for (size_t i = 0; i < rows->count; i++) {
		const struct ct_process *process = rows->rows[i].thread->thread->process;

		if (rows->rows[i].first)
			first = &rows->rows[i];
		if (!rows->rows[i].last)
			continue;
		ct_svg_rect(picture->svg, CT_PICTURE_MARGIN, first->y - 15,
			    RIGHT + 8 - CT_PICTURE_MARGIN,
			    rows->rows[i].y + rows->height + 17 - first->y, "frame", NULL);
		ct_text_reset(&name);
		ct_text_addf(&name, "%s (pid %u)", process->name ? process->name : "process",
			     process->pid);
		ct_svg_text_in(picture->svg, CT_PICTURE_MARGIN + 6, first->y - 4, CT_PICTURE_SMALL,
			       RIGHT - CT_PICTURE_MARGIN - 6, CT_SVG_LEFT, "title",
			       ct_text_str(&name));
	}
	ct_text_fini(&name);
}

static void see_activities(struct lanes_picture *picture)
{
	for (size_t i = 0; i < picture->rows.count; i++) {
		size_t id = picture->rows.rows[i].thread->thread->id;
		const struct ct_lane *lane = &picture->timing->lanes->threads[id];

		for (size_t k = 0; k < lane->item_count; k++)
			picture->occurs[lane->items[k].activity] = true;
	}
}

static double draw_legend(const struct lanes_picture *picture, struct ct_svg *svg)
{
	struct ct_picture_legend legend = {svg, CT_PICTURE_MARGIN, CT_PICTURE_TOP + 12};

	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		if (picture->occurs[i])
			ct_picture_legend_add(&legend, ct_picture_activity(i), ct_activity_name(i));
	return legend.y + 8;
}

static void add_subtitle(struct ct_text *out, const struct lanes_picture *picture, size_t arrows)
{
	ct_text_addf(out, "%s in ", ct_timing_command(picture->timing));
	ct_timing_add_time(out, picture->timing->wall_ns);
	if (picture->rows.left_out)
		ct_text_addf(out, "; the %zu busiest threads are shown, %zu are left out",
			     picture->rows.count, picture->rows.left_out);
	if (arrows)
		ct_text_addf(out, "; %zu arrows of shorter waits left out", arrows);
	if (picture->timing->lanes->quantum_ns) {
		ct_text_add(out, "; joined below ");
		ct_timing_add_time(out, picture->timing->lanes->quantum_ns);
	}
}

static enum ct_status begin(struct lanes_picture *picture)
{
	struct ct_text title, subtitle;
	enum ct_status status;
	size_t left_out;

	status =
		ct_picture_arrows(NULL, picture->timing, &picture->rows, &picture->axis, &left_out);
	if (status)
		return status;
	ct_text_init(&title);
	ct_text_init(&subtitle);
	ct_text_addf(&title, "%s: what %zu thread%s did", ct_timing_program(picture->timing),
		     picture->rows.count + picture->rows.left_out,
		     picture->rows.count == 1 ? "" : "s");
	add_subtitle(&subtitle, picture, left_out);
	status = ct_picture_new(picture->rows.bottom + 48, ct_text_str(&title),
				ct_text_str(&subtitle), &picture->svg);
	ct_text_fini(&title);
	ct_text_fini(&subtitle);
	return status;
}

static enum ct_status draw(struct lanes_picture *picture, double top, struct ct_text *out)
{
	struct ct_svg *svg;
	enum ct_status status = begin(picture), finish;
	size_t left_out;

	if (status)
		return status;
	svg = picture->svg;
	(void)draw_legend(picture, svg);
	ct_picture_axis_below(svg, &picture->axis, picture->rows.bottom, top, "time");
	draw_frames(picture);
	for (size_t i = 0; i < picture->rows.count; i++)
		draw_lane(picture, &picture->rows.rows[i]);
	draw_labels(picture);
	status = ct_picture_arrows(svg, picture->timing, &picture->rows, &picture->axis, &left_out);
	finish = ct_svg_finish(svg, out);
	return status ? status : finish;
}

enum ct_status ct_picture_lanes(const struct ct_timing *timing, struct ct_text *out)
{
	struct lanes_picture picture = {.timing = timing};
	enum ct_status status = ct_picture_rows_make(timing, 0, &picture.rows);
	double top;

	if (status)
		return status;
	see_activities(&picture);
	top = draw_legend(&picture, NULL);
	ct_picture_rows_fini(&picture.rows);
	picture.axis = ct_picture_axis_time((double)timing->wall_ns / 1e9, LEFT, RIGHT);
	status = ct_picture_rows_make(timing, top, &picture.rows);
	if (status)
		return status;
	status = draw(&picture, top, out);
	ct_picture_rows_fini(&picture.rows);
	return status;
}
