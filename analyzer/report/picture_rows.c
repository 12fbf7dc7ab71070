#include "report/picture_rows.h"

#include <stdlib.h>

#define LARGEST 18.0
#define LEAST 6.0
#define ALL_ROWS 1500.0 /* as high as rows may be together before they get lower */
#define FRAME_HEAD 18.0
#define FRAME_GAP 6.0

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Most important first. */
static int by_weight(const void *a, const void *b)
{
	const struct ct_timing_thread *x = ((const struct ct_picture_row *)a)->thread;
	const struct ct_timing_thread *y = ((const struct ct_picture_row *)b)->thread;
	int order = compare(y->by_activity[CT_RUNS], x->by_activity[CT_RUNS]);

	if (!order)
		order = compare(y->end_ns - y->begin_ns, x->end_ns - x->begin_ns);
	return order ? order : compare(x->thread->id, y->thread->id);
}

static int by_process(const void *a, const void *b)
{
	const struct ct_thread *x = ((const struct ct_picture_row *)a)->thread->thread;
	const struct ct_thread *y = ((const struct ct_picture_row *)b)->thread->thread;
	int order = compare(x->process->number, y->process->number);

	return order ? order : compare(x->number, y->number);
}

/* Heads of the frames and gaps between them come on top of the rows. */
static void place(struct ct_picture_rows *rows, double top)
{
	double y = top, height = rows->count ? ALL_ROWS / (double)rows->count : LARGEST;

	rows->height = height > LARGEST ? LARGEST : height < LEAST ? LEAST : height;
	for (size_t i = 0; i < rows->count; i++) {
		struct ct_picture_row *row = &rows->rows[i];
		const struct ct_process *process = row->thread->thread->process;

		row->first = !i || rows->rows[i - 1].thread->thread->process != process;
		row->last = i + 1 == rows->count ||
			    rows->rows[i + 1].thread->thread->process != process;
		if (row->first)
			y += FRAME_HEAD;
		row->y = y;
		y += rows->height + (row->last ? FRAME_GAP : 0);
		rows->of_thread[row->thread->thread->id] = i + 1;
	}
	rows->bottom = y;
}

enum ct_status ct_picture_rows_make(const struct ct_timing *timing, double top,
				    struct ct_picture_rows *out_rows)
{
	struct ct_picture_rows rows = {.left_out = 0};

	rows.rows = calloc(timing->thread_count + 1, sizeof(*rows.rows));
	rows.of_thread = calloc(timing->thread_count + 1, sizeof(*rows.of_thread));
	if (!rows.rows || !rows.of_thread) {
		ct_picture_rows_fini(&rows);
		return CT_ENOMEM;
	}
	for (size_t i = 0; i < timing->thread_count; i++)
		if (timing->threads[i].present)
			rows.rows[rows.count++].thread = &timing->threads[i];
	if (rows.count > CT_PICTURE_ROWS) {
		qsort(rows.rows, rows.count, sizeof(*rows.rows), by_weight);
		rows.left_out = rows.count - CT_PICTURE_ROWS;
		rows.count = CT_PICTURE_ROWS;
	}
	qsort(rows.rows, rows.count, sizeof(*rows.rows), by_process);
	place(&rows, top);
	*out_rows = rows;
	return CT_OK;
}

void ct_picture_rows_fini(struct ct_picture_rows *rows)
{
	free(rows->rows);
	free(rows->of_thread);
}

const struct ct_picture_row *ct_picture_row_of(const struct ct_picture_rows *rows,
					       const struct ct_thread *thread)
{
	size_t at = rows->of_thread[thread->id];

	return at ? &rows->rows[at - 1] : NULL;
}
