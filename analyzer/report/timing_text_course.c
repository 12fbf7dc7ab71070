/*
 * The course of the whole program: critical path, how much ran at once, regions, advice.
 */
#include "report/timing_text_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/style.h"
#include "report/table.h"
#include "report/timing_regions.h"
#include "report/timing_text.h"
#include "report/timing_words.h"

enum { PATH_THREADS = 5, BAR = 50 };

struct on_path {
	size_t id;
	uint64_t time_ns;
};

static int by_time(const void *a, const void *b)
{
	const struct on_path *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

static void add_path_threads(const struct ct_timing *timing, struct ct_text *out)
{
	const struct ct_critical *critical = &timing->critical;
	struct on_path *list = calloc(timing->thread_count + 1, sizeof(*list));
	size_t count = 0;

	if (!list) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; critical->thread_ns && i < timing->thread_count; i++)
		if (timing->threads[i].present &&
		    ct_timing_share(critical->thread_ns[i], critical->length_ns) >= 0.005)
			list[count++] = (struct on_path){i, critical->thread_ns[i]};
	qsort(list, count, sizeof(*list), by_time);
	for (size_t i = 0; i < count && i < PATH_THREADS; i++)
		ct_text_addf(out, "%s %s %.0f %%", i ? "," : ": through",
			     ct_name_thread(timing->naming, timing->threads[list[i].id].thread),
			     100 * ct_timing_share(list[i].time_ns, critical->length_ns));
	if (count > PATH_THREADS)
		ct_text_addf(out, " and %zu more threads", count - PATH_THREADS);
	free(list);
}

void ct_timing_text_critical(const struct ct_timing_text *text)
{
	const struct ct_timing *timing = text->timing;
	const struct ct_critical *critical = &timing->critical;
	const struct ct_timing_lock *lock = critical->lock;
	struct ct_text line;

	/* of a program that did one thing after the other it is the whole program */
	if (!critical->length_ns || timing->thread_count < 2)
		return;
	ct_text_init(&line);
	ct_timing_add_time(&line, critical->length_ns);
	add_path_threads(timing, &line);
	if (critical->waits_ns) {
		ct_text_add(&line, "; ");
		ct_timing_add_time(&line, critical->waits_ns);
		ct_text_add(&line, " of it are sleep, I/O and other waits that no thread ended");
	}
	if (lock && ct_timing_share(lock->critical_ns, critical->length_ns) >= 0.005) {
		ct_text_addf(&line, "; the lock held longest on it is `%s`: ",
			     ct_name_object(timing->naming, lock->object));
		ct_timing_add_time(&line, lock->critical_ns);
		ct_text_addf(&line, ", %.0f %%",
			     100 * ct_timing_share(lock->critical_ns, critical->length_ns));
	}
	ct_timing_text_title(text, "critical path");
	ct_timing_text_wrap(text->out, ct_text_str(&line));
	if (ct_text_status(&line) != CT_OK)
		text->out->failed = true;
	ct_text_fini(&line);
}

static void add_amdahl(const struct ct_timing *timing, struct ct_text *out)
{
	double share = timing->parallelism.serial_share;

	if (share < 0 || timing->mode == CT_SERIAL)
		return;
	ct_text_addf(out, "; %.1f %% of the work was done while one thread ran alone", 100 * share);
	/* beyond, it says no more than the share */
	if (share > 0 && share <= 0.95)
		ct_text_addf(out,
			     ": by Amdahl's law at most %.*f times as fast with any number of "
			     "processors",
			     share > 0.1 ? 2 : 0, 1 / share);
}

/* "  1 thread   ########   38 %" for k from `low` to `high`. */
static void add_bar(const struct ct_timing *timing, uint32_t low, uint32_t high,
		    struct ct_text *out)
{
	uint64_t time_ns = 0;
	double share;
	char label[32];

	for (uint32_t k = low; k <= high; k++)
		time_ns += timing->parallelism.at_ns[k];
	share = ct_timing_share(time_ns, timing->wall_ns);
	if (low == high)
		snprintf(label, sizeof(label), "%" PRIu32, low);
	else
		snprintf(label, sizeof(label), "%" PRIu32 "-%" PRIu32, low, high);
	ct_text_addf(out, "  %11s  %3.0f %%  ", label, 100 * share);
	for (int i = 0; i < (int)(share * BAR + 0.5) && i < BAR; i++)
		ct_text_addc(out, '#');
	while (out->len && out->data && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	ct_text_addc(out, '\n');
}

/* One bar for each number of threads; of many, for ranges that double. */
static void add_bars(const struct ct_timing *timing, struct ct_text *out)
{
	const struct ct_parallelism *p = &timing->parallelism;
	bool each = p->most <= 8;
	uint32_t low = 0;

	if (!p->at_ns || p->most < 2)
		return;
	ct_text_add(out, "  threads at once\n");
	while (low <= p->most) {
		uint64_t next = each || low < 2 ? low + 1ull : 2ull * low;
		uint32_t high = next - 1 > p->most ? p->most : (uint32_t)(next - 1);

		add_bar(timing, low, high, out);
		if (high == p->most)
			break;
		low = high + 1;
	}
}

void ct_timing_text_parallelism(const struct ct_timing_text *text)
{
	const struct ct_timing *timing = text->timing;
	const struct ct_parallelism *p = &timing->parallelism;
	struct ct_text line;

	if (p->most < 2)
		return;
	ct_text_init(&line);
	ct_text_addf(&line, "%.2f threads ran at once on average, at most %" PRIu32, p->mean,
		     p->most);
	if (p->cores >= 0)
		ct_text_addf(&line, ", and kept %.2f processors busy", p->cores);
	add_amdahl(timing, &line);
	ct_timing_text_title(text, "parallelism");
	ct_timing_text_wrap(text->out, ct_text_str(&line));
	if (ct_text_status(&line) != CT_OK)
		text->out->failed = true;
	ct_text_fini(&line);
	add_bars(timing, text->out);
}

void ct_timing_text_regions(const struct ct_timing_text *text)
{
	static const struct ct_table_column columns[] = {
		{"region", CT_TABLE_NAME},
		{"count", CT_TABLE_COUNT},
		{"total", CT_TABLE_TIME},
		{"mean", CT_TABLE_TIME},
	};
	struct ct_region_sum *sums = NULL;
	struct ct_table table;
	size_t count = 0;

	if (ct_timing_regions(text->timing, &sums, &count) != CT_OK)
		text->out->failed = true;
	if (!count)
		return;
	ct_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < count && i < text->options->top; i++) {
		ct_table_text(&table, sums[i].name);
		ct_table_number(&table, sums[i].count);
		ct_table_number(&table, sums[i].total_ns);
		ct_table_number(&table, sums[i].total_ns / sums[i].count);
	}
	ct_timing_text_title(text, "regions that the program named");
	ct_table_print(&table, text->options->color, text->out);
	if (count > text->options->top)
		ct_text_addf(text->out, "  and %zu more\n", count - text->options->top);
	ct_table_fini(&table);
	free(sums);
}

void ct_timing_text_advice(const struct ct_timing_text *text)
{
	const struct ct_timing *timing = text->timing;

	for (size_t i = 0; i < timing->advice_count; i++) {
		const struct ct_advice *advice = &timing->advice[i];

		ct_text_addc(text->out, '\n');
		ct_style_begin(text->out, text->options->color, CT_STYLE_HELP);
		ct_text_addf(text->out, "advice[%s]", advice->rule);
		ct_style_end(text->out, text->options->color);
		ct_text_add(text->out, ":\n");
		ct_timing_text_wrap(text->out, advice->text);
		if (advice->help)
			ct_timing_text_wrap(text->out, advice->help);
	}
}
