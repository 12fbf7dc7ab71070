/*
 * The threads and processes of a timing, a row each.
 */
#include "report/timing_text_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/table.h"
#include "report/timing_text.h"
#include "report/timing_words.h"

static const struct ct_table_column thread_columns[] = {
	{"thread", CT_TABLE_NAME},  {"start", CT_TABLE_TIME},	 {"life", CT_TABLE_TIME},
	{"CPU", CT_TABLE_TIME},	    {"ready", CT_TABLE_TIME},	 {"waited", CT_TABLE_TIME},
	{"unseen", CT_TABLE_TIME},  {"vol", CT_TABLE_COUNT},	 {"invol", CT_TABLE_COUNT},
	{"faults", CT_TABLE_COUNT}, {"bound by", CT_TABLE_WORD},
};

static const char *bound_of(const struct ct_timing_thread *thread)
{
	static const char *const names[] = {
		[CT_BOUND_CPU] = "CPU",	    [CT_BOUND_IO] = "I/O",    [CT_BOUND_OTHERS] = "others",
		[CT_BOUND_MIXED] = "mixed", [CT_BOUND_UNKNOWN] = "-",
	};

	return thread->worker ? names[thread->bound] : "(starts)";
}

static uint64_t plus(uint64_t a, uint64_t b)
{
	if (a == CT_TIME_UNKNOWN || b == CT_TIME_UNKNOWN)
		return a == CT_TIME_UNKNOWN ? b : a;
	return a + b;
}

static uint64_t life_of(const struct ct_timing_thread *thread)
{
	return thread->end_ns - thread->begin_ns;
}

static uint64_t waited_by(const struct ct_timing_thread *thread)
{
	uint64_t waited = 0;

	for (int i = CT_RUNS + 1; i < CT_ACTIVITIES; i++)
		waited += thread->by_activity[i];
	return waited;
}

/* A thread of the table. */
struct entry {
	const struct ct_timing_thread *thread;
};

/* What counts when not all can be shown. */
static uint64_t weight_of(const struct ct_timing_thread *thread)
{
	uint64_t cpu = thread->usage.cpu_ns;

	return cpu == CT_TIME_UNKNOWN ? thread->by_activity[CT_RUNS] : cpu;
}

static int by_id(const void *a, const void *b)
{
	const struct ct_timing_thread *x = ((const struct entry *)a)->thread;
	const struct ct_timing_thread *y = ((const struct entry *)b)->thread;

	return (x > y) - (x < y);
}

static int by_weight(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	uint64_t m = weight_of(x->thread), n = weight_of(y->thread);

	if (m != n)
		return m < n ? 1 : -1;
	return by_id(a, b);
}

static void add_thread(struct ct_table *table, const struct ct_timing *timing,
		       const struct ct_timing_thread *thread)
{
	const struct ct_usage *usage = &thread->usage;

	ct_table_text(table, ct_name_thread(timing->naming, thread->thread));
	ct_table_number(table, thread->creation_ns);
	ct_table_number(table, life_of(thread));
	ct_table_number(table, usage->cpu_ns);
	ct_table_number(table, usage->ready_ns);
	ct_table_number(table, waited_by(thread));
	ct_table_number(table, thread->unseen_ns);
	ct_table_number(table, usage->voluntary);
	ct_table_number(table, usage->involuntary);
	ct_table_number(table, plus(usage->minor_faults, usage->major_faults));
	ct_table_text(table, bound_of(thread));
}

/* One row for all that are not shown. */
static void add_rest(struct ct_table *table, const struct entry *threads, size_t count)
{
	uint64_t sums[] = {0,
			   CT_TIME_UNKNOWN,
			   CT_TIME_UNKNOWN,
			   0,
			   CT_TIME_UNKNOWN,
			   CT_TIME_UNKNOWN,
			   CT_TIME_UNKNOWN,
			   CT_TIME_UNKNOWN};
	char name[64];

	snprintf(name, sizeof(name), "%zu others, summed up", count);
	for (size_t i = 0; i < count; i++) {
		const struct ct_timing_thread *thread = threads[i].thread;
		const struct ct_usage *usage = &thread->usage;
		const uint64_t values[] = {
			life_of(thread),    usage->cpu_ns,
			usage->ready_ns,    waited_by(thread),
			thread->unseen_ns,  usage->voluntary,
			usage->involuntary, plus(usage->minor_faults, usage->major_faults)};

		for (size_t k = 0; k < sizeof(sums) / sizeof(*sums); k++)
			sums[k] = plus(sums[k], values[k]);
	}
	ct_table_text(table, name);
	ct_table_number(table, CT_TABLE_UNKNOWN);
	for (size_t k = 0; k < sizeof(sums) / sizeof(*sums); k++)
		ct_table_number(table, sums[k]);
	ct_table_text(table, "");
}

/* The kernel counts from a thread's creation on. */
static bool has_more_than_its_life(const struct ct_timing_thread *thread)
{
	uint64_t cpu = thread->usage.cpu_ns;

	return thread->present && cpu != CT_TIME_UNKNOWN && cpu > life_of(thread);
}

static void add_note(const struct ct_timing *timing, struct ct_text *out)
{
	size_t i = 0;

	while (i < timing->thread_count && !has_more_than_its_life(&timing->threads[i]))
		i++;
	if (i < timing->thread_count)
		ct_text_add(out, "  a thread's CPU time counts from before its first event\n");
}

void ct_timing_text_threads(const struct ct_timing_text *text)
{
	const struct ct_timing *timing = text->timing;
	struct entry *list = calloc(timing->thread_count + 1, sizeof(*list));
	size_t count = 0, shown;
	struct ct_table table;

	for (size_t i = 0; list && i < timing->thread_count; i++)
		if (timing->threads[i].present)
			list[count++].thread = &timing->threads[i];
	shown = count > text->options->top ? text->options->top : count;
	ct_table_init(&table, thread_columns, sizeof(thread_columns) / sizeof(*thread_columns));
	if (!list)
		table.failed = true;
	if (shown < count) {
		qsort(list, count, sizeof(*list), by_weight);
		qsort(list, shown, sizeof(*list), by_id);
	}
	for (size_t i = 0; i < shown; i++)
		add_thread(&table, timing, list[i].thread);
	if (shown < count)
		add_rest(&table, list + shown, count - shown);
	ct_timing_text_title(text, "threads");
	ct_table_print(&table, text->options->color, text->out);
	add_note(timing, text->out);
	ct_table_fini(&table);
	free(list);
}

static const struct ct_table_column process_columns[] = {
	{"process", CT_TABLE_NAME},	{"start", CT_TABLE_TIME},     {"life", CT_TABLE_TIME},
	{"CPU", CT_TABLE_TIME},		{"threads", CT_TABLE_COUNT},  {"peak RSS", CT_TABLE_BYTES},
	{"pipe in", CT_TABLE_BYTES},	{"pipe out", CT_TABLE_BYTES}, {"socket in", CT_TABLE_BYTES},
	{"socket out", CT_TABLE_BYTES}, {"shared", CT_TABLE_BYTES},
};

static void add_process(struct ct_table *table, const struct ct_timing *timing,
			const struct ct_timing_process *process)
{
	uint64_t rss = process->usage.max_rss_kb;

	ct_table_text(table, ct_name_process(timing->naming, process->process));
	ct_table_number(table, process->creation_ns);
	ct_table_number(table, process->end_ns - process->begin_ns);
	ct_table_number(table, process->usage.cpu_ns);
	ct_table_number(table, process->threads);
	ct_table_number(table, rss < UINT64_MAX >> 10 ? rss << 10 : CT_TABLE_UNKNOWN);
	ct_table_number(table, process->bytes_read);
	ct_table_number(table, process->bytes_written);
	ct_table_number(table, process->socket_bytes_read);
	ct_table_number(table, process->socket_bytes_written);
	ct_table_number(table, process->shared_bytes);
}

void ct_timing_text_processes(const struct ct_timing_text *text)
{
	const struct ct_timing *timing = text->timing;
	size_t present = 0, shown = 0;
	struct ct_table table;

	ct_table_init(&table, process_columns, sizeof(process_columns) / sizeof(*process_columns));
	for (size_t i = 0; i < timing->process_count; i++) {
		present += timing->processes[i].present;
		if (!timing->processes[i].present || shown == text->options->top)
			continue;
		add_process(&table, timing, &timing->processes[i]);
		shown++;
	}
	if (present) {
		ct_timing_text_title(text, "processes");
		ct_table_print(&table, text->options->color, text->out);
	}
	if (present > shown)
		ct_text_addf(text->out, "  and %zu more\n", present - shown);
	ct_table_fini(&table);
}
