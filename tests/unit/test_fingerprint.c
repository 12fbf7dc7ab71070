/* finding/fingerprint: what it does not depend on, and what it does. More of it stands beside the
 * formats that show it: test_report_sarif.c, test_report_race.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "finding/fingerprint.h"
#include "report_fixture.h"

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof(*f));

	if (!f)
		return -1;
	fixture_init(f);
	*state = f;
	return fixture_cycle(f) ? 0 : -1;
}

static int teardown(void **state)
{
	fixture_fini(*state);
	free(*state);
	return 0;
}

static uint64_t number_of(struct fixture *f)
{
	uint64_t number = 0;

	assert_int_equal(ct_fingerprint(f->findings.items[0], &f->symbols, &number), CT_OK);
	return number;
}

static uint64_t number_with_function(struct fixture *f, const char *function)
{
	f->symbols.stacks[3][1].function = function;
	return number_of(f);
}

static void test_what_compilers_make_of_a_name(void **state)
{
	static const char *const same[] = {"withdraw.constprop.0", "withdraw.isra.0",
					   "withdraw.part.0.isra.0", "withdraw.cold",
					   "withdraw [clone .isra.0]"};
	static const char *const others[] = {"withdraw.audit", "withdraws", "with", "", NULL};
	struct fixture *f = *state;
	uint64_t number = number_of(f);

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		assert_true(number_with_function(f, same[i]) == number);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_false(number_with_function(f, others[i]) == number);
}

/* The second mutex has no name: it is told by the function that made it. */
static void test_objects_without_a_name(void **state)
{
	struct fixture *f = *state;
	uint64_t number = number_of(f);

	f->symbols.stacks[5][0].line++;
	assert_true(number_of(f) == number);
	f->symbols.stacks[5][0].function = "make_ledger";
	assert_false(number_of(f) == number);
	/* where it was only used first, that is not the same in each run */
	f->objects[1].initialised = false;
	number = number_of(f);
	f->symbols.stacks[5][0].function = "main";
	assert_true(number_of(f) == number);
}

static void test_occurrences(void **state)
{
	struct fixture *f = *state;
	char text[CT_FINGERPRINT_BYTES];

	assert_non_null(fixture_cycle(f));
	assert_non_null(fixture_cycle(f));
	f->findings.items[1]->steps[0].verb = "joins";
	assert_int_equal(ct_findings_identify(&f->findings, &f->symbols), CT_OK);
	assert_true(f->findings.items[0]->fingerprint == f->findings.items[2]->fingerprint);
	assert_false(f->findings.items[0]->fingerprint == f->findings.items[1]->fingerprint);
	assert_int_equal(f->findings.items[0]->occurrence, 1);
	assert_int_equal(f->findings.items[1]->occurrence, 1);
	assert_int_equal(f->findings.items[2]->occurrence, 2);
	f->findings.items[2]->fingerprint = 0xabc;
	ct_fingerprint_write(f->findings.items[2], text);
	assert_string_equal(text, "0000000000000abc:2");
	f->findings.items[2]->fingerprint = UINT64_MAX;
	f->findings.items[2]->occurrence = UINT32_MAX;
	ct_fingerprint_write(f->findings.items[2], text);
	assert_string_equal(text, "ffffffffffffffff:4294967295");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_what_compilers_make_of_a_name, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_objects_without_a_name, setup, teardown),
		cmocka_unit_test_setup_teardown(test_occurrences, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
