#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/suggest.h"
#include "cli/options.h"

static void distance_counts_slips(void **state)
{
	(void)state;
	assert_int_equal(ct_suggest_distance("", ""), 0);
	assert_int_equal(ct_suggest_distance("", "abc"), 3);
	assert_int_equal(ct_suggest_distance("report", "report"), 0);
	assert_int_equal(ct_suggest_distance("reprot", "report"), 1); /* swapped */
	assert_int_equal(ct_suggest_distance("raport", "report"), 1);
	assert_int_equal(ct_suggest_distance("reeport", "report"), 1);
	assert_int_equal(ct_suggest_distance("kitten", "sitting"), 3);
	assert_int_equal(ct_suggest_distance("ca", "abc"),
			 3); /* not 2: no edits of a swapped pair */
}

static void suggestion_is_near_or_none(void **state)
{
	static const char *const words[] = {"run", "report", "graph", "dump", NULL};

	(void)state;
	assert_string_equal(ct_suggest("reprot", words), "report");
	assert_string_equal(ct_suggest("rep", words), "report");
	assert_string_equal(ct_suggest("rum", words), "run");
	assert_string_equal(ct_suggest("dmup", words), "dump");
	assert_null(ct_suggest("xyz", words));
	assert_null(ct_suggest("", words));
	assert_null(ct_suggest("a word that is much longer than all of them are", words));
}

static void numbers_are_whole_words(void **state)
{
	uint64_t value = 99;

	(void)state;
	assert_true(ct_parse_number("0", 255, &value));
	assert_int_equal(value, 0);
	assert_true(ct_parse_number("255", 255, &value));
	assert_int_equal(value, 255);
	assert_false(ct_parse_number("256", 255, &value));
	assert_false(ct_parse_number("", 255, &value));
	assert_false(ct_parse_number("-1", UINT64_MAX, &value));
	assert_false(ct_parse_number(" 1", 255, &value));
	assert_false(ct_parse_number("1x", 255, &value));
	assert_false(ct_parse_number("18446744073709551616", UINT64_MAX, &value));
	assert_int_equal(value, 255); /* untouched */
}

static void seconds_round_up(void **state)
{
	uint64_t ms = 99;

	(void)state;
	assert_true(ct_parse_seconds("5", &ms));
	assert_int_equal(ms, 5000);
	assert_true(ct_parse_seconds(".5", &ms));
	assert_int_equal(ms, 500);
	assert_true(ct_parse_seconds("0.0001", &ms));
	assert_int_equal(ms, 1);
	assert_false(ct_parse_seconds("0", &ms));
	assert_false(ct_parse_seconds("-1", &ms));
	assert_false(ct_parse_seconds("nan", &ms));
	assert_false(ct_parse_seconds("1e300", &ms));
	assert_false(ct_parse_seconds("5s", &ms));
	assert_false(ct_parse_seconds("", &ms));
	assert_int_equal(ms, 1);
}

static void sizes_have_units(void **state)
{
	uint64_t bytes = 99;

	(void)state;
	assert_true(ct_parse_size("0", &bytes));
	assert_int_equal(bytes, 0);
	assert_true(ct_parse_size("12", &bytes));
	assert_int_equal(bytes, 12);
	assert_true(ct_parse_size("3k", &bytes));
	assert_int_equal(bytes, 3072);
	assert_true(ct_parse_size("2G", &bytes));
	assert_int_equal(bytes, UINT64_C(2) << 30);
	assert_true(ct_parse_size("1T", &bytes));
	assert_int_equal(bytes, UINT64_C(1) << 40);
	assert_false(ct_parse_size("16777216T", &bytes));
	assert_false(ct_parse_size("99999999999999999999999999", &bytes));
	assert_false(ct_parse_size("5Q", &bytes));
	assert_false(ct_parse_size("5MB", &bytes));
	assert_false(ct_parse_size("M", &bytes));
	assert_false(ct_parse_size("", &bytes));
	assert_int_equal(bytes, UINT64_C(1) << 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distance_counts_slips),
		cmocka_unit_test(suggestion_is_near_or_none),
		cmocka_unit_test(numbers_are_whole_words),
		cmocka_unit_test(seconds_round_up),
		cmocka_unit_test(sizes_have_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
