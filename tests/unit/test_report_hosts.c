/*
 * report/gitlab_join.c, report/github_join.c, report/markdown.c: files of several runs made one for
 * code hosts, and text that is no markup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "report/github_join.h"
#include "report/gitlab_join.h"
#include "report/markdown.h"
#include "report/reporter.h"

#include <string.h>

static enum ct_status join(ct_report_join_fn *function, struct ct_text *whole, const char *text)
{
	static const struct ct_report_run run = {.number = 1, .seeded = true, .told = true};
	struct ct_text part;
	enum ct_status status;

	ct_text_init(&part);
	ct_text_add(&part, text);
	status = function(whole, &part, &run);
	ct_text_fini(&part);
	return status;
}

static void test_gitlab(void **state)
{
	struct ct_text whole;

	(void)state;
	ct_text_init(&whole);
	assert_int_equal(join(ct_gitlab_join, &whole, "[]"), CT_OK);
	assert_string_equal(ct_text_str(&whole), "[]\n");
	assert_int_equal(join(ct_gitlab_join, &whole,
			      "[{\"fingerprint\": \"a\", \"severity\": \"minor\"},"
			      " {\"fingerprint\": \"b\"}]"),
			 CT_OK);
	assert_int_equal(join(ct_gitlab_join, &whole,
			      "[{\"fingerprint\": \"c\"},"
			      " {\"fingerprint\": \"a\", \"severity\": \"critical\"}]"),
			 CT_OK);
	assert_string_equal(ct_text_str(&whole),
			    "[\n"
			    "  {\"fingerprint\": \"a\", \"severity\": \"critical\"},\n"
			    "  {\"fingerprint\": \"b\"},\n"
			    "  {\"fingerprint\": \"c\"}\n"
			    "]\n");
	assert_int_equal(join(ct_gitlab_join, &whole, "{}"), CT_EFORMAT);
	assert_int_equal(join(ct_gitlab_join, &whole, "[{"), CT_EFORMAT);
	assert_non_null(strstr(ct_text_str(&whole), "critical"));
	ct_text_fini(&whole);
}

static size_t count(const struct ct_text *text, const char *prefix)
{
	size_t found = 0;

	for (const char *at = ct_text_str(text); (at = strstr(at, prefix)); at++)
		found++;
	return found;
}

static void test_github(void **state)
{
	struct ct_text whole, part;

	(void)state;
	ct_text_init(&whole);
	ct_text_init(&part);
	for (int i = 0; i < 6; i++)
		ct_text_add(&part, "::error file=a.c,line=1,title=t::m\n"
				   "::warning title=t::m\n::notice title=t::m\n");
	assert_int_equal(join(ct_github_join, &whole, ct_text_str(&part)), CT_OK);
	assert_string_equal(ct_text_str(&whole), ct_text_str(&part));
	ct_github_add_rest(&part, 40);
	assert_int_equal(join(ct_github_join, &whole, ct_text_str(&part)), CT_OK);
	assert_int_equal(count(&whole, "::error "), 10);
	assert_int_equal(count(&whole, "::warning "), 10);
	assert_int_equal(count(&whole, "::notice "), 10);
	/* 40, and of 12 errors and warnings 2 each, of 12 notices 3 */
	assert_int_equal(count(&whole, "::notice title=conctrace::47 more findings "), 1);
	assert_int_equal(join(ct_github_join, &whole, "::error title=t::m\n"), CT_OK);
	assert_int_equal(count(&whole, "conctrace::48 more findings "), 1);
	assert_int_equal(join(ct_github_join, &whole, "no command\n"), CT_EFORMAT);
	assert_int_equal(join(ct_github_join, &whole, "::error title=cut off"), CT_EFORMAT);
	assert_int_equal(count(&whole, "\n"), 30);
	ct_text_fini(&part);
	ct_text_fini(&whole);
}

static void test_markdown(void **state)
{
	struct ct_text text;

	(void)state;
	ct_text_init(&text);
	ct_markdown_add(&text, "a*b* [l](u) <b>|\n# \xff-1.");
	assert_string_equal(ct_text_str(&text), "a\\*b\\* \\[l\\]\\(u\\) \\<b\\>\\| \\# "
						"\xef\xbf\xbd\\-1\\.");
	ct_text_reset(&text);
	ct_markdown_add_folded(&text, "<t>", "one\n\n</pre> & two\n");
	assert_string_equal(ct_text_str(&text),
			    "<details>\n<summary>&lt;t&gt;</summary>\n\n<pre>\n"
			    "one\n\n&lt;/pre&gt; &amp; two\n</pre>\n</details>\n\n");
	ct_text_fini(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gitlab),
		cmocka_unit_test(test_github),
		cmocka_unit_test(test_markdown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
