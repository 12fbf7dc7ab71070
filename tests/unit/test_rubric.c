#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "grade/rubric.h"
#include "grade/rubric_value.h"

static const struct ct_rule race = {.id = "data-race"}, deadlock = {.id = "deadlock"};
static const struct ct_rule *const rules[] = {&race, &deadlock, NULL};
static const char *const uses[] = {"mutex", "condition variable", "sleep", NULL};
static const struct ct_rubric_names names = {.rules = rules, .uses = uses};

static void parse(const char *text, struct ct_rubric *out)
{
	struct ct_error error;

	if (ct_rubric_parse(text, "r.ini", &names, &error, out) != CT_OK)
		fail_msg("%s", error.text);
}

static void refused(const char *text, const char *message)
{
	struct ct_error error = {0};
	struct ct_rubric rubric;

	assert_int_equal(ct_rubric_parse(text, "r.ini", &names, &error, &rubric), CT_EFORMAT);
	if (!strstr(error.text, message))
		fail_msg("\"%s\" is not in \"%s\"", message, error.text);
	ct_rubric_fini(&rubric);
}

/* What the example shows is what holds without it. */
static void example_has_the_defaults(void **state)
{
	struct ct_rubric empty, example;

	(void)state;
	parse("", &empty);
	parse(ct_rubric_example, &example);
	assert_int_equal(example.points, empty.points);
	assert_int_equal(example.runs, empty.runs);
	assert_int_equal(example.seed, empty.seed);
	assert_int_equal(example.build_timeout_ms, empty.build_timeout_ms);
	assert_int_equal(example.race, empty.race);
	assert_string_equal(example.command, empty.command);
	assert_int_equal(example.exit_status, empty.exit_status);
	assert_int_equal(example.timeout_ms, empty.timeout_ms);
	assert_int_equal(example.memory_bytes, empty.memory_bytes);
	assert_int_equal(example.processes, empty.processes);
	assert_int_equal(example.output_bytes, empty.output_bytes);
	assert_string_equal(example.races, empty.races);
	assert_int_equal(example.output_points, empty.output_points);
	assert_memory_equal(example.evidence_points, empty.evidence_points,
			    sizeof(empty.evidence_points));
	assert_int_equal(example.max_findings, empty.max_findings);
	assert_int_equal(example.deadlocked, empty.deadlocked);
	assert_int_equal(example.failed, empty.failed);
	assert_int_equal(example.slow, empty.slow);
	assert_int_equal(example.no_build, empty.no_build);
	assert_int_equal(example.cpu_ms, empty.cpu_ms);
	assert_true(example.hash != empty.hash);
	ct_rubric_fini(&empty);
	ct_rubric_fini(&example);
}

static void every_key_is_in_the_example(void **state)
{
	static const char *const keys[] = {
#define KEY(section, name, kind, member) "\n" name " =",
#include "grade/rubric_keys.def"
#undef KEY
	};
	struct ct_text text;

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		ct_text_init(&text);
		ct_text_addf(&text, "\n; %s", keys[i] + 1);
		if (!strstr(ct_rubric_example, keys[i]) &&
		    !strstr(ct_rubric_example, ct_text_str(&text)))
			fail_msg("%s is not in the example", keys[i] + 1);
		ct_text_fini(&text);
	}
}

static void values_are_read(void **state)
{
	struct ct_rubric rubric;

	(void)state;
	parse("[grade]\ntitle = Exercise 3 ; a comment\npoints = 12.5\n[run]\n  timeout = 0.25\n"
	      "memory = 64M\n[deduct]\nrule.data-race = 7.25\n[require]\n"
	      "condition variable = 3\n[forbid]\nsleep = 1\nbusy-waiting = 2\n",
	      &rubric);
	assert_string_equal(rubric.title, "Exercise 3");
	assert_int_equal(rubric.points, 1250);
	assert_int_equal(rubric.timeout_ms, 250);
	assert_int_equal(rubric.memory_bytes, 64 << 20);
	assert_int_equal(rubric.rules.count, 1);
	assert_string_equal(rubric.rules.items[0].name, "data-race");
	assert_int_equal(rubric.rules.items[0].points, 725);
	assert_string_equal(rubric.require.items[0].name, "condition variable");
	assert_string_equal(rubric.forbid.items[0].name, "sleep");
	assert_int_equal(rubric.busy_waiting, 200);
	ct_rubric_fini(&rubric);
}

static void errors_have_a_line(void **state)
{
	char line[5000];

	(void)state;
	refused("[run]\ntimeout = 3\ntimeout = 4\n", "r.ini:3: \"timeout\" is given twice");
	refused("[run]\n\n; x\ntimout = 3\n", "r.ini:4: there is no key of [run] \"timout\"; did "
					      "you mean \"timeout\"?");
	refused("[deduct]\nrule.datarace = 3\n", "did you mean \"data-race\"?");
	refused("[forbid]\nmutexx = 3\n", "r.ini:2: there is no primitive \"mutexx\"; did you mean "
					  "\"mutex\"?");
	refused("[grade]\npoints = -3\n", "r.ini:2: \"-3\" are no points");
	refused("[grade]\npoints = 1.255\n", "are no points");
	refused("[grade]\nruns = 0\n", "a number from 1");
	refused("[grade]\nruns = 900\n", "more than 100 runs");
	refused("[run]\nstatus = 256\n", "an exit status");
	refused("[run]\nmemory = 1X\n", "is no size");
	refused("[build]\nrace = maybe\n", "neither yes nor no");
	refused("[run]\nraces = trap\n", "is not compiled, traps, auto or off");
	refused("[output]\nmatch = [a\n", "is no extended regular expression");
	refused("[output]\nexpect = /no/such/file\n", "/no/such/file: No such file");
	refused("[run]\ncommand =\n", "the value is missing");
	refused("x = 1\n", "stands before the first [section]");
	refused("[run]\nnothing\n", "r.ini:2: this is neither");
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	refused(line, "r.ini:1: the line is longer than");
}

static void numbers_stay_within_bounds(void **state)
{
	uint64_t value = 7;

	(void)state;
	assert_false(ct_value_decimal("", 100, 1000, &value));
	assert_false(ct_value_decimal("1.", 100, 1000, &value));
	assert_false(ct_value_decimal("1e3", 100, 1000, &value));
	assert_false(ct_value_decimal("11", 100, 1000, &value));
	assert_false(ct_value_decimal("99999999999999999999999", 1, UINT64_MAX, &value));
	assert_false(ct_value_size("M", UINT64_MAX, &value));
	assert_false(ct_value_size("18446744073709551615G", UINT64_MAX, &value));
	assert_int_equal(value, 7);
	assert_true(ct_value_decimal("10", 100, 1000, &value));
	assert_int_equal(value, 1000);
	assert_true(ct_value_size("2k", UINT64_MAX, &value));
	assert_int_equal(value, 2048);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_has_the_defaults),
		cmocka_unit_test(every_key_is_in_the_example),
		cmocka_unit_test(values_are_read),
		cmocka_unit_test(errors_have_a_line),
		cmocka_unit_test(numbers_stay_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
