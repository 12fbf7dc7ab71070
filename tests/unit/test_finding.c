/* finding: the store, its order, the sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "finding/finding.h"
#include "finding/headline.h"

static const struct ct_rule error_rule = {.id = "e", .title = "an error", .severity = CT_ERROR};
static const struct ct_rule note_rule = {.id = "n", .title = "a note", .severity = CT_NOTE};

static void add(struct ct_findings *findings, const struct ct_rule *rule, enum ct_evidence evidence,
		const char *headline)
{
	struct ct_finding *finding = ct_findings_add(findings, rule, evidence);

	assert_non_null(finding);
	finding->headline = headline;
}

static void test_order(void **state)
{
	static const char *const wanted[] = {"a", "z", "b", "c", "d", "p", "q"};
	struct ct_findings findings;

	(void)state;
	ct_findings_init(&findings);
	add(&findings, &note_rule, CT_OBSERVED, "q");
	add(&findings, &error_rule, CT_POTENTIAL, "d");
	add(&findings, &error_rule, CT_OBSERVED, "z");
	add(&findings, &error_rule, CT_PREDICTED, "c");
	add(&findings, &note_rule, CT_OBSERVED, "p");
	add(&findings, &error_rule, CT_CONFIRMED, "b");
	add(&findings, &error_rule, CT_OBSERVED, "a");
	ct_findings_sort(&findings);
	assert_int_equal(findings.count, 7);
	for (size_t i = 0; i < findings.count; i++)
		assert_string_equal(findings.items[i]->headline, wanted[i]);
	ct_findings_fini(&findings);
}

static void test_without_headline_the_order_is_kept(void **state)
{
	struct ct_findings findings;

	(void)state;
	ct_findings_init(&findings);
	for (size_t i = 0; i < 5; i++) {
		add(&findings, &error_rule, CT_POTENTIAL, NULL);
		findings.items[i]->place_count = i;
	}
	ct_findings_sort(&findings);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(findings.items[i]->place_count, i);
	ct_findings_fini(&findings);
}

static void test_fail(void **state)
{
	struct ct_findings findings;

	(void)state;
	ct_findings_init(&findings);
	assert_false(ct_findings_fail(&findings));
	add(&findings, &note_rule, CT_OBSERVED, NULL);
	add(&findings, &error_rule, CT_POTENTIAL, NULL);
	assert_non_null(ct_findings_rule_out(&findings, &error_rule, "no"));
	assert_false(ct_findings_fail(&findings));
	add(&findings, &error_rule, CT_PREDICTED, NULL);
	assert_true(ct_findings_fail(&findings));
	ct_findings_fini(&findings);
}

static void test_rule_out_copies(void **state)
{
	struct ct_findings findings;
	char why[] = "because";

	(void)state;
	ct_findings_init(&findings);
	assert_non_null(ct_findings_rule_out(&findings, &error_rule, why));
	why[0] = 'x';
	assert_int_equal(findings.count, 0);
	assert_int_equal(findings.ruled_out_count, 1);
	assert_string_equal(findings.ruled_out[0]->ruled_out, "because");
	assert_int_equal(findings.ruled_out[0]->severity, CT_ERROR);
	ct_findings_fini(&findings);
}

static const char *name_object(void *context, const struct ct_object *object)
{
	static const char *const names[] = {"a", "b", "c"};

	(void)context;
	return names[object->id];
}

static struct ct_object objects[] = {{.id = 0}, {.id = 1}, {.id = 2}};
static struct ct_process child = {.number = 2, .pid = 4711, .name = "child"};
static const struct ct_thread mainly = {.name = "main"}, t2 = {.id = 1, .name = "T2"},
			      t3 = {.id = 2, .name = "T3", .process = &child};

static void check(enum ct_evidence evidence, struct ct_step_of_cycle *steps, size_t count,
		  const char *wanted)
{
	struct ct_finding finding = {
		.rule = &error_rule, .evidence = evidence, .steps = steps, .step_count = count};
	struct ct_text text;

	ct_text_init(&text);
	ct_finding_headline(&finding, name_object, NULL, &text);
	assert_string_equal(ct_text_str(&text), wanted);
	ct_text_fini(&text);
}

static void test_sentences(void **state)
{
	struct ct_step_of_cycle locks[] = {
		{.thread = &mainly, .wants = &objects[1], .holds = &objects[0]},
		{.thread = &t2, .wants = &objects[0], .holds = &objects[1]},
	};
	struct ct_step_of_cycle join[] = {
		{.thread = &mainly, .waits_for_thread = &t2, .holds = &objects[0]},
		{.thread = &t2, .wants = &objects[0]},
	};
	struct ct_step_of_cycle children[] = {
		{.thread = &mainly, .waits_for_process = &child, .holds = &objects[0]},
		{.thread = &t3, .wants = &objects[0]},
	};
	struct ct_step_of_cycle self = {.thread = &t2, .wants = &objects[2], .holds = &objects[2]};
	struct ct_step_of_cycle self_join = {.thread = &t2, .waits_for_thread = &t2};
	struct ct_step_of_cycle knot[] = {
		{.thread = &mainly, .waits_for_thread = &t2},
		{.thread = &t2, .wants = &objects[2]},
	};

	(void)state;
	check(CT_OBSERVED, locks, 2,
	      "main waits for `b` held by T2, which waits for `a` held by main");
	check(CT_POTENTIAL, locks, 2, "main takes `a` then `b`; T2 takes `b` then `a`");
	check(CT_OBSERVED, join, 2, "main waits for T2, which waits for `a` held by main");
	check(CT_OBSERVED, children, 2,
	      "main waits for the end of child (pid 4711), where T3 waits for `a` held by main");
	check(CT_OBSERVED, &self, 1, "T2 waits for `c`, which it holds itself");
	check(CT_OBSERVED, &self_join, 1, "T2 waits for its own end");
	check(CT_OBSERVED, knot, 2,
	      "main waits for T2; T2 waits for `c`: nobody is left who could wake one of them");
	check(CT_OBSERVED, &knot[1], 1, "T2 waits for `c`: nobody is left who could wake it");
	check(CT_OBSERVED, NULL, 0, "an error");
}

/* Nine threads, each of which waits for the next one's end: three to six are left out. */
static void test_long_cycle(void **state)
{
	static const char *const names[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I"};
	struct ct_thread threads[9] = {{0}};
	struct ct_step_of_cycle steps[9] = {{0}};

	(void)state;
	for (size_t i = 0; i < 9; i++) {
		threads[i].name = names[i];
		steps[i] = (struct ct_step_of_cycle){.thread = &threads[i],
						     .waits_for_thread = &threads[(i + 1) % 9]};
	}
	check(CT_OBSERVED, steps, 9,
	      "A waits for B, which waits for C, which waits for D, which waits for E, "
	      "which waits for 4 others, the last of which waits for A");
	check(CT_POTENTIAL, steps, 9,
	      "A waits for B; B waits for C; C waits for D; D waits for E; 4 more; I waits for A");
	steps[5].waits_for_thread = &threads[0];
	check(CT_OBSERVED, &steps[0], 6,
	      "A waits for B, which waits for C, which waits for D, which waits for E, which waits "
	      "for F, which waits for A");
}

static void test_own_headline(void **state)
{
	struct ct_finding finding = {.rule = &error_rule, .headline = "said already"};
	struct ct_text text;

	(void)state;
	ct_text_init(&text);
	ct_finding_headline(&finding, name_object, NULL, &text);
	assert_string_equal(ct_text_str(&text), "said already");
	ct_text_reset(&text);
	finding.ruled_out = "guard lock";
	finding.guard = &objects[2];
	ct_finding_ruled_out(&finding, name_object, NULL, &text);
	assert_string_equal(ct_text_str(&text), "guard lock (`c`)");
	ct_text_fini(&text);
}

static const char *call_it(void *context, const struct ct_object *object)
{
	const struct ct_object *const *both = context;

	return object == both[0] ? "lock" : "cond";
}

static void test_headline_names_objects(void **state)
{
	struct ct_object lock = {.id = 0}, cond = {.id = 1};
	const struct ct_object *both[] = {&lock, &cond};
	struct ct_finding finding = {.rule = &error_rule, .object = &lock, .other = &cond};
	struct ct_text text;

	(void)state;
	ct_text_init(&text);
	finding.headline = "T2 holds " CT_ITS_OBJECT " and waits on " CT_OTHER_OBJECT;
	ct_finding_headline(&finding, call_it, (void *)both, &text);
	assert_string_equal(ct_text_str(&text), "T2 holds `lock` and waits on `cond`");
	ct_text_reset(&text);
	finding.object = finding.other = NULL;
	finding.headline = "a thread named \001\002\003";
	ct_finding_headline(&finding, call_it, (void *)objects, &text);
	assert_string_equal(ct_text_str(&text), finding.headline);
	ct_text_fini(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_without_headline_the_order_is_kept),
		cmocka_unit_test(test_fail),
		cmocka_unit_test(test_rule_out_copies),
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_long_cycle),
		cmocka_unit_test(test_own_headline),
		cmocka_unit_test(test_headline_names_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
