/*
 * Every rule belongs to a family of its own choice, not to one because it was forgotten; and JUnit
 * reports of several runs become one, as do those of autograders.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "detect/detector.h"
#include "report/families.h"
#include "report/reporter.h"

static void rules_have_families(void **state)
{
	static const char *const misuses[] = {"double-init",	     "thread-leak",
					      "join-invalid",	     "exit-holding-lock",
					      "use-after-destroy",   "destroy-busy",
					      "cond-no-loop",	     "cond-two-mutexes",
					      "cond-without-lock",   "lock-in-signal-handler",
					      "robust-inconsistent", "rwlock-misuse",
					      "unlock-unlocked",     "unlock-not-owner",
					      "fork-holding-lock",   "sem-uninitialised",
					      "sem-overflow",	     "not-process-shared",
					      "orphaned-lock",	     "ignored-error",
					      "broken-pipe",	     "fd-leak"};
	const struct ct_rule *const *rules = ct_detect_rules();
	size_t count = 0;

	(void)state;
	for (size_t i = 0; rules[i]; i++) {
		bool listed = false;

		for (size_t j = 0; j < sizeof(misuses) / sizeof(misuses[0]); j++)
			listed |= strcmp(misuses[j], rules[i]->id) == 0;
		assert_int_equal(rules[i]->family == CT_FAMILY_MISUSE, listed);
		count += listed;
	}
	assert_int_equal(count, sizeof(misuses) / sizeof(misuses[0]));
}

static enum ct_status join(struct ct_text *whole, const char *part, uint64_t seed)
{
	const struct ct_report_run run = {.number = seed, .seeded = true, .told = true};
	struct ct_text text;
	enum ct_status status;

	ct_text_init(&text);
	ct_text_add(&text, part);
	status = ct_report_junit.join(whole, &text, &run);
	ct_text_fini(&text);
	return status;
}

static void suites_are_joined(void **state)
{
	static const char part[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>"
				   "<testsuite name=\"a&amp;b\" id=\"0\"><testcase/></testsuite>"
				   "</testsuites>\n";
	struct ct_text whole;

	(void)state;
	ct_text_init(&whole);
	assert_int_equal(join(&whole, part, 7), CT_OK);
	assert_int_equal(join(&whole, part, 8), CT_OK);
	assert_string_equal(
		ct_text_str(&whole),
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
		"\t<testsuite name=\"a&amp;b, seed 7\" id=\"0\"><testcase/></testsuite>\n"
		"\t<testsuite name=\"a&amp;b, seed 8\" id=\"1\"><testcase/></testsuite>\n"
		"</testsuites>\n");
	ct_text_fini(&whole);
}

/* Only the last suite is looked at, however many there are. */
static void numbers_go_on(void **state)
{
	struct ct_text whole;

	(void)state;
	ct_text_init(&whole);
	ct_text_add(&whole, "<testsuites>\n\t<testsuite name=\"a id=&quot;7&quot;\" id=\"41\">"
			    "<testcase/></testsuite>\n</testsuites>\n");
	assert_int_equal(join(&whole, "<testsuites><testsuite name=\"b\"/></testsuites>\n", 8),
			 CT_OK);
	assert_non_null(strstr(ct_text_str(&whole), "<testsuite name=\"b, seed 8\" id=\"42\"/>"));
	ct_text_fini(&whole);
}

static void strangers_are_not_joined(void **state)
{
	static const char *const parts[] = {
		"",
		"{}",
		"<testsuites/>",
		"<testsuites><x name=\"y\"/></testsuites>",
	};
	struct ct_text whole;

	(void)state;
	ct_text_init(&whole);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		assert_int_equal(join(&whole, parts[i], 1), CT_EFORMAT);
	assert_string_equal(ct_text_str(&whole), "");
	ct_text_fini(&whole);
}

static void assert_joined(const struct ct_reporter *reporter, const char *const *parts,
			  size_t count, const char *expected)
{
	struct ct_text whole, part;

	ct_text_init(&whole);
	for (size_t i = 0; i < count; i++) {
		const struct ct_report_run run = {.number = i, .seeded = true, .told = true};

		ct_text_init(&part);
		ct_text_add(&part, parts[i]);
		assert_int_equal(reporter->join(&whole, &part, &run), CT_OK);
		ct_text_fini(&part);
	}
	for (char *at = whole.data; (at = strpbrk(at, " \n")) != NULL;)
		memmove(at, at + 1, strlen(at));
	assert_string_equal(ct_text_str(&whole), expected);
	ct_text_fini(&whole);
}

/* What one run found is not passed over as another one found something else. */
static void tests_fail_in_any_run(void **state)
{
	static const char *const points[] = {
		"{\"score\":1,\"tests\":[{\"name\":\"a\",\"status\":\"passed\"},"
		"{\"name\":\"b\",\"status\":\"passed\"}]}",
		"{\"score\":0,\"tests\":[{\"name\":\"a\",\"status\":\"failed\",\"output\":\"1st\"},"
		"{\"name\":\"b\",\"status\":\"passed\"}]}",
		"{\"score\":0,\"tests\":[{\"name\":\"a\",\"status\":\"failed\",\"output\":\"2nd\"},"
		"{\"name\":\"b\",\"status\":\"failed\"}]}",
		"{\"score\":1,\"tests\":[{\"name\":\"a\",\"status\":\"passed\"},"
		"{\"name\":\"b\",\"status\":\"passed\"}]}",
	};
	static const char *const checks[] = {
		"{\"results\":[{\"name\":\"a\",\"passed\":false},{\"name\":\"b\",\"passed\":null}]"
		"}",
		"{\"results\":[{\"name\":\"a\",\"passed\":true},{\"name\":\"b\",\"passed\":false}]"
		"}",
	};

	(void)state;
	assert_joined(&ct_report_gradescope, points, 4,
		      "{\"score\":0,\"tests\":[{\"name\":\"a\",\"status\":\"failed\","
		      "\"output\":\"1st\"},{\"name\":\"b\",\"status\":\"failed\"}]}");
	assert_joined(&ct_report_check50, checks, 2,
		      "{\"results\":[{\"name\":\"a\",\"passed\":false},"
		      "{\"name\":\"b\",\"passed\":false}]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_have_families),	 cmocka_unit_test(suites_are_joined),
		cmocka_unit_test(numbers_go_on),	 cmocka_unit_test(strangers_are_not_joined),
		cmocka_unit_test(tests_fail_in_any_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
