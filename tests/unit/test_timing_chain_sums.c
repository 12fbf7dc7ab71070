/* timing/chain_sums: sums by id are right in whatever order the ids come, and in little time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "timing/chain_sums.h"

static void add(struct ct_chain_sums *sums, uint32_t id, uint64_t ns)
{
	assert_int_equal(ct_chain_add(sums, id, ns), CT_OK);
}

static void test_random_ids(void **state)
{
	enum { IDS = 500, ADDED = 20000 };
	uint64_t expected[IDS] = {0}, seed = 1, ids = 0;
	struct ct_chain_sums sums = {.sums = NULL};

	(void)state;
	for (uint32_t i = 0; i < ADDED; i++) {
		uint32_t id;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		id = (uint32_t)(seed >> 33) % IDS / 2 * 2; /* even ones only */
		ids += !expected[id];
		expected[id] += i + 1;
		add(&sums, id, i + 1);
	}
	ct_chain_sort(&sums);
	assert_int_equal(sums.count, ids);
	for (uint32_t id = 0; id < IDS; id++)
		assert_int_equal(ct_chain_sum_of(&sums, id), expected[id]);
	ct_chain_clear(&sums);
	ct_chain_sort(&sums);
	assert_int_equal(ct_chain_sum_of(&sums, 0), 0);
	add(&sums, 7, 3);
	add(&sums, 7, 4);
	ct_chain_sort(&sums);
	assert_int_equal(sums.count, 1);
	assert_int_equal(ct_chain_sum_of(&sums, 7), 7);
	free(sums.sums);
}

/* Processor time of `count` ids that come in descending order. */
static double seconds(uint32_t count)
{
	struct ct_chain_sums sums = {.sums = NULL};
	clock_t begin = clock();

	for (uint32_t id = count; id-- > 0;)
		add(&sums, id, 1);
	ct_chain_sort(&sums);
	assert_int_equal(sums.count, count);
	free(sums.sums);
	return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

/* 16 times as many take some 20 times as long, not 256 times. */
static void test_many_ids(void **state)
{
	double few = seconds(10000);

	(void)state;
	assert_true(seconds(160000) < 100 * few + 0.1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_ids),
		cmocka_unit_test(test_many_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
