/*
 * report/html.c: what is begun is ended and nothing of the program becomes markup; and the parts of
 * the page that a run in a test hardly makes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "report/html.h"

#include "report_fixture.h"

#include <stdlib.h>

#define HOSTILE "</script><b a=\"'&\x01\xff\n"
#define HOSTILE_SHOWN "&lt;/script&gt;&lt;b a=&quot;&#39;&amp;\\x01\\xFF\\x0A"

static struct ct_html *begin(void)
{
	struct ct_html *html = NULL;

	assert_int_equal(ct_html_new(&html), CT_OK);
	return html;
}

static void expect(struct ct_html *html, const char *expected)
{
	struct ct_text out;

	ct_text_init(&out);
	assert_int_equal(ct_html_finish(html, &out), CT_OK);
	assert_string_equal(ct_text_str(&out), expected);
	ct_text_fini(&out);
}

static void elements_are_ended(void **state)
{
	struct ct_html *html = begin();

	(void)state;
	ct_html_begin_class(html, "span", "x");
	ct_html_begin(html, "i");
	ct_html_end(html);
	ct_html_begin(html, "br");
	ct_html_end(html);
	ct_html_element(html, "code", NULL, "a");
	expect(html, "<span class=\"x\"><i></i><br/><code>a</code></span>");
}

static void text_is_escaped(void **state)
{
	struct ct_html *html = begin();

	(void)state;
	ct_html_begin(html, "i");
	ct_html_attr(html, "title", HOSTILE);
	ct_html_attr(html, "lang", NULL);
	ct_html_text(html, HOSTILE);
	ct_html_textf(html, "%s", "<");
	expect(html, "<i title=\"" HOSTILE_SHOWN "\">" HOSTILE_SHOWN "&lt;</i>");
}

/* Right-to-left override, and isolate. */
static void direction_is_not_turned(void **state)
{
	struct ct_html *html = begin();

	(void)state;
	ct_html_element(html, "i", NULL,
			"a\xe2\x80\xae"
			"b\xe2\x81\xa7\xe2\x82\xac");
	expect(html, "<i>a\\xE2\\x80\\xAEb\\xE2\\x81\\xA7\xe2\x82\xac</i>");
}

static void lines_stay_lines(void **state)
{
	struct ct_html *html = begin();

	(void)state;
	ct_html_begin(html, "pre");
	ct_html_lines(html, "a<\n\nb\n");
	expect(html, "<pre>a&lt;\n\nb\n</pre>");
}

static void quoted_names_are_code(void **state)
{
	struct ct_html *html = begin();

	(void)state;
	ct_html_begin(html, "i");
	ct_html_sentence(html, "takes `a<` then `` and `b");
	expect(html, "<i>takes <code>a&lt;</code> then <code></code> and `b</i>");
}

static void data_cannot_end_their_script(void **state)
{
	struct ct_html *html = begin();

	(void)state;
	ct_html_json_script(html, "d", json_pack("[s]", "</script><!--&"));
	expect(html, "<script type=\"application/json\" id=\"d\">"
		     "[\"\\u003c/script>\\u003c!--&\"]</script>\n");
}

static void a_mistake_fails_the_page(void **state)
{
	struct ct_html *html = begin();
	struct ct_text out;

	(void)state;
	ct_text_init(&out);
	ct_html_end(html);
	assert_int_equal(ct_html_finish(html, &out), CT_ENOMEM);
	html = begin();
	for (int i = 0; i < 1000; i++)
		ct_html_begin(html, "i");
	assert_int_equal(ct_html_finish(html, &out), CT_ENOMEM);
	html = begin();
	ct_html_json_script(html, "d", NULL);
	assert_int_equal(ct_html_finish(html, &out), CT_ENOMEM);
	assert_int_equal(out.len, 0);
	ct_text_fini(&out);
}

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof(*f));

	fixture_init(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture_fini(*state);
	free(*state);
	return 0;
}

/* To be freed. */
static char *page_of(struct fixture *f)
{
	struct ct_text out;

	ct_text_init(&out);
	assert_int_equal(ct_report_html.write(&f->report, &out), CT_OK);
	return out.data;
}

static size_t count(const char *page, const char *what)
{
	size_t found = 0;

	for (; (page = strstr(page, what)) != NULL; page += strlen(what))
		found++;
	return found;
}

static void cycle_is_a_ring(void **state)
{
	struct fixture *f = *state;
	char *page;

	fixture_cycle(f);
	f->process.command = "./bank " HOSTILE;
	f->report.fail_on = CT_PREDICTED;
	page = page_of(f);
	assert_int_equal(count(page, "class=\"node thread\""), 2);
	assert_int_equal(count(page, "class=\"node object\""), 2);
	assert_int_equal(count(page, ">held by</text>"), 2);
	assert_non_null(strstr(page, "Problems found"));
	assert_non_null(strstr(page, HOSTILE_SHOWN));
	assert_non_null(strstr(page, "deposit (bank.c:11)"));
	free(page);
}

/* Nobody would find the way through a ring of so many. */
static void long_cycle_is_listed(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	struct ct_step_of_cycle *steps = ct_arena_calloc(&f->findings.arena, 100, sizeof(*steps));
	char *page;

	assert_non_null(steps);
	for (int i = 0; i < 100; i++)
		steps[i] = finding->steps[i % 2];
	finding->steps = steps;
	finding->step_count = 100;
	page = page_of(f);
	assert_int_equal(count(page, "<svg"), 0);
	assert_int_equal(count(page, "<li class=\"place\""), 40);
	assert_non_null(strstr(page, "and 160 more places"));
	free(page);
}

static void what_does_not_fail_is_worth_a_look(void **state)
{
	struct fixture *f = *state;
	char *page;

	fixture_cycle(f);
	f->report.fail_on = CT_OBSERVED;
	page = page_of(f);
	assert_non_null(strstr(page, "Worth a look"));
	assert_null(strstr(page, "Problems found"));
	free(page);
}

static void hidden_findings_have_their_reason(void **state)
{
	static const char *const unused[] = {"s.supp:3: hides <nothing>"};
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	char *page;

	finding->hiding = CT_SUPPRESSED;
	finding->hidden_by = "we <know>";
	assert_int_equal(ct_findings_hide(&f->findings), CT_OK);
	f->report.unused = unused;
	f->report.unused_count = 1;
	page = page_of(f);
	assert_non_null(strstr(page, "Nothing found"));
	assert_non_null(strstr(page, "suppressed: we &lt;know&gt;"));
	assert_non_null(strstr(page, "s.supp:3: hides &lt;nothing&gt;"));
	assert_int_equal(count(page, "<article"), 0);
	free(page);
}

static void witness_of_many_threads_names_them(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	struct ct_thread *threads = calloc(9, sizeof(*threads));
	struct ct_witness_event events[9] = {0};
	struct ct_witness witness = {.events = events, .count = 9, .left_out = 2};
	char *page;

	assert_non_null(threads);
	for (size_t i = 0; i < 9; i++) {
		threads[i] = f->threads[0];
		threads[i].name = i ? "other" : "first";
		events[i] = (struct ct_witness_event){.place = {.thread = &threads[i]},
						      .verb = "locks",
						      .object = &f->objects[0]};
	}
	finding->witness = &witness;
	page = page_of(f);
	assert_non_null(strstr(page, "2 events before are not shown"));
	assert_non_null(strstr(page, ">what it does</th>"));
	assert_int_equal(count(page, "<tr class=\"stuck\">"), 2);
	assert_int_equal(count(page, "<bdi class=\"thread\">other</bdi>"), 8);
	free(page);
	free(threads);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_ended),
		cmocka_unit_test(text_is_escaped),
		cmocka_unit_test(direction_is_not_turned),
		cmocka_unit_test(lines_stay_lines),
		cmocka_unit_test(quoted_names_are_code),
		cmocka_unit_test(data_cannot_end_their_script),
		cmocka_unit_test(a_mistake_fails_the_page),
		cmocka_unit_test_setup_teardown(cycle_is_a_ring, setup, teardown),
		cmocka_unit_test_setup_teardown(long_cycle_is_listed, setup, teardown),
		cmocka_unit_test_setup_teardown(what_does_not_fail_is_worth_a_look, setup,
						teardown),
		cmocka_unit_test_setup_teardown(hidden_findings_have_their_reason, setup, teardown),
		cmocka_unit_test_setup_teardown(witness_of_many_threads_names_them, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
