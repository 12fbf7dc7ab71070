/* timing/histogram: percentiles against the values themselves, totals, bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "timing/histogram.h"

enum { VALUES = 20000 };

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 20;
}

static int by_value(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void test_empty(void **state)
{
	struct ct_histogram histogram = {.steps = NULL};
	struct ct_times times = ct_histogram_times(&histogram);

	(void)state;
	assert_int_equal(times.count, 0);
	assert_int_equal(times.p99_ns, 0);
	assert_int_equal(ct_histogram_percentile(&histogram, 0.5), 0);
	ct_histogram_fini(&histogram);
}

static void test_one_value(void **state)
{
	static const uint64_t values[] = {0, 1, 31, 32, 33, 1000003, UINT64_MAX - 1, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct ct_histogram histogram = {.steps = NULL};

		assert_int_equal(ct_histogram_add(&histogram, values[i]), CT_OK);
		assert_true(ct_histogram_percentile(&histogram, 0.99) == values[i]);
		assert_true(ct_histogram_times(&histogram).mean_ns == values[i]);
		ct_histogram_fini(&histogram);
	}
}

static void test_total_stays_at_its_maximum(void **state)
{
	struct ct_histogram histogram = {.steps = NULL};

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(ct_histogram_add(&histogram, UINT64_MAX / 2), CT_OK);
	assert_true(histogram.total == UINT64_MAX);
	ct_histogram_fini(&histogram);
}

/* No less than the true one, and at most a 32nd more. */
static void check_percentile(const struct ct_histogram *histogram, const uint64_t *sorted,
			     size_t count, double share)
{
	size_t rank = (size_t)(share * (double)count);
	uint64_t truth, told = ct_histogram_percentile(histogram, share);

	rank += (double)rank < share * (double)count;
	truth = sorted[rank ? rank - 1 : 0];
	assert_true(told >= truth);
	assert_true((double)told <= (double)truth * (1 + 1.0 / 32) + 1);
}

static void test_random_values(void **state)
{
	uint64_t *values = calloc(VALUES, sizeof(*values)), seed = 7, total = 0;

	(void)state;
	assert_non_null(values);
	for (int round = 0; round < 20; round++) {
		struct ct_histogram histogram = {.steps = NULL};

		total = 0;
		for (size_t i = 0; i < VALUES; i++) {
			values[i] = next_random(&seed) >> (next_random(&seed) % 44);
			total += values[i];
			assert_int_equal(ct_histogram_add(&histogram, values[i]), CT_OK);
		}
		qsort(values, VALUES, sizeof(*values), by_value);
		assert_true(histogram.total == total && histogram.count == VALUES);
		assert_true(histogram.max == values[VALUES - 1]);
		assert_true(histogram.step_count < 2000);
		for (double share = 0.01; share < 1; share += 0.01)
			check_percentile(&histogram, values, VALUES, share);
		check_percentile(&histogram, values, VALUES, 0.999);
		ct_histogram_fini(&histogram);
	}
	free(values);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_one_value),
		cmocka_unit_test(test_total_stays_at_its_maximum),
		cmocka_unit_test(test_random_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
