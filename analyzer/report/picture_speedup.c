#include "report/picture_speedup.h"

#include <math.h>

#include "base/text.h"
#include "report/picture_parts.h"

#define LEFT 90.0
#define RIGHT 860.0
#define HEIGHT 440.0
#define BAR 4.0 /* half of the width of an error bar's ends */

struct chart {
	const struct ct_picture_series *series;
	size_t count;
	struct ct_picture_axis x, y;
	struct ct_svg *svg;
};

static double largest(const struct ct_picture_series *series, size_t count, bool value)
{
	double most = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < series[i].count; k++) {
			const double *of = value ? series[i].median : series[i].n;
			const double *high = value && series[i].high ? series[i].high : of;

			if (isfinite(of[k]) && of[k] > most)
				most = of[k];
			if (isfinite(high[k]) && high[k] > most)
				most = high[k];
		}
	return most;
}

/* Each series has a mark of its own as well as a colour: circle, square, diamond, triangle. */
static void draw_mark(struct ct_svg *svg, double x, double y, size_t number)
{
	static const char *const shapes[] = {
		"m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
		"m-4 -4h8v8h-8z",
		"m0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z",
		"m0 -5l5 9h-10z",
	};
	struct ct_text data;

	ct_text_init(&data);
	ct_text_addc(&data, 'M');
	ct_svg_number(&data, x);
	ct_svg_number(&data, y);
	ct_text_add(&data, shapes[number % (sizeof(shapes) / sizeof(*shapes))]);
	ct_svg_path(svg, ct_text_str(&data), ct_picture_series(number), NULL);
	ct_text_fini(&data);
}

static void draw_error(const struct chart *chart, double x, double low, double high)
{
	double from = ct_picture_at(&chart->y, low), to = ct_picture_at(&chart->y, high);

	if (!isfinite(from) || !isfinite(to))
		return;
	ct_svg_line(chart->svg, x, from, x, to, "axis");
	ct_svg_line(chart->svg, x - BAR, from, x + BAR, from, "axis");
	ct_svg_line(chart->svg, x - BAR, to, x + BAR, to, "axis");
}

static void draw_points(const struct chart *chart, size_t number)
{
	const struct ct_picture_series *series = &chart->series[number];

	for (size_t i = 0; i < series->count; i++) {
		double x = ct_picture_at(&chart->x, series->n[i]);
		double y = ct_picture_at(&chart->y, series->median[i]);

		if (!isfinite(x) || !isfinite(y))
			continue;
		if (series->low && series->high)
			draw_error(chart, x, series->low[i], series->high[i]);
		draw_mark(chart->svg, x, y, number);
	}
}

/* From point to point. */
static void draw_joined(const struct chart *chart, size_t number)
{
	const struct ct_picture_series *series = &chart->series[number];
	double last_x = NAN, last_y = NAN;

	ct_svg_group_begin(chart->svg, "t");
	for (size_t i = 0; i < series->count; i++) {
		double x = ct_picture_at(&chart->x, series->n[i]);
		double y = ct_picture_at(&chart->y, series->median[i]);

		if (!isfinite(x) || !isfinite(y))
			continue;
		if (isfinite(last_x))
			ct_svg_line(chart->svg, last_x, last_y, x, y, ct_picture_series(number));
		last_x = x;
		last_y = y;
	}
	ct_svg_group_end(chart->svg);
}

/* The fitted line, as far as it is in the plot. */
static void draw_fit(const struct chart *chart, size_t number)
{
	const struct ct_picture_series *series = &chart->series[number];
	double from = 0, to = chart->x.to;

	if (!isfinite(series->fixed) || !isfinite(series->slope))
		return;
	if (series->fixed < 0 && series->slope > 0)
		from = -series->fixed / series->slope;
	if (series->fixed > chart->y.to)
		return;
	if (series->slope > 0 && series->fixed + series->slope * to > chart->y.to)
		to = (chart->y.to - series->fixed) / series->slope;
	if (series->slope < 0 && series->fixed + series->slope * to < 0)
		to = -series->fixed / series->slope;
	if (!(from < to))
		return;
	ct_svg_group_begin(chart->svg, "t");
	ct_svg_line(chart->svg, ct_picture_at(&chart->x, from),
		    ct_picture_at(&chart->y, series->fixed + series->slope * from),
		    ct_picture_at(&chart->x, to),
		    ct_picture_at(&chart->y, series->fixed + series->slope * to),
		    ct_picture_series(number));
	ct_svg_group_end(chart->svg);
}

/* At the right: a mark and a name for each series. */
static void draw_names(const struct chart *chart, bool ideal)
{
	const double x = RIGHT + 30;
	double y = CT_PICTURE_TOP + 40;

	for (size_t i = 0; i < chart->count; i++, y += 20) {
		draw_mark(chart->svg, x, y - 4, i);
		ct_svg_text_in(chart->svg, x + 14, y, CT_PICTURE_FONT,
			       CT_PICTURE_WIDTH - x - 14 - CT_PICTURE_MARGIN, CT_SVG_LEFT, "text",
			       chart->series[i].name);
	}
	if (ideal) {
		ct_svg_line(chart->svg, x - 10, y - 4, x + 10, y - 4, "dash");
		ct_svg_text(chart->svg, x + 14, y, CT_PICTURE_FONT, CT_SVG_LEFT, "text", "ideal");
	}
}

static enum ct_status begin(struct chart *chart, const char *title, const char *subtitle,
			    const char *x_name, const char *y_name)
{
	double bottom = chart->y.low_px;
	enum ct_status status = ct_picture_new(bottom + 48, title, subtitle, &chart->svg);

	if (status)
		return status;
	ct_picture_axis_below(chart->svg, &chart->x, bottom, chart->y.high_px, x_name);
	ct_picture_axis_left(chart->svg, &chart->y, LEFT, RIGHT, y_name);
	return CT_OK;
}

static void make_axes(struct chart *chart, double most_x, double most_y, bool seconds)
{
	const double top = CT_PICTURE_TOP + 28;

	chart->x = ct_picture_axis_from_0(most_x, LEFT, RIGHT, false);
	chart->y = ct_picture_axis_from_0(most_y, top + HEIGHT, top, seconds);
}

/* Points of one run each have no bars, and need no words. */
static bool has_bars(const struct ct_picture_series *series, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (series[i].low && series[i].high)
			return true;
	return false;
}

enum ct_status ct_picture_speedup(const char *title, const struct ct_picture_series *series,
				  size_t count, struct ct_text *out)
{
	struct chart chart = {.series = series, .count = count};
	double workers = largest(series, count, false), most = largest(series, count, true), end;
	enum ct_status status;

	if (most < workers)
		most = workers;
	make_axes(&chart, workers, most, false);
	if (chart.x.step < 1)
		chart.x.step = 1;
	status = begin(&chart, title,
		       has_bars(series, count) ? "points: medians; bars: quartiles" : "", "workers",
		       "speed-up");
	if (status)
		return status;
	end = chart.x.to < chart.y.to ? chart.x.to : chart.y.to;
	ct_svg_line(chart.svg, ct_picture_at(&chart.x, 0), ct_picture_at(&chart.y, 0),
		    ct_picture_at(&chart.x, end), ct_picture_at(&chart.y, end), "dash");
	for (size_t i = 0; i < count; i++) {
		draw_joined(&chart, i);
		draw_points(&chart, i);
	}
	draw_names(&chart, true);
	return ct_svg_finish(chart.svg, out);
}

enum ct_status ct_picture_curve(const char *title, const struct ct_picture_series *series,
				size_t count, struct ct_text *out)
{
	struct chart chart = {.series = series, .count = count};
	enum ct_status status;

	make_axes(&chart, largest(series, count, false), largest(series, count, true), true);
	status = begin(&chart, title, "points: medians; bars: quartiles; lines: fitted",
		       "size of the work", "time");
	if (status)
		return status;
	for (size_t i = 0; i < count; i++) {
		if (series[i].fitted)
			draw_fit(&chart, i);
		else
			draw_joined(&chart, i);
		draw_points(&chart, i);
	}
	draw_names(&chart, false);
	return ct_svg_finish(chart.svg, out);
}
