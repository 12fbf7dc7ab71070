/*
 * report/report_lines.c: the lines, word by word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

#include "report_fixture.h"

#include <stdlib.h>

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

static void assert_lines(struct fixture *f, const char *expected)
{
	struct ct_text out;

	ct_text_init(&out);
	assert_int_equal(ct_report_lines.write(&f->report, &out), CT_OK);
	assert_string_equal(ct_text_str(&out), expected);
	ct_text_fini(&out);
}

static void test_finding(void **state)
{
	static const struct ct_rule other = {
		.id = "stuck", .title = "stuck", .help = "Wake it.", .severity = CT_NOTE};
	struct fixture *f = *state;

	assert_lines(f, "");
	fixture_cycle(f);
	ct_findings_add(&f->findings, &other, CT_OBSERVED)->headline = "T2 is stuck";
	assert_lines(f, "bank.c:12:1: error: main and T2 lock `accounts` and `M1` in opposite"
			" orders [lock-order]\n"
			"bank.c:11:1: note: main takes `accounts` [lock-order]\n"
			"bank.c:13:1: note: T2 takes `M1` [lock-order]\n"
			"bank.c:14:1: note: T2 locks `accounts` [lock-order]\n"
			"conctrace: note: T2 is stuck [stuck]\n");
}

/* What lies elsewhere is told by its whole path, an unknown line is the first, and a place without
 * a source has no line here. */
static void test_places(void **state)
{
	struct fixture *f = *state;

	fixture_cycle(f);
	for (size_t i = 0; i < 5; i++)
		f->symbols.stacks[0][i].file = NULL;
	f->symbols.stacks[1][1].line = 0;
	f->symbols.stacks[2][1].file = "/other/\n.c";
	f->symbols.stacks[3][1].file = "/srcs/a b.c";
	assert_lines(f, "bank.c:1:1: error: main and T2 lock `accounts` and `M1` in opposite"
			" orders [lock-order]\n"
			"/other/\\x0A.c:13:1: note: T2 takes `M1` [lock-order]\n"
			"/srcs/a b.c:14:1: note: T2 locks `accounts` [lock-order]\n");
	f->report.symbols = NULL;
	assert_lines(f, "conctrace: error: main and T2 lock `accounts` and `M1` in opposite"
			" orders [lock-order]\n");
}

static void test_many_places(void **state)
{
	enum { MANY = 150 };
	static struct ct_place places[MANY];
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	size_t lines = 0;
	struct ct_text out;

	for (size_t i = 0; i < MANY; i++)
		places[i] = fixture_place(f, 0, 1);
	finding->places = places;
	finding->place_count = MANY;
	ct_text_init(&out);
	assert_int_equal(ct_report_lines.write(&f->report, &out), CT_OK);
	for (const char *at = ct_text_str(&out); (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 1 + 100 + 1);
	assert_non_null(strstr(ct_text_str(&out),
			       "bank.c:12:1: note: 53 more places are not listed [lock-order]\n"));
	ct_text_fini(&out);
}

static void test_hostile_names(void **state)
{
	struct fixture *f = *state;

	fixture_cycle(f)->step_count = 1;
	f->findings.items[0]->headline = "a\n\xff";
	f->threads[0].name = "\x1b[31m\n";
	f->symbols.variable = "x\ny";
	assert_lines(f, "bank.c:12:1: error: a\\x0A\\xFF [lock-order]\n"
			"bank.c:11:1: note: \\x1B[31m\\x0A takes `x\\x0Ay` [lock-order]\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_finding, setup, teardown),
		cmocka_unit_test_setup_teardown(test_places, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_places, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile_names, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
