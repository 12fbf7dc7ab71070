/*
 * The locks of a timing, the places where the worst of them were taken, and interpreter locks.
 */
#include "report/timing_text_parts.h"

#include <inttypes.h>

#include "base/text.h"
#include "report/table.h"
#include "report/timing_text.h"
#include "report/timing_words.h"
#include "timing/interpreter.h"

/* Places are told of so many locks, so many of each. */
enum { LOCKS_WITH_SITES = 5, SITES = 3 };

static const struct ct_table_column columns[] = {
	{"lock", CT_TABLE_NAME},    {"taken", CT_TABLE_COUNT}, {"waited", CT_TABLE_COUNT},
	{"wait", CT_TABLE_TIME},    {"mean", CT_TABLE_TIME},   {"p99", CT_TABLE_TIME},
	{"held", CT_TABLE_TIME},    {"mean", CT_TABLE_TIME},   {"p99", CT_TABLE_TIME},
	{"on path", CT_TABLE_TIME},
};

static void add_times(struct ct_table *table, const struct ct_times *times)
{
	ct_table_number(table, times->total_ns);
	ct_table_number(table, times->count ? times->mean_ns : CT_TABLE_UNKNOWN);
	ct_table_number(table, times->count ? times->p99_ns : CT_TABLE_UNKNOWN);
}

static void add_lock(struct ct_table *table, const struct ct_timing *timing,
		     const struct ct_timing_lock *lock)
{
	ct_table_text(table, ct_name_object(timing->naming, lock->object));
	ct_table_number(table, lock->acquisitions);
	ct_table_number(table, lock->contended);
	add_times(table, &lock->wait);
	add_times(table, &lock->hold);
	ct_table_number(table, lock->critical_ns);
}

static void add_site(struct ct_table *table, const struct ct_lock_site *site)
{
	struct ct_text name;

	ct_text_init(&name);
	ct_text_addf(&name, "  at %s", site->place && *site->place ? site->place : "?");
	ct_table_text(table, ct_text_str(&name));
	ct_table_number(table, site->acquisitions);
	ct_table_number(table, site->contended);
	ct_table_number(table, site->wait_ns);
	ct_table_number(table, CT_TABLE_UNKNOWN);
	ct_table_number(table, CT_TABLE_UNKNOWN);
	ct_table_number(table, site->hold_ns);
	ct_table_number(table, CT_TABLE_UNKNOWN);
	ct_table_number(table, CT_TABLE_UNKNOWN);
	ct_table_number(table, CT_TABLE_UNKNOWN);
	ct_text_fini(&name);
}

void ct_timing_text_locks(const struct ct_timing_text *text)
{
	const struct ct_timing *timing = text->timing;
	size_t shown = 0, folded = 0, more = 0;
	struct ct_table table;

	ct_table_init(&table, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < timing->lock_count; i++) {
		const struct ct_timing_lock *lock = &timing->locks[i];

		folded += lock->folded;
		if (lock->folded || !lock->acquisitions)
			continue;
		if (shown == text->options->top) {
			more++;
			continue;
		}
		add_lock(&table, timing, lock);
		for (size_t k = 0; k < lock->site_count && k < SITES; k++)
			if (shown < LOCKS_WITH_SITES && lock->contended)
				add_site(&table, &lock->sites[k]);
		shown++;
	}
	if (shown) {
		ct_timing_text_title(text, "locks");
		ct_table_print(&table, text->options->color, text->out);
	}
	if (more)
		ct_text_addf(text->out, "  and %zu more\n", more);
	if (shown && folded)
		ct_text_add(text->out, "  without what interpreter locks are made of\n");
	ct_table_fini(&table);
}

void ct_timing_text_interpreters(const struct ct_timing_text *text)
{
	const struct ct_timing *timing = text->timing;
	const char *title;
	struct ct_text sentence;

	if (!timing->interpreter_count)
		return;
	/* nothing is folded of a lock that the program made for itself, interpreter.h */
	title = timing->interpreters[0].folded ? "interpreters" : "locks of its own";
	ct_timing_text_title(text, title);
	ct_text_init(&sentence);
	for (size_t i = 0; i < timing->interpreter_count; i++) {
		ct_text_reset(&sentence);
		if (ct_interpreter_sentence(&timing->interpreters[i], timing, &sentence) != CT_OK)
			text->out->failed = true;
		ct_timing_text_wrap(text->out, ct_text_str(&sentence));
	}
	ct_text_fini(&sentence);
}
