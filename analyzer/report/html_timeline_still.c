#include "report/html_timeline_still.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/html.h"
#include "report/picture_rows.h"
#include "report/timing_words.h"

#define WIDTH 1000.0
#define LEFT 150.0
#define RIGHT 990.0
#define AXIS 26.0 /* room for it, below the lanes */
#define FINEST 400u
#define LABEL_LINE 11.0
#define FONT 11.0
#define LABEL_BYTES 64

struct still {
	struct ct_html *html;
	const struct ct_timing *timing;
	struct ct_picture_rows rows;
	struct ct_picture_axis axis;
	size_t columns; /* that a lane is divided into */
};

/* A lane while it is drawn. A column shows one activity; what it does not show is owed, so that
 * the shares of a lane come out right. */
struct strip {
	double owed[CT_ACTIVITIES];
	bool present[CT_ACTIVITIES];
	size_t shown; /* activity of the bar that is pending; CT_ACTIVITIES: none */
	double from;
	struct ct_text paths[CT_ACTIVITIES];
};

static void add_fill(struct ct_html *html, enum ct_activity activity)
{
	const struct ct_picture_look *look = ct_picture_look(activity);

	if (look->hatch)
		ct_html_attrf(html, "fill", "url(#tl-%s)", look->class);
	else
		ct_html_attr(html, "fill", look->colour);
}

static void attr_number(struct ct_html *html, const char *name, double value)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_svg_number(&text, value);
	ct_html_attr(html, name, ct_text_str(&text));
	ct_text_fini(&text);
}

/* The ground is thin colour and not a tint, so that it suits light and dark pages. */
static void add_hatch(struct ct_html *html, const struct ct_picture_look *look)
{
	ct_html_begin(html, "pattern");
	ct_html_attrf(html, "id", "tl-%s", look->class);
	ct_html_attr(html, "width", "6");
	ct_html_attr(html, "height", "6");
	ct_html_attr(html, "patternUnits", "userSpaceOnUse");
	ct_html_begin(html, "path");
	ct_html_attr(html, "fill", look->colour);
	ct_html_attr(html, "fill-opacity", ".25");
	ct_html_attr(html, "d", "M0 0H6V6H0z");
	ct_html_end(html);
	ct_html_begin(html, "path");
	ct_html_attr(html, "fill", "none");
	ct_html_attr(html, "stroke", look->colour);
	ct_html_attr(html, "d", look->hatch);
	ct_html_end(html);
	ct_html_end(html);
}

void ct_html_still_hatches(struct ct_html *html)
{
	ct_html_begin(html, "svg");
	ct_html_attr(html, "width", "0");
	ct_html_attr(html, "height", "0");
	ct_html_attr(html, "class", "tl-hatches");
	ct_html_attr(html, "aria-hidden", "true");
	ct_html_begin(html, "defs");
	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		if (ct_picture_look(i)->hatch)
			add_hatch(html, ct_picture_look(i));
	ct_html_end(html);
	ct_html_end(html);
}

void ct_html_still_swatch(struct ct_html *html, enum ct_activity activity)
{
	ct_html_begin(html, "svg");
	ct_html_attr(html, "width", "24");
	ct_html_attr(html, "height", "12");
	ct_html_attr(html, "aria-hidden", "true");
	ct_html_begin(html, "rect");
	ct_html_attr(html, "width", "24");
	ct_html_attr(html, "height", "12");
	add_fill(html, activity);
	ct_html_end(html);
	ct_html_end(html);
}

static void flush(const struct still *still, struct strip *strip, double to, double y)
{
	struct ct_text *path;

	if (strip->shown == CT_ACTIVITIES)
		return;
	path = &strip->paths[strip->shown];
	ct_text_addc(path, 'M');
	ct_svg_number(path, strip->from);
	ct_svg_number(path, y);
	ct_text_addc(path, 'h');
	ct_svg_number(path, to - strip->from);
	ct_text_addc(path, 'v');
	ct_svg_number(path, still->rows.height * 0.8);
	ct_text_addc(path, 'H');
	ct_svg_number(path, strip->from);
	ct_text_addc(path, 'z');
	strip->shown = CT_ACTIVITIES;
}

/* The column from `x` on, `width` wide: neighbours of one activity are one bar. */
static void end_column(const struct still *still, struct strip *strip, double x, double width,
		       double y)
{
	size_t best = CT_ACTIVITIES;

	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		if (strip->present[i] &&
		    (best == CT_ACTIVITIES || strip->owed[i] > strip->owed[best]))
			best = i;
	memset(strip->present, 0, sizeof(strip->present));
	if (best != CT_ACTIVITIES)
		strip->owed[best] -= width;
	if (best == strip->shown)
		return;
	flush(still, strip, x, y);
	strip->shown = best;
	strip->from = x;
}

static void walk_lane(const struct still *still, struct strip *strip, const struct ct_lane *lane,
		      double y)
{
	double width = (RIGHT - LEFT) / (double)still->columns;
	size_t at = 0;

	for (size_t column = 0; column < still->columns; column++) {
		double x = LEFT + width * (double)column;

		for (; at < lane->item_count; at++) {
			const struct ct_lane_item *item = &lane->items[at];
			double from = ct_picture_at(&still->axis, (double)item->from_ns / 1e9);
			double to = ct_picture_at(&still->axis, (double)item->to_ns / 1e9);
			double part = fmin(to, x + width) - fmax(from, x);

			if (part > 0) {
				strip->owed[item->activity] += part;
				strip->present[item->activity] = true;
			}
			if (to > x + width)
				break;
		}
		end_column(still, strip, x, width, y);
	}
	flush(still, strip, RIGHT, y);
}

static void draw_lane(const struct still *still, const struct ct_picture_row *row)
{
	const struct ct_thread *thread = row->thread->thread;
	double y = row->y + still->rows.height * 0.1;
	struct strip strip = {.shown = CT_ACTIVITIES};

	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		ct_text_init(&strip.paths[i]);
	walk_lane(still, &strip, &still->timing->lanes->threads[thread->id], y);
	ct_html_begin(still->html, "g");
	ct_html_element(still->html, "title", NULL, ct_name_thread(still->timing->naming, thread));
	for (size_t i = 0; i < CT_ACTIVITIES; i++) {
		if (strip.paths[i].len) {
			ct_html_begin(still->html, "path");
			add_fill(still->html, i);
			ct_html_attr(still->html, "d", ct_text_str(&strip.paths[i]));
			ct_html_end(still->html);
		}
		if (ct_text_status(&strip.paths[i]))
			ct_html_fail(still->html);
		ct_text_fini(&strip.paths[i]);
	}
	ct_html_end(still->html);
}

static void add_text(struct ct_html *html, double x, double y, const char *anchor, const char *text)
{
	ct_html_begin(html, "text");
	attr_number(html, "x", x);
	attr_number(html, "y", y);
	ct_html_attr(html, "text-anchor", anchor);
	ct_html_text(html, text);
	ct_html_end(html);
}

/* Of a name, what fits to the left of the lanes; whole characters only. */
static void add_label(const struct still *still, const char *name, double y)
{
	const size_t most = (size_t)((LEFT - 12) / (CT_SVG_PITCH * FONT));
	char label[LABEL_BYTES];
	size_t length = strlen(name), kept = length > most ? most - 1 : length;

	while (kept < length && kept && ((unsigned char)name[kept] & 0xc0) == 0x80)
		kept--;
	memcpy(label, name, kept);
	memcpy(&label[kept], "\xe2\x80\xa6", 4);
	if (kept == length)
		label[kept] = '\0';
	add_text(still->html, LEFT - 6, y, "end", label);
}

/* A name where it does not touch the one above. */
static void draw_labels(const struct still *still)
{
	const struct ct_picture_rows *rows = &still->rows;
	double next = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct ct_picture_row *row = &rows->rows[i];

		if (row->y < next)
			continue;
		next = row->y + LABEL_LINE;
		add_label(still, ct_name_thread(still->timing->naming, row->thread->thread),
			  row->y + rows->height / 2 + FONT * 0.35);
	}
}

static void draw_axis(const struct still *still)
{
	const struct ct_picture_axis *axis = &still->axis;
	double bottom = still->rows.bottom;
	size_t ticks = (size_t)(axis->to / axis->step + 1e-6);

	for (size_t i = 0; i <= ticks; i++) {
		double x = ct_picture_at(axis, (double)i * axis->step);
		struct ct_text text;

		ct_html_begin(still->html, "path");
		ct_html_attr(still->html, "stroke", "currentColor");
		ct_html_attr(still->html, "stroke-opacity", ".2");
		ct_text_init(&text);
		ct_text_addc(&text, 'M');
		ct_svg_number(&text, x);
		ct_text_add(&text, "0V");
		ct_svg_number(&text, bottom + 4);
		ct_html_attr(still->html, "d", ct_text_str(&text));
		ct_html_end(still->html);
		ct_text_reset(&text);
		ct_text_addf(&text, "%g %s", (double)i * axis->step * axis->scale, axis->unit);
		add_text(still->html, x, bottom + 18, x > RIGHT - 30 ? "end" : "middle",
			 ct_text_str(&text));
		ct_text_fini(&text);
	}
}

enum ct_status ct_html_still(struct ct_html *html, const struct ct_timing *timing,
			     size_t *out_left_out)
{
	struct still still = {.html = html, .timing = timing};
	enum ct_status status = ct_picture_rows_make(timing, 0, &still.rows);

	if (status)
		return status;
	still.axis = ct_picture_axis_time((double)timing->wall_ns / 1e9, LEFT, RIGHT);
	still.columns = CT_STILL_BARS / (still.rows.count ? still.rows.count : 1);
	if (still.columns > FINEST)
		still.columns = FINEST;
	ct_html_begin(html, "svg");
	ct_html_attr(html, "role", "img");
	ct_html_attrf(html, "aria-label", "What %zu threads of %s did", still.rows.count,
		      ct_timing_program(timing));
	ct_html_attrf(html, "viewBox", "0 0 %d %ld", (int)WIDTH, lround(still.rows.bottom + AXIS));
	ct_html_attr(html, "font-family", "ui-monospace, DejaVu Sans Mono, Menlo, monospace");
	attr_number(html, "font-size", FONT);
	ct_html_attr(html, "fill", "currentColor");
	draw_axis(&still);
	for (size_t i = 0; i < still.rows.count; i++)
		draw_lane(&still, &still.rows.rows[i]);
	draw_labels(&still);
	ct_html_end(html);
	*out_left_out = still.rows.left_out;
	ct_picture_rows_fini(&still.rows);
	return CT_OK;
}
