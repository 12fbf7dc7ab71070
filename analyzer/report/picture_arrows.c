#include <stdlib.h>

#include "base/text.h"
#include "report/picture_rows.h"
#include "report/timing_words.h"

#define MOST 200u
#define MOST_STARTS 60u

struct arrow {
	const struct ct_thread *from, *to;
	uint64_t from_ns, to_ns, weight_ns;
	enum ct_activity activity; /* CT_RUNS: the start of a thread or process */
};

struct arrows {
	const struct ct_picture_rows *rows;
	struct arrow *arrows; /* owned */
	size_t count;
};

/* Longest wait first. */
static int by_weight(const void *a, const void *b)
{
	const struct arrow *x = a, *y = b;

	if (x->weight_ns != y->weight_ns)
		return x->weight_ns > y->weight_ns ? -1 : 1;
	if (x->to_ns != y->to_ns)
		return x->to_ns < y->to_ns ? -1 : 1;
	return (x->to->id > y->to->id) - (x->to->id < y->to->id);
}

static void add(struct arrows *arrows, struct arrow arrow)
{
	if (arrow.from && arrow.from != arrow.to && ct_picture_row_of(arrows->rows, arrow.from) &&
	    ct_picture_row_of(arrows->rows, arrow.to))
		arrows->arrows[arrows->count++] = arrow;
}

/* Keeps the most important of those that were added since `from`. */
static size_t keep(struct arrows *arrows, size_t from, size_t most)
{
	size_t added = arrows->count - from;

	qsort(arrows->arrows + from, added, sizeof(*arrows->arrows), by_weight);
	if (added <= most)
		return 0;
	arrows->count = from + most;
	return added - most;
}

/* pthread_create to the thread's start, fork to the child's. */
static void add_starts(struct arrows *arrows)
{
	for (size_t i = 0; i < arrows->rows->count; i++) {
		const struct ct_timing_thread *thread = arrows->rows->rows[i].thread;
		uint64_t took = thread->creation_ns;

		if (took == CT_TIME_UNKNOWN || took > thread->begin_ns)
			took = 0;
		add(arrows,
		    (struct arrow){thread->thread->creator, thread->thread, thread->begin_ns - took,
				   thread->begin_ns, took, CT_RUNS});
	}
}

static void add_wakes(struct arrows *arrows, const struct ct_lanes *lanes)
{
	for (size_t i = 0; i < lanes->arrow_count; i++) {
		const struct ct_lane_arrow *arrow = &lanes->arrows[i];

		add(arrows, (struct arrow){arrow->from, arrow->to, arrow->from_ns, arrow->to_ns,
					   arrow->waited_ns, arrow->activity});
	}
}

static void draw(struct ct_svg *svg, const struct ct_timing *timing,
		 const struct ct_picture_rows *rows, const struct ct_picture_axis *axis,
		 const struct arrow *arrow)
{
	double half = rows->height / 2;
	struct ct_text data, tooltip;

	ct_text_init(&data);
	ct_text_init(&tooltip);
	ct_text_addc(&data, 'M');
	ct_svg_number(&data, ct_picture_at(axis, (double)arrow->from_ns / 1e9));
	ct_svg_number(&data, ct_picture_row_of(rows, arrow->from)->y + half);
	ct_text_addc(&data, 'L');
	ct_svg_number(&data, ct_picture_at(axis, (double)arrow->to_ns / 1e9));
	ct_svg_number(&data, ct_picture_row_of(rows, arrow->to)->y + half);
	ct_text_addf(&tooltip, "%s %s ", ct_name_thread(timing->naming, arrow->from),
		     arrow->activity == CT_RUNS ? "started" : "ended the wait of");
	ct_text_add(&tooltip, ct_name_thread(timing->naming, arrow->to));
	if (arrow->activity != CT_RUNS) {
		ct_text_addf(&tooltip, " (%s, ", ct_activity_name(arrow->activity));
		ct_timing_add_time(&tooltip, arrow->weight_ns);
		ct_text_addc(&tooltip, ')');
	}
	ct_svg_path(svg, ct_text_str(&data), arrow->activity == CT_RUNS ? "start" : "arrow",
		    ct_text_str(&tooltip));
	ct_text_fini(&data);
	ct_text_fini(&tooltip);
}

enum ct_status ct_picture_arrows(struct ct_svg *svg, const struct ct_timing *timing,
				 const struct ct_picture_rows *rows,
				 const struct ct_picture_axis *axis, size_t *out_left_out)
{
	const struct ct_lanes *lanes = timing->lanes;
	struct arrows arrows = {.rows = rows};
	size_t left_out, starts;

	arrows.arrows = calloc(rows->count + lanes->arrow_count + 1, sizeof(*arrows.arrows));
	if (!arrows.arrows)
		return CT_ENOMEM;
	add_starts(&arrows);
	left_out = keep(&arrows, 0, MOST_STARTS);
	starts = arrows.count;
	add_wakes(&arrows, lanes);
	left_out += keep(&arrows, starts, MOST - starts) + lanes->arrows_left_out;
	for (size_t i = 0; svg && i < arrows.count; i++)
		draw(svg, timing, rows, axis, &arrows.arrows[i]);
	free(arrows.arrows);
	*out_left_out = left_out;
	return CT_OK;
}
