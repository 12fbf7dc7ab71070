/* timing/parallelism: how many threads ran at once, from who begins and ends to run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "timing/parts.h"

struct fixture {
	struct fake_trace *fake;
	struct ct_timing *timing;
	struct ct_part_parallelism *part;
	struct ct_span_sink sink;
};

static void begin(struct fixture *f)
{
	f->fake = fake_new();
	for (uint32_t t = 1; t <= 4; t++)
		fake_thread(f->fake, 1, t);
	f->timing = calloc(1, sizeof(*f->timing));
	assert_non_null(f->timing);
	f->timing->model = fake_model(f->fake);
	f->timing->usage.cpu_ns = CT_TIME_UNKNOWN;
	assert_int_equal(ct_part_parallelism_new(f->timing, &f->part), CT_OK);
	f->sink = ct_part_parallelism_sink(f->part);
}

static void change(struct fixture *f, size_t thread, uint64_t time, enum ct_activity from,
		   enum ct_activity to)
{
	assert_int_equal(
		f->sink.change(f->sink.state, f->timing->model->threads[thread], time, from, to),
		CT_OK);
}

static void ends(struct fixture *f, size_t thread, uint64_t time)
{
	assert_int_equal(f->sink.end(f->sink.state, f->timing->model->threads[thread], time),
			 CT_OK);
}

static const struct ct_parallelism *finish(struct fixture *f)
{
	assert_int_equal(ct_part_parallelism_finish(f->part, f->timing), CT_OK);
	ct_part_parallelism_free(f->part);
	return &f->timing->parallelism;
}

static void end(struct fixture *f)
{
	ct_timing_free(f->timing);
	fake_free(f->fake);
}

/* 0..1 s: one; 1..3 s: two; 3..4 s: none; 4..10 s: one. In s, so that bins are joined often. */
static void time_by_number(void **state)
{
	const uint64_t s = 1000000000;
	const struct ct_parallelism *result;
	struct fixture f;

	(void)state;
	begin(&f);
	change(&f, 0, 0, CT_RUNS, CT_RUNS);
	change(&f, 1, s, CT_RUNS, CT_RUNS);
	change(&f, 0, 3 * s, CT_RUNS, CT_WAITS_JOIN);
	ends(&f, 1, 3 * s);
	change(&f, 0, 4 * s, CT_WAITS_JOIN, CT_RUNS);
	ends(&f, 0, 10 * s);
	result = finish(&f);
	assert_int_equal(result->most, 2);
	assert_int_equal(result->at_ns[0], s);
	assert_int_equal(result->at_ns[1], 7 * s);
	assert_int_equal(result->at_ns[2], 2 * s);
	assert_float_equal(result->mean, 1.1, 1e-9);
	assert_float_equal(result->serial_share, 7.0 / 11, 1e-9);
	assert_true(result->cores < 0);
	assert_int_equal(result->bins, 500);
	assert_float_equal(result->curve[10], 1, 1e-6);
	assert_float_equal(result->curve[100], 2, 1e-6);
	assert_float_equal(result->curve[175], 0, 1e-6);
	assert_float_equal(result->curve[499], 1, 1e-6);
	end(&f);
}

static void the_curve_keeps_the_work(void **state)
{
	const struct ct_parallelism *result;
	double work = 0, truth = 0;
	struct fixture f;
	uint64_t now = 0;

	(void)state;
	begin(&f);
	for (size_t t = 0; t < 4; t++)
		change(&f, t, 0, CT_SLEEPS, CT_SLEEPS);
	for (uint64_t i = 0; i < 20000; i++) {
		bool runs = i / 4 % 2 == 0;

		now += 1 + i * 7919 % 100000;
		change(&f, i % 4, now, runs ? CT_SLEEPS : CT_RUNS, runs ? CT_RUNS : CT_SLEEPS);
	}
	result = finish(&f);
	assert_int_equal(result->most, 4);
	for (size_t k = 1; k <= result->most; k++)
		truth += (double)k * (double)result->at_ns[k];
	for (size_t i = 0; i < result->bins; i++)
		work += result->curve[i] * (double)now / (double)result->bins;
	assert_float_equal(work / truth, 1, 1e-6);
	end(&f);
}

static void nothing_at_all(void **state)
{
	const struct ct_parallelism *result;
	struct fixture f;

	(void)state;
	begin(&f);
	result = finish(&f);
	assert_int_equal(result->most, 0);
	assert_float_equal(result->mean, 0, 0);
	assert_true(result->serial_share < 0);
	end(&f);
}

/* Hostile times neither hang nor overflow. */
static void times_out_of_order(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	change(&f, 0, INT64_MAX - 1, CT_RUNS, CT_RUNS);
	change(&f, 1, 5, CT_RUNS, CT_RUNS);
	change(&f, 2, UINT64_MAX, CT_RUNS, CT_RUNS);
	ends(&f, 2, INT64_MAX);
	assert_int_equal(finish(&f)->at_ns[3], 1);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_by_number),
		cmocka_unit_test(the_curve_keeps_the_work),
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(times_out_of_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
