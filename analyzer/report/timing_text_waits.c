/*
 * What was waited for: by object over all threads, then what each thread waited for most.
 */
#include "report/timing_text_parts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/table.h"
#include "report/timing_text.h"
#include "report/timing_words.h"

enum { REASONS = 3 };

/* Waits for one thing by all threads. Joins and children are each one thing. */
struct reason {
	enum ct_activity activity;
	const struct ct_object *object; /* or NULL */
	uint64_t threads, count, total_ns, max_ns;
	bool unended;
};

static int by_thing(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;
	uint64_t m = x->object ? x->object->id + 1ull : 0, n = y->object ? y->object->id + 1ull : 0;

	if (x->activity != y->activity)
		return x->activity < y->activity ? -1 : 1;
	return (m > n) - (m < n);
}

static int by_total(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	if (x->total_ns != y->total_ns)
		return x->total_ns < y->total_ns ? 1 : -1;
	return by_thing(a, b);
}

static size_t add_up(struct reason *reasons, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct reason *last = kept ? &reasons[kept - 1] : NULL;

		if (!last || by_thing(last, &reasons[i]) != 0) {
			reasons[kept++] = reasons[i];
			continue;
		}
		last->threads += reasons[i].threads;
		last->count += reasons[i].count;
		last->total_ns += reasons[i].total_ns;
		if (reasons[i].max_ns > last->max_ns)
			last->max_ns = reasons[i].max_ns;
		last->unended |= reasons[i].unended;
	}
	return kept;
}

/* A thread is counted once for its joins, however many. */
static size_t take_thread(const struct ct_timing_thread *thread, struct reason *reasons)
{
	size_t count = 0;

	for (size_t i = 0; i < thread->blocked_count; i++) {
		const struct ct_blocked *blocked = &thread->blocked[i];

		reasons[count++] = (struct reason){.activity = blocked->activity,
						   .object = blocked->object,
						   .count = blocked->count,
						   .total_ns = blocked->total_ns,
						   .max_ns = blocked->max_ns,
						   .unended = blocked->unended};
	}
	qsort(reasons, count, sizeof(*reasons), by_thing);
	count = add_up(reasons, count);
	for (size_t i = 0; i < count; i++)
		reasons[i].threads = 1;
	return count;
}

/* NULL: memory ran out. */
static struct reason *gather(const struct ct_timing *timing, size_t *out_count)
{
	struct reason *reasons;
	size_t count = 0;

	for (size_t i = 0; i < timing->thread_count; i++)
		count += timing->threads[i].blocked_count;
	reasons = calloc(count + 1, sizeof(*reasons));
	if (!reasons)
		return NULL;
	count = 0;
	for (size_t i = 0; i < timing->thread_count; i++)
		if (timing->threads[i].blocked_count)
			count += take_thread(&timing->threads[i], reasons + count);
	qsort(reasons, count, sizeof(*reasons), by_thing);
	count = add_up(reasons, count);
	qsort(reasons, count, sizeof(*reasons), by_total);
	*out_count = count;
	return reasons;
}

static void name_reason(const struct ct_timing *timing, const struct reason *reason,
			struct ct_text *out)
{
	ct_text_reset(out);
	ct_text_add(out, ct_activity_name(reason->activity));
	if (reason->object)
		ct_text_addf(out, " `%s`", ct_name_object(timing->naming, reason->object));
	if (reason->unended)
		ct_text_add(out, ", " CT_TIMING_UNENDED);
}

static void add_reasons(const struct ct_timing_text *text, const struct reason *reasons,
			size_t count)
{
	static const struct ct_table_column columns[] = {
		{"waited for", CT_TABLE_NAME}, {"threads", CT_TABLE_COUNT},
		{"waits", CT_TABLE_COUNT},     {"total", CT_TABLE_TIME},
		{"mean", CT_TABLE_TIME},       {"most", CT_TABLE_TIME},
	};
	size_t shown = count > text->options->top ? text->options->top : count;
	struct ct_table table;
	struct ct_text name;

	ct_text_init(&name);
	ct_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < shown; i++) {
		const struct reason *reason = &reasons[i];

		name_reason(text->timing, reason, &name);
		ct_table_text(&table, ct_text_str(&name));
		ct_table_number(&table, reason->threads);
		ct_table_number(&table, reason->count);
		ct_table_number(&table, reason->total_ns);
		ct_table_number(&table, reason->count ? reason->total_ns / reason->count
						      : CT_TABLE_UNKNOWN);
		ct_table_number(&table, reason->max_ns);
	}
	ct_table_print(&table, text->options->color, text->out);
	if (shown < count)
		ct_text_addf(text->out, "  and for %zu more\n", count - shown);
	ct_table_fini(&table);
	if (ct_text_status(&name) != CT_OK)
		text->out->failed = true;
	ct_text_fini(&name);
}

static double share_of(const struct ct_timing_thread *thread, size_t i)
{
	return ct_timing_share(thread->blocked[i].total_ns, thread->end_ns - thread->begin_ns);
}

static bool is_told(const struct ct_timing_thread *thread, size_t i)
{
	return share_of(thread, i) >= 0.01 || thread->blocked[i].unended;
}

static bool waits_much(const struct ct_timing_thread *thread)
{
	for (size_t i = 0; i < thread->blocked_count; i++)
		if (is_told(thread, i))
			return thread->present;
	return false;
}

/* " 41 % (0.81 s, 1200 times)"; of what had only begun at the end its length says nothing. */
static void add_length(struct ct_text *line, const struct ct_timing_thread *thread, size_t i)
{
	const struct ct_blocked *blocked = &thread->blocked[i];

	if (share_of(thread, i) < 0.01) {
		ct_text_add(line, " (" CT_TIMING_UNENDED ")");
		return;
	}
	ct_text_addf(line, " %.0f %% (", 100 * share_of(thread, i));
	ct_timing_add_time(line, blocked->total_ns);
	if (blocked->count != 1)
		ct_text_addf(line, ", %" PRIu64 " times", blocked->count);
	ct_text_add(line, blocked->unended ? ", " CT_TIMING_UNENDED ")" : ")");
}

/* "  T2: lock `queue` 41 % (0.81 s, 1200 times), pipe `P1` 3 % (...)" */
static void add_thread(const struct ct_timing_text *text, const struct ct_timing_thread *thread)
{
	struct ct_text line;

	size_t told = 0;

	ct_text_init(&line);
	ct_text_addf(&line, "%s:", ct_name_thread(text->timing->naming, thread->thread));
	for (size_t i = 0; i < thread->blocked_count && told < REASONS; i++) {
		const struct ct_blocked *blocked = &thread->blocked[i];
		const char *name = ct_timing_waited_for(text->timing, blocked);

		if (!is_told(thread, i))
			continue;
		ct_text_addf(&line, "%s %s", told++ ? "," : "",
			     ct_activity_name(blocked->activity));
		if (name)
			ct_text_addf(&line, blocked->object ? " `%s`" : " %s", name);
		add_length(&line, thread, i);
	}
	ct_timing_text_wrap(text->out, ct_text_str(&line));
	if (ct_text_status(&line) != CT_OK)
		text->out->failed = true;
	ct_text_fini(&line);
}

static void add_threads(const struct ct_timing_text *text)
{
	const struct ct_timing *timing = text->timing;
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < timing->thread_count; i++) {
		if (!waits_much(&timing->threads[i]))
			continue;
		if (shown == text->options->top) {
			more++;
			continue;
		}
		if (shown++ == 0)
			ct_timing_text_title(text, "of its life, each thread waited");
		add_thread(text, &timing->threads[i]);
	}
	if (more)
		ct_text_addf(text->out, "  and %zu threads more\n", more);
}

void ct_timing_text_waits(const struct ct_timing_text *text)
{
	size_t count = 0;
	struct reason *reasons = gather(text->timing, &count);

	if (!reasons) {
		text->out->failed = true;
		return;
	}
	if (count) {
		ct_timing_text_title(text, "waits");
		add_reasons(text, reasons, count);
		add_threads(text);
	}
	free(reasons);
}
