/* report/finding_about: what stays the same of a finding, whatever places it was seen at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/text.h"
#include "report/finding_about.h"

#include "report_fixture.h"

struct about {
	struct fixture base;
	struct ct_finding *cycle, race_finding;
	struct ct_race race;
};

static int setup(void **state)
{
	struct about *a = calloc(1, sizeof(*a));

	if (!a)
		return -1;
	fixture_init(&a->base);
	a->cycle = fixture_cycle(&a->base);
	a->race.address = 0x1000;
	for (size_t i = 0; i < 2; i++)
		a->race.sides[i] = (struct ct_race_side){
			.place = fixture_place(&a->base, i, 2 + i), .address = 0x1000, .size = 4};
	a->race_finding = (struct ct_finding){.rule = &fixture_rule, .race = &a->race};
	*state = a;
	return a->cycle ? 0 : -1;
}

static int teardown(void **state)
{
	struct about *a = *state;

	fixture_fini(&a->base);
	free(a);
	return 0;
}

static void assert_about(struct about *a, const struct ct_finding *finding, const char *expected)
{
	struct ct_text out;

	ct_text_init(&out);
	ct_finding_about(&out, &a->base.report, finding);
	assert_int_equal(ct_text_status(&out), CT_OK);
	assert_string_equal(ct_text_str(&out), expected);
	ct_text_fini(&out);
}

static void test_locks(void **state)
{
	struct about *a = *state;
	struct ct_step_of_cycle first = a->cycle->steps[0];

	assert_about(a, a->cycle, "accounts, mutex made in main (bank.c)");
	a->cycle->steps[0] = a->cycle->steps[1]; /* a cycle has no beginning */
	a->cycle->steps[1] = first;
	assert_about(a, a->cycle, "accounts, mutex made in main (bank.c)");
	a->base.objects[1].given_name = "accounts[7].lock";
	a->base.objects[0].given_name = "accounts[12].lock";
	assert_about(a, a->cycle, "accounts[].lock");
}

/* One of two names would be taken for the whole. */
static void test_locks_without_a_name(void **state)
{
	struct about *a = *state;

	a->base.objects[1].initialised = false;
	assert_about(a, a->cycle, "");
	a->cycle->step_count = 0;
	assert_about(a, a->cycle, "");
}

static void test_variable(void **state)
{
	struct about *a = *state;

	a->base.symbols.data.name = "rows[3].cells[14].sum";
	assert_about(a, &a->race_finding, "rows[].cells[].sum");
	a->base.symbols.data.name = NULL;
	assert_about(a, &a->race_finding, "");
	a->race.stack_owner = &a->base.threads[1];
	a->base.symbols.data = (struct ct_symbol_data){.name = "sum", .function = "worker"};
	assert_about(a, &a->race_finding, "sum of worker");
}

static void test_heap_block(void **state)
{
	struct about *a = *state;

	a->race.block_address = 0xff0;
	a->race.block_size = 64;
	a->race.allocated_at = fixture_place(&a->base, 0, 5);
	a->base.symbols.data.name = "node.next";
	assert_about(a, &a->race_finding, "node.next allocated in main (bank.c)");
	a->base.symbols.data.name = NULL;
	assert_about(a, &a->race_finding, "a heap block allocated in main (bank.c)");
	a->race.allocated_at.stack = 0;
	assert_about(a, &a->race_finding, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_locks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_locks_without_a_name, setup, teardown),
		cmocka_unit_test_setup_teardown(test_variable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_heap_block, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
