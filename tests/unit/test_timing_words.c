/*
 * What the reports of a timing have in common: how times are written, medians, shares.
 */
#include "report/timing_words.h"

#include "base/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

static void times_have_three_digits(void **state)
{
	static const struct {
		uint64_t time_ns;
		const char *text;
	} cases[] = {
		{0, "0 s"},
		{999, "999 ns"},
		{999400, "999 us"},
		{999600, "1 ms"},
		{20500000, "20.5 ms"},
		{999400000, "999 ms"},
		{999600000, "1.000 s"},
		{CT_TIME_UNKNOWN, "-"},
	};
	struct ct_text text;

	(void)state;
	ct_text_init(&text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ct_text_reset(&text);
		ct_timing_add_time(&text, cases[i].time_ns);
		assert_string_equal(ct_text_str(&text), cases[i].text);
	}
	ct_text_fini(&text);
}

/* Of an even number it is between the two in the middle. Who only starts others is left out. */
static void start_is_a_median(void **state)
{
	struct ct_timing_thread threads[] = {
		{.creation_ns = 110},
		{.creation_ns = 100, .worker = true},
		{.creation_ns = 301, .worker = true},
	};
	struct ct_timing timing = {.threads = threads, .thread_count = 3};

	(void)state;
	assert_int_equal(ct_timing_sum(&timing).creation_ns, 200);
	threads[0].worker = true;
	assert_int_equal(ct_timing_sum(&timing).creation_ns, 110);
}

static void shares_are_of_a_whole(void **state)
{
	(void)state;
	assert_true(ct_timing_share(1, 4) == 0.25);
	assert_true(ct_timing_share(5, 4) == 1);
	assert_true(ct_timing_share(5, 0) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_have_three_digits),
		cmocka_unit_test(start_is_a_median),
		cmocka_unit_test(shares_are_of_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
