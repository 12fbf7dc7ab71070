/*
 * The locks: what is known of them by name, and, of a timing, how they were used and where.
 */
#include "report/html_parts.h"

#include "base/text.h"
#include "model/names.h"
#include "report/table.h"
#include "timing/timing.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void add_object(struct ct_table *table, const struct ct_html_page *page,
		       const struct ct_object *object)
{
	struct ct_naming *naming = page->in->naming;
	const char *place = NULL;

	if (object->creator && object->init_stack)
		place = ct_name_place(naming, object->creator->process->number, object->init_stack);
	ct_table_text(table, ct_name_object_short(naming, object));
	ct_table_text(table, ct_name_kind(object->kind));
	ct_table_text(table, place ? place : "-");
}

static const struct ct_table_column lock_columns[] = {
	{"lock", CT_TABLE_NAME},      {"kind", CT_TABLE_NAME},	   {"first seen at", CT_TABLE_NAME},
	{"taken", CT_TABLE_COUNT},    {"waited", CT_TABLE_COUNT},  {"wait", CT_TABLE_TIME},
	{"wait mean", CT_TABLE_TIME}, {"wait p99", CT_TABLE_TIME}, {"held", CT_TABLE_TIME},
	{"held mean", CT_TABLE_TIME}, {"held p99", CT_TABLE_TIME}, {"on path", CT_TABLE_TIME},
	{"threads", CT_TABLE_COUNT},
};

static void add_times(struct ct_table *table, const struct ct_times *times)
{
	ct_table_number(table, times->total_ns);
	ct_table_number(table, times->count ? times->mean_ns : CT_TABLE_UNKNOWN);
	ct_table_number(table, times->count ? times->p99_ns : CT_TABLE_UNKNOWN);
}

static void add_lock(struct ct_table *table, const struct ct_html_page *page,
		     const struct ct_timing_lock *lock)
{
	add_object(table, page, lock->object);
	ct_table_number(table, lock->acquisitions);
	ct_table_number(table, lock->contended);
	add_times(table, &lock->wait);
	add_times(table, &lock->hold);
	ct_table_number(table, lock->critical_ns);
	ct_table_number(table, lock->threads);
}

static bool is_told(const struct ct_timing_lock *lock)
{
	return !lock->folded && lock->acquisitions;
}

static void add_locks(const struct ct_html_page *page)
{
	const struct ct_timing *timing = page->in->timing;
	struct ct_table table;
	size_t count = 0;

	ct_table_init(&table, lock_columns, COUNT(lock_columns));
	for (size_t i = 0; i < timing->lock_count; i++)
		if (is_told(&timing->locks[i]) && count++ < CT_HTML_ROWS)
			add_lock(&table, page, &timing->locks[i]);
	ct_html_table(page, &table, "Locks, those waited for longest first");
	if (count > CT_HTML_ROWS) {
		ct_html_begin_class(page->html, "p", "note");
		ct_html_textf(page->html, "and %zu more", count - CT_HTML_ROWS);
		ct_html_end(page->html);
	}
	if (!count)
		ct_html_element(page->html, "p", NULL, "The program took no lock.");
	ct_table_fini(&table);
}

static const struct ct_table_column site_columns[] = {
	{"taken at", CT_TABLE_NAME}, {"lock", CT_TABLE_NAME}, {"taken", CT_TABLE_COUNT},
	{"waited", CT_TABLE_COUNT},  {"wait", CT_TABLE_TIME}, {"held", CT_TABLE_TIME},
};

static void add_site(struct ct_table *table, const struct ct_html_page *page,
		     const struct ct_timing_lock *lock, const struct ct_lock_site *site)
{
	ct_table_text(table, site->place && *site->place ? site->place : "?");
	ct_table_text(table, ct_name_object_short(page->in->naming, lock->object));
	ct_table_number(table, site->acquisitions);
	ct_table_number(table, site->contended);
	ct_table_number(table, site->wait_ns);
	ct_table_number(table, site->hold_ns);
}

static void add_sites(const struct ct_html_page *page)
{
	const struct ct_timing *timing = page->in->timing;
	struct ct_table table;
	size_t count = 0;

	ct_table_init(&table, site_columns, COUNT(site_columns));
	for (size_t i = 0; i < timing->lock_count && count < CT_HTML_ROWS; i++)
		for (size_t k = 0; k < timing->locks[i].site_count && count < CT_HTML_ROWS; k++)
			if (is_told(&timing->locks[i])) {
				add_site(&table, page, &timing->locks[i],
					 &timing->locks[i].sites[k]);
				count++;
			}
	ct_html_table(page, &table, "Where they were taken");
	ct_table_fini(&table);
}

void ct_html_locks(const struct ct_html_page *page)
{
	ct_html_begin(page->html, "section");
	ct_html_attr(page->html, "id", "locks");
	ct_html_element(page->html, "h2", NULL, "Locks");
	add_locks(page);
	add_sites(page);
	ct_html_end(page->html);
}

void ct_html_objects(const struct ct_html_page *page)
{
	const struct ct_model *model = page->in->model;
	struct ct_table table;
	size_t count = 0;

	ct_table_init(&table, lock_columns, 3);
	for (size_t i = 0; i < model->object_count; i++)
		if (ct_kind_is_lock(model->objects[i]->kind) && count++ < CT_HTML_ROWS)
			add_object(&table, page, model->objects[i]);
	if (count) {
		ct_html_begin(page->html, "section");
		ct_html_attr(page->html, "id", "locks");
		ct_html_element(page->html, "h2", NULL, "Locks");
		ct_html_table(page, &table, "Locks of the program");
		if (count > CT_HTML_ROWS) {
			ct_html_begin_class(page->html, "p", "note");
			ct_html_textf(page->html, "and %zu more", count - CT_HTML_ROWS);
			ct_html_end(page->html);
		}
		ct_html_end(page->html);
	}
	ct_table_fini(&table);
}
