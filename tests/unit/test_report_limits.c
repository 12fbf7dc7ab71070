/*
 * What reports leave out, and how they say so: findings that an earlier run told, what code hosts
 * take no more of, and what a damaged trace lacks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "report/entry.h"
#include "report/sarif_join.h"
#include "report/sarif_place.h"

#include "report_fixture.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof(*f));

	fixture_init(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture_fini(*state);
	free(*state);
	return 0;
}

static size_t count(const char *text, const char *word)
{
	size_t found = 0;

	for (const char *at = text; (at = strstr(at, word)); at++)
		found++;
	return found;
}

static void write(struct fixture *f, const struct ct_reporter *reporter, struct ct_text *out)
{
	ct_text_reset(out);
	assert_int_equal(reporter->write(&f->report, out), CT_OK);
}

/* Green would say that there is no such thing. */
static void test_repeated(void **state)
{
	static const struct ct_rule *const rules[] = {&fixture_rule, NULL};
	static const char skipped[] = "<skipped message=\"found in an earlier run\"/>";
	struct fixture *f = *state;
	struct ct_text out;

	f->report.rules = rules;
	ct_text_init(&out);
	write(f, &ct_report_junit, &out);
	assert_int_equal(count(ct_text_str(&out), "<skipped"), 0);
	fixture_cycle(f)->hiding = CT_KNOWN;
	assert_int_equal(ct_findings_hide(&f->findings), CT_OK);
	write(f, &ct_report_junit, &out);
	assert_int_equal(count(ct_text_str(&out), "<skipped"), 0);
	fixture_cycle(f)->hiding = CT_REPEATED;
	assert_int_equal(ct_findings_hide(&f->findings), CT_OK);
	write(f, &ct_report_junit, &out);
	assert_int_equal(count(ct_text_str(&out), skipped), 1);
	assert_int_equal(count(ct_text_str(&out), "skipped=\"1\""), 1);
	write(f, &ct_report_text, &out);
	assert_int_equal(count(ct_text_str(&out), "\nfound before: 1 finding\n"), 1);
	assert_int_equal(count(ct_text_str(&out), "\nknown from the baseline: 1 finding\n"), 1);
	/* it is told again where its evidence is better */
	fixture_cycle(f);
	write(f, &ct_report_junit, &out);
	assert_int_equal(count(ct_text_str(&out), "<skipped"), 0);
	ct_text_fini(&out);
}

static void test_many_lacks(void **state)
{
	enum { MANY = 1000 };
	struct fixture *f = *state;
	struct ct_entries entries;
	char **lines = calloc(MANY, sizeof(*lines));

	assert_non_null(lines);
	for (size_t i = 0; i < MANY; i++)
		lines[i] = (char *)"t1.1: byte 7: torn";
	f->trace.problems = lines;
	f->trace.problem_count = MANY;
	assert_int_equal(ct_entries_make(&f->report, &entries), CT_OK);
	assert_int_equal(entries.lack_count, CT_ENTRIES_LACKS_MAX + 1);
	assert_string_equal(entries.lacks[CT_ENTRIES_LACKS_MAX - 1], lines[0]);
	assert_string_equal(entries.lacks[CT_ENTRIES_LACKS_MAX],
			    "900 more of the kind are not listed");
	ct_entries_fini(&entries);
	f->trace.problem_count = CT_ENTRIES_LACKS_MAX;
	assert_int_equal(ct_entries_make(&f->report, &entries), CT_OK);
	assert_int_equal(entries.lack_count, CT_ENTRIES_LACKS_MAX);
	ct_entries_fini(&entries);
	f->trace.problem_count = 0;
	free(lines);
}

/* As many as there is room for in the file. */
static void test_large_results(void **state)
{
	enum { RESULTS = 14, SIZE = 4 << 20 };
	struct fixture *f = *state;
	char *headline = malloc(SIZE + 1);
	struct ct_text out;

	assert_non_null(headline);
	memset(headline, 'x', SIZE);
	headline[SIZE] = '\0';
	for (int i = 0; i < RESULTS; i++)
		fixture_cycle(f)->headline = headline;
	ct_text_init(&out);
	write(f, &ct_report_sarif, &out);
	assert_in_range(out.len, CT_SARIF_BYTES, CT_SARIF_BYTES + SIZE + 100000);
	assert_int_equal(count(ct_text_str(&out), "of 14 findings, the first 10 are listed here"),
			 1);
	ct_text_fini(&out);
	free(headline);
}

/* The log of a run with so many results, of `bytes` each. */
static void make_log(struct ct_text *out, size_t results, size_t bytes)
{
	ct_text_reset(out);
	ct_text_add(out, "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {},"
			 " \"automationDetails\": {\"id\": \"conctrace/p/\"}, \"results\": [");
	for (size_t i = 0; i < results; i++) {
		ct_text_add(out, i ? ", {\"x\": \"" : "{\"x\": \"");
		for (size_t j = 0; j < bytes; j++)
			ct_text_addc(out, 'x');
		ct_text_add(out, "\"}");
	}
	ct_text_add(out, "], \"invocations\": [{\"toolExecutionNotifications\": []}]}]}\n");
}

static void join(struct ct_text *whole, uint64_t seed, size_t results, size_t bytes)
{
	const struct ct_report_run run = {.number = seed, .seeded = true, .told = results > 0};
	struct ct_text part;

	ct_text_init(&part);
	make_log(&part, results, bytes);
	assert_int_equal(ct_sarif_join(whole, &part, &run), CT_OK);
	ct_text_fini(&part);
}

/* The seeds of the runs, and behind them the notifications: "1 2 3 +1". */
static void assert_runs(const struct ct_text *whole, const char *expected)
{
	json_t *log = json_loads(ct_text_str(whole), 0, NULL), *run;
	size_t notes = 0, i;
	struct ct_text seeds;

	assert_non_null(log);
	ct_text_init(&seeds);
	json_array_foreach(json_object_get(log, "runs"), i, run)
	{
		json_t *details = json_object_get(run, "automationDetails");
		json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);

		ct_text_addf(&seeds, "%d ",
			     atoi(json_string_value(json_object_get(details, "id")) +
				  strlen("conctrace/p/perturb/")));
		notes += json_array_size(json_object_get(invocation, "toolExecutionNotifications"));
	}
	ct_text_addf(&seeds, "+%zu", notes);
	assert_string_equal(ct_text_str(&seeds), expected);
	ct_text_fini(&seeds);
	json_decref(log);
}

/* Runs that found nothing make room, the first of them first. */
static void test_many_runs(void **state)
{
	struct ct_text whole;
	uint64_t seed = 1;

	(void)state;
	ct_text_init(&whole);
	for (; seed <= 20; seed++)
		join(&whole, seed, seed % 10 != 0, 3);
	join(&whole, 21, 0, 0);
	assert_runs(&whole, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 +0");
	join(&whole, 22, 2, 3);
	assert_runs(&whole, "1 2 3 4 5 6 7 8 9 11 12 13 14 15 16 17 18 19 20 22 +0");
	join(&whole, 23, 1, 3);
	assert_runs(&whole, "1 2 3 4 5 6 7 8 9 11 12 13 14 15 16 17 18 19 22 23 +0");
	for (seed = 24; seed < 30; seed++)
		join(&whole, seed, seed % 2, 3);
	assert_runs(&whole, "1 2 3 4 5 6 7 8 9 11 12 13 14 15 16 17 18 19 22 23 +1");
	ct_text_fini(&whole);
}

/* The last run makes room as well as one between others. */
static void test_last_run_makes_room(void **state)
{
	struct ct_text whole;

	(void)state;
	ct_text_init(&whole);
	for (uint64_t seed = 1; seed <= 20; seed++)
		join(&whole, seed, seed != 20, 3);
	join(&whole, 21, 1, 3);
	assert_runs(&whole, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 21 +0");
	ct_text_fini(&whole);
}

static void test_large_runs(void **state)
{
	struct ct_text whole;

	(void)state;
	ct_text_init(&whole);
	for (uint64_t seed = 1; seed <= 3; seed++)
		join(&whole, seed, 1, CT_SARIF_BYTES / 2 - 10000);
	join(&whole, 4, 0, 0);
	assert_runs(&whole, "1 2 4 +1");
	assert_in_range(whole.len, 0, CT_SARIF_BYTES);
	ct_text_fini(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_repeated, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_lacks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_large_results, setup, teardown),
		cmocka_unit_test(test_many_runs),
		cmocka_unit_test(test_last_run_makes_room),
		cmocka_unit_test(test_large_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
