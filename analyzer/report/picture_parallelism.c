#include <stdlib.h>

#include "base/text.h"
#include "report/picture.h"
#include "report/picture_parts.h"
#include "report/timing_words.h"

#define LEFT 70.0
#define HEIGHT 300.0
#define RIGHT (CT_PICTURE_RIGHT - 110) /* room for the names of lines */

/* The curve as steps, closed along the axis: it is an area. */
static void draw_curve(struct ct_svg *svg, const struct ct_parallelism *parallelism,
		       const struct ct_picture_axis *x, const struct ct_picture_axis *y)
{
	double width = (x->high_px - x->low_px) / (double)parallelism->bins, at = x->low_px;
	struct ct_text data;

	ct_text_init(&data);
	ct_text_addc(&data, 'M');
	ct_svg_number(&data, x->low_px);
	ct_svg_number(&data, y->low_px);
	for (size_t i = 0; i < parallelism->bins; i++) {
		ct_text_addc(&data, 'V');
		ct_svg_number(&data, ct_picture_at(y, parallelism->curve[i]));
		at += width;
		ct_text_addc(&data, 'H');
		ct_svg_number(&data, at);
	}
	ct_text_addc(&data, 'V');
	ct_svg_number(&data, y->low_px);
	ct_text_addc(&data, 'z');
	ct_svg_path(svg, ct_text_str(&data), "area", NULL);
	ct_text_fini(&data);
}

/* A line across at a value, named at its right end, at text_y. */
static void draw_level(struct ct_svg *svg, const struct ct_picture_axis *x,
		       const struct ct_picture_axis *y, double value, double text_y,
		       const char *class, const char *name)
{
	double at = ct_picture_at(y, value);

	ct_svg_line(svg, x->low_px, at, x->high_px, at, class);
	ct_svg_text_in(svg, x->high_px + 6, text_y + 4, CT_PICTURE_SMALL,
		       CT_PICTURE_WIDTH - x->high_px - 8, CT_SVG_LEFT, "text", name);
}

static void draw_levels(struct ct_svg *svg, const struct ct_timing *timing,
			const struct ct_picture_axis *x, const struct ct_picture_axis *y)
{
	double mean = timing->parallelism.mean, mean_y = ct_picture_at(y, mean);
	double cpus_y = ct_picture_at(y, timing->cpus);
	struct ct_text name;

	/* Their names must not touch. */
	if (timing->cpus && mean_y > cpus_y - 13 && mean_y < cpus_y + 13)
		mean_y = mean < timing->cpus ? cpus_y + 13 : cpus_y - 13;
	ct_text_init(&name);
	ct_text_addf(&name, "mean %.2f", mean);
	draw_level(svg, x, y, mean, mean_y, "line", ct_text_str(&name));
	ct_text_reset(&name);
	ct_text_addf(&name, "%u processor%s", timing->cpus, timing->cpus == 1 ? "" : "s");
	if (timing->cpus)
		draw_level(svg, x, y, timing->cpus, cpus_y, "dash", ct_text_str(&name));
	ct_text_fini(&name);
}

static void add_subtitle(struct ct_text *out, const struct ct_timing *timing)
{
	const struct ct_parallelism *parallelism = &timing->parallelism;

	ct_text_addf(out, "%s in ", ct_timing_command(timing));
	ct_timing_add_time(out, timing->wall_ns);
	ct_text_addf(out, "; at most %u at once", parallelism->most);
	if (parallelism->cores >= 0)
		ct_text_addf(out, "; %.2f processors used on average", parallelism->cores);
	if (parallelism->serial_share >= 0)
		ct_text_addf(out, "; serial share %.0f %%", parallelism->serial_share * 100);
}

enum ct_status ct_picture_parallelism(const struct ct_timing *timing, struct ct_text *out)
{
	const struct ct_parallelism *parallelism = &timing->parallelism;
	double most = parallelism->most > timing->cpus ? parallelism->most : timing->cpus;
	double top = CT_PICTURE_TOP + 24, bottom = top + HEIGHT;
	struct ct_picture_axis x = ct_picture_axis_time((double)timing->wall_ns / 1e9, LEFT, RIGHT);
	struct ct_picture_axis y = ct_picture_axis_from_0(most * 1.05, bottom, top, false);
	struct ct_text title, subtitle;
	struct ct_svg *svg;
	enum ct_status status;

	if (y.step < 1)
		y.step = 1;
	ct_text_init(&title);
	ct_text_init(&subtitle);
	ct_text_addf(&title, "%s: threads that run at once", ct_timing_program(timing));
	add_subtitle(&subtitle, timing);
	status = ct_picture_new(bottom + 44, ct_text_str(&title), ct_text_str(&subtitle), &svg);
	ct_text_fini(&title);
	ct_text_fini(&subtitle);
	if (status)
		return status;
	ct_picture_axis_below(svg, &x, bottom, top, "time");
	ct_picture_axis_left(svg, &y, LEFT, RIGHT, "running threads");
	draw_curve(svg, parallelism, &x, &y);
	draw_levels(svg, timing, &x, &y);
	return ct_svg_finish(svg, out);
}
