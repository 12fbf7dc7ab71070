#include "report/picture_parts.h"

#include <math.h>

#include "base/text.h"

#define LEGEND_LINE 18.0
#define LEGEND_BOX 22.0
#define MOST_TICKS 12

static const struct ct_picture_look looks[CT_ACTIVITIES] = {
	[CT_RUNS] = {"a0", "#0072B2", "", NULL},
	[CT_WAITS_LOCK] = {"a1", "#D55E00", "#FBDCC6", "M0 6L6 0M-1 1L1-1M5 7L7 5"},
	[CT_WAITS_CONDITION] = {"a2", "#C08000", "#FDEDC8", "M3 0V6"},
	[CT_WAITS_SEMAPHORE] = {"a3", "#C08000", "#FDEDC8", "M0 3H6"},
	[CT_WAITS_BARRIER] = {"a4", "#A89C00", "#FBF8C4", "M3 0V6M0 3H6"},
	[CT_WAITS_JOIN] = {"a5", "#CC79A7", "#F9E9F2", "M0 0L6 6M-1 5L1 7M5-1L7 1"},
	[CT_WAITS_CHILD] = {"a6", "#CC79A7", "#F9E9F2", "M0 3H6"},
	[CT_WAITS_PIPE] = {"a7", "#009E73", "#D3F3E8", "M0 6L6 0M-1 1L1-1M5 7L7 5"},
	[CT_WAITS_SOCKET] = {"a8", "#009E73", "#D3F3E8", "M3 0V6"},
	[CT_WAITS_MESSAGE] = {"a9", "#009E73", "#D3F3E8", "M0 3H6"},
	[CT_WAITS_POLL] = {"a10", "#009E73", "#D3F3E8", "M2 2h2v2h-2z"},
	[CT_SLEEPS] = {"a11", "#DADADA", "", NULL},
	[CT_WAITS_SIGNAL] = {"a12", "#888888", "#F0F0F0", "M3 0V6"},
	[CT_WAITS_FILE_LOCK] = {"a13", "#D55E00", "#FBDCC6", "M3 0V6"},
	[CT_WAITS_INTERPRETER] = {"a14", "#D55E00", "#FBDCC6", "M0 0L6 6M0 6L6 0"},
	[CT_WAITS_OTHER] = {"a15", "#888888", "#F0F0F0", "M0 6L6 0"},
};

/* The second half is a lighter step of the first. */
static const char *const series_colours[CT_PICTURE_SERIES] = {
	"#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442",
	"#7FB8D8", "#F2CF80", "#80CEB9", "#E5BCD3", "#AADAF4", "#EAAE80", "#F8F2A0",
};
static const char *const series_classes[CT_PICTURE_SERIES] = {
	"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13",
};

const struct ct_picture_look *ct_picture_look(enum ct_activity activity)
{
	return &looks[activity];
}

const char *ct_picture_activity(enum ct_activity activity)
{
	return looks[activity].class;
}

const char *ct_picture_series(size_t number)
{
	return series_classes[number % CT_PICTURE_SERIES];
}

static void add_style(struct ct_text *style)
{
	ct_text_add(style, ".paper{fill:#fff}.title{font-weight:bold}.faint{fill:#666}"
			   ".grid{stroke:#ddd;stroke-width:.7}.axis{stroke:#444}"
			   ".frame{fill:none;stroke:#999}.task{stroke:#444;stroke-width:.5}"
			   ".line{fill:none;stroke:#222;stroke-width:1.4}"
			   ".area{fill:#0072B2;fill-opacity:.25;stroke:#0072B2}"
			   ".dash{fill:none;stroke:#555;stroke-dasharray:6 4}"
			   ".arrow{fill:none;stroke:#111;stroke-width:.9;stroke-opacity:.75;"
			   "marker-end:url(#tip)}"
			   ".start{fill:none;stroke:#111;stroke-width:.9;stroke-dasharray:2 2;"
			   "marker-end:url(#tip)}"
			   ".torn{fill:#fff;stroke:#111;stroke-width:.9}"
			   ".t{stroke-width:1.6;fill:none}\n");
	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		if (looks[i].hatch)
			ct_text_addf(style, ".%s{fill:url(#%s)}", looks[i].class, looks[i].class);
		else
			ct_text_addf(style, ".%s{fill:%s}", looks[i].class, looks[i].colour);
	for (size_t i = 0; i < CT_PICTURE_SERIES; i++)
		ct_text_addf(style, ".%s{fill:%s;stroke:%s}", series_classes[i], series_colours[i],
			     series_colours[i]);
}

static void add_definitions(struct ct_text *definitions)
{
	ct_text_add(definitions, "<marker id=\"tip\" viewBox=\"0 0 6 6\" refX=\"6\" refY=\"3\" "
				 "markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\">"
				 "<path d=\"M0 0L6 3L0 6z\"/></marker>\n");
	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		if (looks[i].hatch)
			ct_text_addf(definitions,
				     "<pattern id=\"%s\" width=\"6\" height=\"6\" "
				     "patternUnits=\"userSpaceOnUse\"><path fill=\"%s\" "
				     "d=\"M0 0H6V6H0z\"/><path fill=\"none\" stroke=\"%s\" "
				     "d=\"%s\"/></pattern>\n",
				     looks[i].class, looks[i].tint, looks[i].colour,
				     looks[i].hatch);
}

enum ct_status ct_picture_new(double height, const char *title, const char *subtitle,
			      struct ct_svg **out_svg)
{
	const double room = CT_PICTURE_WIDTH - 2 * CT_PICTURE_MARGIN;
	struct ct_text style, definitions;
	enum ct_status status;

	ct_text_init(&style);
	ct_text_init(&definitions);
	add_style(&style);
	add_definitions(&definitions);
	status = ct_text_status(&style);
	if (!status)
		status = ct_text_status(&definitions);
	if (!status)
		status = ct_svg_new(CT_PICTURE_WIDTH, height, title, ct_text_str(&style),
				    ct_text_str(&definitions), out_svg);
	if (!status) {
		ct_svg_text_in(*out_svg, CT_PICTURE_MARGIN, 24, 16, room, CT_SVG_LEFT, "title",
			       title);
		ct_svg_text_in(*out_svg, CT_PICTURE_MARGIN, 42, CT_PICTURE_FONT, room, CT_SVG_LEFT,
			       "faint", subtitle);
	}
	ct_text_fini(&style);
	ct_text_fini(&definitions);
	return status;
}

void ct_picture_legend_add(struct ct_picture_legend *legend, const char *class, const char *text)
{
	const double most = CT_PICTURE_RIGHT - CT_PICTURE_MARGIN - LEGEND_BOX;
	double width = ct_svg_text_width(text, CT_PICTURE_FONT);

	if (width > most)
		width = most;
	if (legend->x > CT_PICTURE_MARGIN && legend->x + LEGEND_BOX + width > CT_PICTURE_RIGHT) {
		legend->x = CT_PICTURE_MARGIN;
		legend->y += LEGEND_LINE;
	}
	if (legend->svg) {
		ct_svg_rect(legend->svg, legend->x, legend->y - 10, 16, 12, class, NULL);
		ct_svg_text_in(legend->svg, legend->x + LEGEND_BOX, legend->y, CT_PICTURE_FONT,
			       width + 1, CT_SVG_LEFT, "text", text);
	}
	legend->x += LEGEND_BOX + width + 18;
}

/* The least of 1, 2, 5 times a power of ten that makes few enough ticks of it. */
static double round_step(double span, int ticks)
{
	double raw = span / ticks, power, times;

	if (!(raw > 0) || !isfinite(raw))
		return 1;
	power = pow(10, floor(log10(raw)));
	times = raw / power;
	return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

static void set_unit(struct ct_picture_axis *axis)
{
	static const struct {
		double from, scale;
		const char *unit;
	} units[] = {{1, 1, "s"}, {1e-3, 1e3, "ms"}, {1e-6, 1e6, "us"}, {0, 1e9, "ns"}};
	size_t at = 0;

	while (axis->to < units[at].from)
		at++;
	axis->scale = units[at].scale;
	axis->unit = units[at].unit;
}

struct ct_picture_axis ct_picture_axis_time(double to_s, double low_px, double high_px)
{
	struct ct_picture_axis axis = {
		.to = to_s > 0 ? to_s : 1e-9, .low_px = low_px, .high_px = high_px};

	axis.step = round_step(axis.to, MOST_TICKS);
	set_unit(&axis);
	return axis;
}

struct ct_picture_axis ct_picture_axis_from_0(double to, double low_px, double high_px,
					      bool seconds)
{
	struct ct_picture_axis axis = {.to = to > 0 ? to : 1,
				       .low_px = low_px,
				       .high_px = high_px,
				       .scale = 1,
				       .unit = ""};

	axis.step = round_step(axis.to, MOST_TICKS);
	axis.to = ceil(axis.to / axis.step - 1e-9) * axis.step;
	if (seconds)
		set_unit(&axis);
	return axis;
}

double ct_picture_at(const struct ct_picture_axis *axis, double value)
{
	return axis->low_px +
	       (value - axis->from) / (axis->to - axis->from) * (axis->high_px - axis->low_px);
}

/* The number of tick `at`, without needless digits; false: it is beyond the end. */
static bool tick(const struct ct_picture_axis *axis, int at, struct ct_text *out_label,
		 double *out_value)
{
	double value = axis->from + axis->step * at;

	if (at > 4 * MOST_TICKS || value > axis->to + axis->step * 1e-6)
		return false;
	ct_text_reset(out_label);
	ct_text_addf(out_label, "%.10g", value * axis->scale);
	*out_value = value;
	return true;
}

/* "time, ms" */
static void name_of(const struct ct_picture_axis *axis, const char *name, struct ct_text *out)
{
	ct_text_reset(out);
	ct_text_addf(out, "%s%s%s", name, *axis->unit ? ", " : "", axis->unit);
}

void ct_picture_axis_below(struct ct_svg *svg, const struct ct_picture_axis *axis, double y,
			   double top, const char *name)
{
	struct ct_text label;
	double value;

	ct_text_init(&label);
	ct_svg_line(svg, axis->low_px, y, axis->high_px, y, "axis");
	for (int i = 0; tick(axis, i, &label, &value); i++) {
		double x = ct_picture_at(axis, value);

		ct_svg_line(svg, x, top, x, y, "grid");
		ct_svg_line(svg, x, y, x, y + 4, "axis");
		ct_svg_text(svg, x, y + 16, CT_PICTURE_SMALL, CT_SVG_MIDDLE, "text",
			    ct_text_str(&label));
	}
	name_of(axis, name, &label);
	ct_svg_text(svg, (axis->low_px + axis->high_px) / 2, y + 32, CT_PICTURE_FONT, CT_SVG_MIDDLE,
		    "text", ct_text_str(&label));
	ct_text_fini(&label);
}

void ct_picture_axis_left(struct ct_svg *svg, const struct ct_picture_axis *axis, double x,
			  double right, const char *name)
{
	struct ct_text label;
	double value;

	ct_text_init(&label);
	ct_svg_line(svg, x, axis->low_px, x, axis->high_px, "axis");
	for (int i = 0; tick(axis, i, &label, &value); i++) {
		double y = ct_picture_at(axis, value);

		ct_svg_line(svg, x, y, right, y, "grid");
		ct_svg_line(svg, x - 4, y, x, y, "axis");
		ct_svg_text(svg, x - 7, y + 3.5, CT_PICTURE_SMALL, CT_SVG_RIGHT, "text",
			    ct_text_str(&label));
	}
	name_of(axis, name, &label);
	ct_svg_text(svg, CT_PICTURE_MARGIN, axis->high_px - 14, CT_PICTURE_FONT, CT_SVG_LEFT,
		    "text", ct_text_str(&label));
	ct_text_fini(&label);
}
