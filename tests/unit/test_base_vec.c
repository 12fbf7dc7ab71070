/* base/vec: growth, sizes that cannot be, nothing changed on failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/vec.h"

#include <stdlib.h>

static void test_contents_survive_growth(void **state)
{
	uint64_t *items = NULL;
	size_t cap = 0;
	size_t growths = 0;

	(void)state;
	for (size_t i = 0; i < 100000; i++) {
		size_t before = cap;

		assert_int_equal(ct_vec_grow(&items, &cap, i + 1, sizeof(*items)), CT_OK);
		assert_true(cap >= i + 1);
		growths += cap != before;
		items[i] = i * 3;
	}
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(items[i], i * 3);
	assert_in_range(growths, 1, 30); /* geometric: log 12500 / log 1.5 is 23.3 */
	free(items);
}

static void test_enough_room_is_left_alone(void **state)
{
	char *items = NULL;
	char *before;
	size_t cap = 0;

	(void)state;
	assert_int_equal(ct_vec_grow(&items, &cap, 0, 1), CT_OK);
	assert_null(items);
	assert_int_equal(cap, 0);
	assert_int_equal(ct_vec_grow(&items, &cap, 1000, 1), CT_OK);
	before = items;
	assert_int_equal(ct_vec_grow(&items, &cap, 1000, 1), CT_OK);
	assert_ptr_equal(items, before);
	assert_int_equal(cap, 1000);
	free(items);
}

static void test_impossible_sizes(void **state)
{
	static const size_t needs[] = {SIZE_MAX, SIZE_MAX / 8, SIZE_MAX / 8 + 2, SIZE_MAX / 16 + 1};
	uint64_t *items = NULL;
	uint64_t *before;
	size_t cap = 0;

	(void)state;
	assert_int_equal(ct_vec_grow(&items, &cap, 3, sizeof(*items)), CT_OK);
	items[2] = 99;
	before = items;
	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++) {
		size_t cap_before = cap;

		assert_int_equal(ct_vec_grow(&items, &cap, needs[i], sizeof(*items)), CT_ENOMEM);
		assert_int_equal(cap, cap_before);
		assert_ptr_equal(items, before);
		assert_int_equal(items[2], 99);
	}
	free(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contents_survive_growth),
		cmocka_unit_test(test_enough_room_is_left_alone),
		cmocka_unit_test(test_impossible_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
