/*
 * The tables of a timing: threads, what they waited for, processes, locks.
 */
#include "report/html_parts.h"

#include <stdlib.h>

#include "base/text.h"
#include "model/names.h"
#include "report/table.h"
#include "report/timing_words.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct ct_table_column thread_columns[] = {
	{"thread", CT_TABLE_NAME}, {"begins at", CT_TABLE_TIME}, {"start", CT_TABLE_TIME},
	{"life", CT_TABLE_TIME},   {"CPU", CT_TABLE_TIME},	 {"ready", CT_TABLE_TIME},
	{"waited", CT_TABLE_TIME}, {"unseen", CT_TABLE_TIME},	 {"vol", CT_TABLE_COUNT},
	{"invol", CT_TABLE_COUNT}, {"faults", CT_TABLE_COUNT},	 {"bound by", CT_TABLE_WORD},
};

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

static uint64_t faults_of(const struct ct_usage *usage)
{
	if (usage->minor_faults == CT_TIME_UNKNOWN || usage->major_faults == CT_TIME_UNKNOWN)
		return usage->minor_faults == CT_TIME_UNKNOWN ? usage->major_faults
							      : usage->minor_faults;
	return usage->minor_faults + usage->major_faults;
}

static const char *bound_of(const struct ct_timing_thread *thread)
{
	const char *name = ct_bound_name(thread->bound);

	if (!thread->worker)
		return "(starts)";
	return name ? name : "-";
}

static void add_thread(struct ct_table *table, const struct ct_timing *timing,
		       const struct ct_timing_thread *thread)
{
	const struct ct_usage *usage = &thread->usage;

	ct_table_text(table, ct_name_thread(timing->naming, thread->thread));
	ct_table_number(table, thread->begin_ns);
	ct_table_number(table, thread->creation_ns);
	ct_table_number(table, life_of(thread));
	ct_table_number(table, usage->cpu_ns);
	ct_table_number(table, usage->ready_ns);
	ct_table_number(table, waited_by(thread));
	ct_table_number(table, thread->unseen_ns);
	ct_table_number(table, usage->voluntary);
	ct_table_number(table, usage->involuntary);
	ct_table_number(table, faults_of(usage));
	ct_table_text(table, bound_of(thread));
}

static void add_more(const struct ct_html_page *page, size_t count)
{
	if (count <= CT_HTML_ROWS)
		return;
	ct_html_begin_class(page->html, "p", "note");
	ct_html_textf(page->html, "and %zu more", count - CT_HTML_ROWS);
	ct_html_end(page->html);
}

static void add_threads(const struct ct_html_page *page)
{
	const struct ct_timing *timing = page->in->timing;
	struct ct_table table;
	size_t count = 0;

	ct_table_init(&table, thread_columns, COUNT(thread_columns));
	for (size_t i = 0; i < timing->thread_count; i++)
		if (timing->threads[i].present && count++ < CT_HTML_ROWS)
			add_thread(&table, timing, &timing->threads[i]);
	ct_html_table(page, &table, "Threads");
	add_more(page, count);
	ct_table_fini(&table);
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

static void add_processes(const struct ct_html_page *page)
{
	const struct ct_timing *timing = page->in->timing;
	struct ct_table table;
	size_t count = 0;

	ct_table_init(&table, process_columns, COUNT(process_columns));
	for (size_t i = 0; i < timing->process_count; i++)
		if (timing->processes[i].present && count++ < CT_HTML_ROWS)
			add_process(&table, timing, &timing->processes[i]);
	ct_html_table(page, &table, "Processes");
	add_more(page, count);
	ct_table_fini(&table);
}

/* What one thread waited for. */
struct wait {
	const struct ct_timing_thread *thread;
	const struct ct_blocked *blocked;
};

static int by_total(const void *a, const void *b)
{
	const struct wait *x = a, *y = b;

	if (x->blocked->total_ns != y->blocked->total_ns)
		return x->blocked->total_ns < y->blocked->total_ns ? 1 : -1;
	return (x->blocked > y->blocked) - (x->blocked < y->blocked);
}

static const struct ct_table_column wait_columns[] = {
	{"thread", CT_TABLE_NAME},	 {"waited for", CT_TABLE_NAME}, {"waits", CT_TABLE_COUNT},
	{"total", CT_TABLE_TIME},	 {"mean", CT_TABLE_TIME},	{"most", CT_TABLE_TIME},
	{"of its life", CT_TABLE_SHARE},
};

static void add_wait(struct ct_table *table, const struct ct_timing *timing,
		     const struct wait *wait)
{
	const struct ct_blocked *blocked = wait->blocked;
	const char *name = ct_timing_waited_for(timing, blocked);
	struct ct_text text;

	ct_text_init(&text);
	ct_text_add(&text, ct_activity_name(blocked->activity));
	if (name)
		ct_text_addf(&text, " %s", name);
	if (blocked->unended)
		ct_text_add(&text, ", " CT_TIMING_UNENDED);
	if (ct_text_status(&text))
		table->failed = true;
	ct_table_text(table, ct_name_thread(timing->naming, wait->thread->thread));
	ct_table_text(table, ct_text_str(&text));
	ct_table_number(table, blocked->count);
	ct_table_number(table, blocked->total_ns);
	ct_table_number(table,
			blocked->count ? blocked->total_ns / blocked->count : CT_TABLE_UNKNOWN);
	ct_table_number(table, blocked->max_ns);
	ct_table_share(table, ct_timing_share(blocked->total_ns, life_of(wait->thread)));
	ct_text_fini(&text);
}

static struct wait *gather_waits(const struct ct_timing *timing, size_t *out_count)
{
	struct wait *waits;
	size_t count = 0;

	for (size_t i = 0; i < timing->thread_count; i++)
		count += timing->threads[i].blocked_count;
	waits = calloc(count + 1, sizeof(*waits));
	if (!waits)
		return NULL;
	count = 0;
	for (size_t i = 0; i < timing->thread_count; i++)
		for (size_t k = 0; k < timing->threads[i].blocked_count; k++)
			waits[count++] =
				(struct wait){&timing->threads[i], &timing->threads[i].blocked[k]};
	qsort(waits, count, sizeof(*waits), by_total);
	*out_count = count;
	return waits;
}

static void add_waits(const struct ct_html_page *page)
{
	const struct ct_timing *timing = page->in->timing;
	size_t count = 0;
	struct wait *waits = gather_waits(timing, &count);
	struct ct_table table;

	if (!waits) {
		ct_html_fail(page->html);
		return;
	}
	ct_table_init(&table, wait_columns, COUNT(wait_columns));
	for (size_t i = 0; i < count && i < CT_HTML_ROWS; i++)
		add_wait(&table, timing, &waits[i]);
	ct_html_table(page, &table, "Waits, the longest first");
	add_more(page, count);
	ct_table_fini(&table);
	free(waits);
}

void ct_html_threads(const struct ct_html_page *page)
{
	ct_html_begin(page->html, "section");
	ct_html_attr(page->html, "id", "threads");
	ct_html_element(page->html, "h2", NULL, "Threads and processes");
	add_threads(page);
	add_waits(page);
	add_processes(page);
	ct_html_end(page->html);
}
