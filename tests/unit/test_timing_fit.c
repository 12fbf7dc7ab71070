/* timing: statistics of measured times, and what a sweep makes of its runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/timing_sweep.h"
#include "timing/fit.h"
#include "timing/scaling.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void assert_near(double a, double b)
{
	if (!(fabs(a - b) <= 1e-9 * fmax(1, fabs(b))))
		fail_msg("%.12g is not %.12g", a, b);
}

static void test_spread(void **state)
{
	double five[] = {5, 1, 4, 2, 3}, four[] = {4, 1, 2, 3}, one[] = {7};
	struct ct_spread s = ct_fit_spread(five, 5);

	(void)state;
	assert_near(s.median, 3);
	assert_near(s.low, 2);
	assert_near(s.high, 4);
	s = ct_fit_spread(four, 4);
	assert_near(s.median, 2.5);
	assert_near(s.low, 1.75);
	assert_near(s.high, 3.25);
	s = ct_fit_spread(one, 1);
	assert_near(s.median, 7);
	assert_near(s.low, 7);
	assert_near(s.high, 7);
	assert_true(isnan(ct_fit_spread(NULL, 0).median));
}

static void test_line(void **state)
{
	double x[] = {1, 10, 100, 1000, 10000}, y[5];
	struct ct_fit_line line;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		y[i] = 0.003 + 2e-6 * x[i];
	assert_int_equal(ct_fit_line(x, y, 5, &line), CT_OK);
	assert_near(line.fixed, 0.003);
	assert_near(line.slope, 2e-6);
	assert_true(line.off < 1e-9);
	y[2] *= 10; /* one bad point moves nothing */
	assert_int_equal(ct_fit_line(x, y, 5, &line), CT_OK);
	assert_true(fabs(line.fixed / 0.003 - 1) < 0.05);
	assert_true(fabs(line.slope / 2e-6 - 1) < 0.05);
	assert_true(line.off > 0.8);
}

/* Noise of a few per cent of large times must not drown a small fixed cost. */
static void test_line_with_noise(void **state)
{
	double x[] = {1, 10, 100, 1000, 10000, 100000}, y[6];
	static const double noise[] = {1.02, 0.99, 1.01, 0.97, 1.03, 0.98};
	struct ct_fit_line line;

	(void)state;
	for (size_t i = 0; i < 6; i++)
		y[i] = noise[i] * (0.001 + 1e-5 * x[i]);
	assert_int_equal(ct_fit_line(x, y, 6, &line), CT_OK);
	assert_true(fabs(line.fixed / 0.001 - 1) < 0.05);
	assert_true(fabs(line.slope / 1e-5 - 1) < 0.05);
}

static void test_line_of_too_little(void **state)
{
	double x[] = {4, 4}, y[] = {1, 2};
	struct ct_fit_line line;

	(void)state;
	assert_int_equal(ct_fit_line(x, y, 0, &line), CT_EUSAGE);
	assert_int_equal(ct_fit_line(x, y, 1, &line), CT_EUSAGE);
	assert_int_equal(ct_fit_line(x, y, 2, &line), CT_EUSAGE);
}

static void test_serial_share(void **state)
{
	double workers[] = {1, 2, 4, 8}, speedup[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		speedup[i] = 1 / (0.1 + 0.9 / workers[i]);
	for (size_t i = 1; i < 4; i++)
		assert_near(ct_fit_karp_flatt(speedup[i], workers[i]), 0.1);
	assert_near(ct_fit_karp_flatt(2, 2), 0);
	assert_near(ct_fit_karp_flatt(1, 4), 1);
	assert_true(ct_fit_karp_flatt(2.5, 2) < 0);
	assert_near(ct_fit_amdahl(workers, speedup, 4), 0.1);
	assert_true(isnan(ct_fit_amdahl(workers, speedup, 1)));
	for (size_t i = 0; i < 4; i++)
		speedup[i] = 2 * workers[i];
	assert_near(ct_fit_amdahl(workers, speedup, 4), 0);
}

static void test_crossing(void **state)
{
	double x[] = {10, 20, 40}, base[] = {10, 20, 40}, other[] = {18, 22, 30};
	double slower[] = {11, 21, 41}, faster[] = {9, 19, 39}, twice[] = {9, 21, 39};

	(void)state;
	assert_near(ct_fit_crossing(x, base, other, 3), 20 + 20 * 2.0 / 12);
	assert_true(ct_fit_crossing(x, base, slower, 3) == INFINITY);
	assert_true(ct_fit_crossing(x, base, faster, 3) == -INFINITY);
	assert_near(ct_fit_crossing(x, base, twice, 3), 30); /* the last one counts */
	assert_true(ct_fit_crossing(x, base, base, 3) == INFINITY);
	assert_true(ct_fit_crossing(x, base, other, 0) == INFINITY);
}

static void begin(struct ct_scaling *scaling, const double *over, size_t count, bool workers)
{
	*scaling = (struct ct_scaling){.count = count, .repeat = 3, .workers = workers, .cpus = 4};
	scaling->over = calloc(count, sizeof(*over));
	assert_non_null(scaling->over);
	memcpy(scaling->over, over, count * sizeof(*over));
}

/* Adds a series of which each point's runs take 90 %, 100 % and 110 % of its time. */
static void add(struct ct_scaling *scaling, const char *mode, const double *times)
{
	assert_int_equal(ct_scaling_add(scaling, "work {n}", mode), CT_OK);
	for (size_t i = 0; i < scaling->count; i++)
		for (int run = 0; run < 3; run++)
			ct_scaling_measured(scaling, scaling->series_count - 1, i,
					    times[i] * (0.9 + 0.1 * run), times[i] / 2);
}

/* Ends it; what the text says is searched for `wanted`. */
static void finish(struct ct_scaling *scaling, const char *const *wanted, size_t count)
{
	struct ct_text text, json;

	assert_int_equal(ct_scaling_finish(scaling), CT_OK);
	ct_text_init(&text);
	ct_text_init(&json);
	assert_int_equal(ct_timing_sweep_text(scaling, &text), CT_OK);
	assert_int_equal(ct_timing_sweep_json(scaling, &json), CT_OK);
	for (size_t i = 0; i < count; i++)
		if (!strstr(ct_text_str(&text), wanted[i]))
			fail_msg("\"%s\" is not in:\n%s", wanted[i], ct_text_str(&text));
	ct_text_fini(&text);
	ct_text_fini(&json);
}

static void test_sizes(void **state)
{
	static const double over[] = {10, 20, 40, 80};
	static const double serial[] = {0.1, 0.2, 0.4, 0.8}, threads[] = {0.25, 0.3, 0.4, 0.6};
	static const double always[] = {0.05, 0.1, 0.2, 0.4}, never[] = {0.2, 0.4, 0.8, 1.6};
	static const double far[] = {1.05, 1.1, 1.2, 1.4}, farther[] = {4.55, 4.6, 4.7, 4.9};
	static const double bent[] = {1.05, 1.1, 4, 1.4}; /* no line, whatever it says */
	static const char *const wanted[] = {
		"Medians of 3 runs, commands and values in turns, 4 processors\n",
		"serial: work {n}\n",
		"no fixed cost that can be seen, 10.0 ms for each n (off by at most 0 %)\n",
		" 20     300 ms     285 ms to 315 ms         150 ms       0.67\n",
		"fixed cost 200 ms, then 5.00 ms for each n (off by at most 0 %)\n",
		"against serial: pays off from n = 40 on (33 to 49)",
		"against serial: pays off from n = 10 on, the smallest\n",
		"against serial: never pays off, here\n",
		"does not pay off up to n = 80; by the fitted lines it would from n = 200 on\n",
	};
	struct ct_scaling s;

	(void)state;
	begin(&s, over, COUNT(over), false);
	add(&s, "serial", serial);
	add(&s, "threads", threads);
	add(&s, NULL, always);
	add(&s, NULL, never);
	add(&s, NULL, far);
	add(&s, NULL, farther);
	add(&s, NULL, bent);
	finish(&s, wanted, COUNT(wanted));
	assert_near(s.series[1].line.fixed, 0.2);
	assert_near(s.series[1].line.slope, 0.005);
	assert_near(s.series[1].points[3].speedup.median, 0.8 / 0.6);
	assert_near(s.series[1].pays.median, 40);
	assert_true(s.series[1].pays.low > 20 && s.series[1].pays.low < 40);
	assert_true(s.series[1].pays.high > 40 && s.series[1].pays.high < 80);
	assert_true(isnan(s.series[0].pays.median));
	assert_true(isnan(s.series[1].amdahl));
	assert_near(s.series[4].pays.median, 200);
	assert_true(s.series[4].extrapolated && !s.series[1].extrapolated);
	assert_true(isinf(s.series[5].pays.median) && !s.series[5].extrapolated);
	assert_true(isinf(s.series[6].pays.median) && !s.series[6].extrapolated);
	ct_scaling_fini(&s);
}

static void test_workers(void **state)
{
	static const double over[] = {1, 2, 4, 8};
	static const double threads[] = {1, 0.55, 0.325, 0.325}; /* 10 % serial, 4 processors */
	static const char *const wanted[] = {
		(" 4     325 ms     309 ms to 341 ms         162 ms       3.08       0.77  "
		 "   10.0 %\n"),
		"serial share 10.0 %",
		": at most 10.0 times as fast\n",
	};
	struct ct_scaling s;

	(void)state;
	begin(&s, over, COUNT(over), true);
	add(&s, NULL, threads);
	finish(&s, wanted, COUNT(wanted));
	assert_near(s.series[0].amdahl, 0.1); /* 8 workers on 4 processors do not count */
	assert_near(s.series[0].points[1].efficiency, 1 / 1.1);
	assert_near(s.series[0].points[2].serial_share, 0.1);
	assert_true(isnan(s.series[0].points[0].serial_share));
	assert_true(isnan(s.series[0].pays.median));
	ct_scaling_fini(&s);
}

/* A serial base has one worker at every value, and is no curve of its own. */
static void test_workers_of_modes(void **state)
{
	static const double over[] = {2, 4}, serial[] = {1, 1}, threads[] = {0.5, 0.25};
	struct ct_scaling s;

	(void)state;
	begin(&s, over, COUNT(over), true);
	add(&s, "serial", serial);
	add(&s, "threads", threads);
	finish(&s, NULL, 0);
	assert_true(isnan(s.series[0].points[0].speedup.median));
	assert_near(s.series[1].points[0].efficiency, 1);
	assert_near(s.series[1].points[1].speedup.median, 4);
	assert_near(s.series[1].amdahl, 0);
	ct_scaling_fini(&s);
}

/* What the quartiles leave open is told, also of who is always faster, or never. */
static void test_doubt(void **state)
{
	static const double over[] = {10, 20}, base[] = {1, 1}, faster[] = {0.98, 0.98};
	static const double slower[] = {1.02, 1.02};
	static const char *const wanted[] = {
		": pays off from n = 10 on, the smallest (10 or less to 20 or more)\n",
		": never pays off, here; by the quartiles it may from n = 10 on\n"};
	struct ct_scaling s;

	(void)state;
	begin(&s, over, COUNT(over), false);
	add(&s, NULL, base);
	add(&s, NULL, faster);
	add(&s, NULL, slower);
	finish(&s, wanted, COUNT(wanted));
	ct_scaling_fini(&s);
}

/* Slower with more workers: no serial share explains it, and the law promises nothing. */
static void test_slower_with_more(void **state)
{
	static const double over[] = {1, 2}, times[] = {1, 2};
	static const char *const wanted[] = {"up to one worker a processor)\n",
					     "       0.50       0.25          -\n"};
	struct ct_scaling s;

	(void)state;
	begin(&s, over, COUNT(over), true);
	add(&s, NULL, times);
	finish(&s, wanted, COUNT(wanted));
	assert_true(isnan(s.series[0].points[1].serial_share));
	ct_scaling_fini(&s);
}

/* Where the time does not grow, noise is no cost below nothing. */
static void test_no_slope(void **state)
{
	static const double over[] = {1, 2}, times[] = {2, 1.9};
	static const char *const wanted[] = {"  no growth that can be seen\n"};
	struct ct_scaling s;

	(void)state;
	begin(&s, over, COUNT(over), false);
	add(&s, NULL, times);
	finish(&s, wanted, COUNT(wanted));
	ct_scaling_fini(&s);
}

static void test_falls(void **state)
{
	static const double over[] = {1, 2, 3}, times[] = {4, 3, 2};
	static const char *const wanted[] = {"  the larger n is, the faster\n"};
	struct ct_scaling s;

	(void)state;
	begin(&s, over, COUNT(over), false);
	add(&s, NULL, times);
	finish(&s, wanted, COUNT(wanted));
	ct_scaling_fini(&s);
}

/* A line fits any two points: that it does says nothing. */
static void test_two_points(void **state)
{
	static const double over[] = {1, 2}, times[] = {2, 3};
	static const char *const wanted[] = {"  fixed cost 1.00 s, then 1.00 s for each n\n"};
	struct ct_scaling s;

	(void)state;
	begin(&s, over, COUNT(over), false);
	add(&s, NULL, times);
	finish(&s, wanted, COUNT(wanted));
	ct_scaling_fini(&s);
}

/* A sweep that was stopped: points with fewer runs, and with none. */
static void test_stopped(void **state)
{
	static const double over[] = {1, 2};
	static const char *const wanted[] = {"(1 of 3 runs)", "(0 of 3 runs)"};
	struct ct_scaling s;

	(void)state;
	begin(&s, over, COUNT(over), false);
	assert_int_equal(ct_scaling_add(&s, "a {n}", NULL), CT_OK);
	assert_int_equal(ct_scaling_add(&s, "b {n}", NULL), CT_OK);
	ct_scaling_measured(&s, 0, 0, 1, 1);
	finish(&s, wanted, COUNT(wanted));
	assert_false(s.series[0].fitted);
	assert_true(isnan(s.series[1].points[1].wall.median));
	ct_scaling_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spread),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_line_with_noise),
		cmocka_unit_test(test_line_of_too_little),
		cmocka_unit_test(test_serial_share),
		cmocka_unit_test(test_crossing),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_workers),
		cmocka_unit_test(test_workers_of_modes),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_slower_with_more),
		cmocka_unit_test(test_no_slope),
		cmocka_unit_test(test_falls),
		cmocka_unit_test(test_two_points),
		cmocka_unit_test(test_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
