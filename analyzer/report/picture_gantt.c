#include <stdlib.h>

#include "base/text.h"
#include "report/picture.h"
#include "report/picture_parts.h"
#include "report/timing_words.h"

#define MOST_BARS 200u
#define MOST_LEGEND 24u
#define LEFT 220.0
#define RIGHT (CT_PICTURE_RIGHT - 70) /* room for the duration at a bar's end */

struct bar {
	const char *name;
	const struct ct_thread *thread;
	uint64_t from_ns, to_ns;
};

struct gantt {
	const struct ct_timing *timing;
	struct bar *bars; /* by begin; owned */
	size_t count, shown;
	uint64_t total_ns;
	bool regions;
	size_t *series; /* by thread id: its colour + 1, 0 none; owned */
	size_t series_count;
	const struct ct_thread **threads; /* by colour; owned */
};

static int by_begin(const void *a, const void *b)
{
	const struct bar *x = a, *y = b;

	if (x->from_ns != y->from_ns)
		return x->from_ns < y->from_ns ? -1 : 1;
	return (x->thread->id > y->thread->id) - (x->thread->id < y->thread->id);
}

static void add_bar(struct gantt *gantt, struct bar bar)
{
	gantt->total_ns += bar.to_ns - bar.from_ns;
	gantt->bars[gantt->count++] = bar;
}

static void add_regions(struct gantt *gantt)
{
	const struct ct_lanes *lanes = gantt->timing->lanes;

	for (size_t i = 0; i < lanes->thread_count; i++)
		for (size_t k = 0; k < lanes->threads[i].region_count; k++) {
			const struct ct_lane_region *region = &lanes->threads[i].regions[k];

			add_bar(gantt, (struct bar){region->name, gantt->timing->threads[i].thread,
						    region->from_ns, region->to_ns});
		}
}

static void add_workers(struct gantt *gantt)
{
	for (size_t i = 0; i < gantt->timing->thread_count; i++) {
		const struct ct_timing_thread *thread = &gantt->timing->threads[i];

		if (thread->present && thread->worker)
			add_bar(gantt,
				(struct bar){ct_name_thread(gantt->timing->naming, thread->thread),
					     thread->thread, thread->begin_ns, thread->end_ns});
	}
}

/* Threads get their colours in the order in which they begin. */
static void choose_series(struct gantt *gantt)
{
	for (size_t i = 0; i < gantt->shown; i++) {
		const struct ct_thread *thread = gantt->bars[i].thread;

		if (gantt->series[thread->id])
			continue;
		gantt->threads[gantt->series_count] = thread;
		gantt->series[thread->id] = ++gantt->series_count;
	}
}

static enum ct_status gather(struct gantt *gantt)
{
	const struct ct_lanes *lanes = gantt->timing->lanes;
	size_t most = gantt->timing->thread_count;

	for (size_t i = 0; i < lanes->thread_count; i++) {
		most += lanes->threads[i].region_count;
		gantt->regions |= lanes->threads[i].region_count > 0;
	}
	gantt->bars = calloc(most + 1, sizeof(*gantt->bars));
	gantt->series = calloc(gantt->timing->thread_count + 1, sizeof(*gantt->series));
	gantt->threads = calloc(MOST_BARS, sizeof(struct ct_thread *));
	if (!gantt->bars || !gantt->series || !gantt->threads)
		return CT_ENOMEM;
	if (gantt->regions)
		add_regions(gantt);
	else
		add_workers(gantt);
	qsort(gantt->bars, gantt->count, sizeof(*gantt->bars), by_begin);
	gantt->shown = gantt->count < MOST_BARS ? gantt->count : MOST_BARS;
	choose_series(gantt);
	return CT_OK;
}

static void add_titles(const struct gantt *gantt, struct ct_text *title, struct ct_text *subtitle)
{
	const char *what = gantt->regions ? "task" : "worker";
	size_t count = gantt->count + gantt->timing->lanes->regions_left_out;

	ct_text_addf(title, "%s: %zu %s%s, average ", ct_timing_program(gantt->timing), count, what,
		     count == 1 ? "" : "s");
	ct_timing_add_time(title, gantt->count ? gantt->total_ns / gantt->count : 0);
	ct_text_addf(subtitle, "%s in ", ct_timing_command(gantt->timing));
	ct_timing_add_time(subtitle, gantt->timing->wall_ns);
	if (count > gantt->shown)
		ct_text_addf(subtitle, "; the first %zu %ss are shown, %zu are left out",
			     gantt->shown, what, count - gantt->shown);
}

static bool has_legend(const struct gantt *gantt)
{
	return gantt->regions && gantt->series_count <= MOST_LEGEND;
}

static double draw_legend(const struct gantt *gantt, struct ct_svg *svg)
{
	struct ct_picture_legend legend = {svg, CT_PICTURE_MARGIN, CT_PICTURE_TOP + 12};

	if (!has_legend(gantt))
		return CT_PICTURE_TOP;
	for (size_t i = 0; i < gantt->series_count; i++)
		ct_picture_legend_add(&legend, ct_picture_series(i),
				      ct_name_thread(gantt->timing->naming, gantt->threads[i]));
	return legend.y + 14;
}

/* Height of a row: as large as suits, and small enough for many. */
static double row_height(size_t rows)
{
	double height = rows ? 1400.0 / (double)rows : 22;

	return height > 22 ? 22 : height < 9 ? 9 : height;
}

static void draw_bar(const struct gantt *gantt, struct ct_svg *svg,
		     const struct ct_picture_axis *axis, const struct bar *bar, double y,
		     double height)
{
	double x = ct_picture_at(axis, (double)bar->from_ns / 1e9);
	double end = ct_picture_at(axis, (double)bar->to_ns / 1e9);
	double font = height > 15 ? CT_PICTURE_FONT : height > 11 ? CT_PICTURE_SMALL : 8;
	double base = y + height / 2 + font * 0.35;
	struct ct_text text;

	ct_text_init(&text);
	ct_svg_text_in(svg, LEFT - 8, base, font, LEFT - 8 - CT_PICTURE_MARGIN, CT_SVG_RIGHT,
		       "text", bar->name);
	ct_text_addf(&text, "%s: %s, ", bar->name,
		     ct_name_thread(gantt->timing->naming, bar->thread));
	ct_timing_add_time(&text, bar->to_ns - bar->from_ns);
	ct_svg_group_begin(svg, "task");
	ct_svg_rect(svg, x, y + height * 0.1, end - x > 1 ? end - x : 1, height * 0.8,
		    ct_picture_series(gantt->series[bar->thread->id] - 1), ct_text_str(&text));
	ct_svg_group_end(svg);
	ct_text_reset(&text);
	ct_timing_add_time(&text, bar->to_ns - bar->from_ns);
	ct_svg_text(svg, end + 5, base, font, CT_SVG_LEFT, "text", ct_text_str(&text));
	ct_text_fini(&text);
}

static enum ct_status draw(const struct gantt *gantt, struct ct_text *out)
{
	double top = draw_legend(gantt, NULL), height = row_height(gantt->shown);
	double bottom = top + height * (double)gantt->shown + 4;
	struct ct_picture_axis axis =
		ct_picture_axis_time((double)gantt->timing->wall_ns / 1e9, LEFT, RIGHT);
	struct ct_text title, subtitle;
	struct ct_svg *svg;
	enum ct_status status;

	ct_text_init(&title);
	ct_text_init(&subtitle);
	add_titles(gantt, &title, &subtitle);
	status = ct_picture_new(bottom + 44, ct_text_str(&title), ct_text_str(&subtitle), &svg);
	ct_text_fini(&title);
	ct_text_fini(&subtitle);
	if (status)
		return status;
	(void)draw_legend(gantt, svg);
	ct_picture_axis_below(svg, &axis, bottom, top, "time");
	for (size_t i = 0; i < gantt->shown; i++)
		draw_bar(gantt, svg, &axis, &gantt->bars[i], top + height * (double)i, height);
	return ct_svg_finish(svg, out);
}

enum ct_status ct_picture_gantt(const struct ct_timing *timing, struct ct_text *out)
{
	struct gantt gantt = {.timing = timing};
	enum ct_status status = gather(&gantt);

	if (!status)
		status = draw(&gantt, out);
	free(gantt.bars);
	free(gantt.series);
	free(gantt.threads);
	return status;
}
