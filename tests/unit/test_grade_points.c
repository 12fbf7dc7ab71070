/* What runs cost, what a damaged report is taken for, and how the table is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "grade/points.h"
#include "grade/result.h"
#include "grade/table.h"

static const struct ct_rule race = {.id = "data-race", .severity = CT_ERROR};
static const struct ct_rule deadlock = {
	.id = "deadlock", .severity = CT_ERROR, .hang = CT_HANG_OWNED};
static const struct ct_rule *const rules[] = {&race, &deadlock, NULL};
static const char *const uses[] = {"mutex", "sleep", NULL};
static const struct ct_rubric_names names = {.rules = rules, .uses = uses};

static struct ct_seen seen(const struct ct_rule *rule, enum ct_evidence evidence, const char *id)
{
	return (struct ct_seen){.id = id,
				.rule = rule,
				.severity = rule->severity,
				.evidence = evidence,
				.fails = evidence >= CT_PREDICTED,
				.hangs = rule->hang != CT_HANG_NONE,
				.headline = id,
				.fix = "",
				.details = ""};
}

struct setup {
	struct ct_rubric rubric;
	struct ct_result result;
	struct ct_attempt attempts[2];
};

static void begin(struct setup *s)
{
	memset(s, 0, sizeof(*s));
	ct_rubric_init(&s->rubric);
	ct_result_init(&s->result);
	s->result.attempts = s->attempts;
	s->result.attempt_count = 2;
	for (int i = 0; i < 2; i++)
		s->attempts[i] = (struct ct_attempt){.seed = (uint64_t)i + 9,
						     .why = "",
						     .reported = true,
						     .races_looked_for = true};
}

static void end(struct setup *s)
{
	ct_result_fini(&s->result);
	ct_rubric_fini(&s->rubric);
}

static void judge(struct setup *s, enum ct_verdict verdict, int64_t points)
{
	assert_int_equal(ct_points_judge(&s->rubric, &s->result), CT_OK);
	assert_string_equal(ct_verdict_word(s->result.verdict), ct_verdict_word(verdict));
	assert_int_equal(s->result.points, points * CT_POINT);
}

static void one_finding_costs_once(void **state)
{
	struct ct_seen first = seen(&race, CT_PREDICTED, "a"),
		       again = seen(&race, CT_OBSERVED, "a");
	struct setup s;

	(void)state;
	begin(&s);
	s.attempts[0].findings = &first;
	s.attempts[1].findings = &again;
	s.attempts[0].finding_count = s.attempts[1].finding_count = 1;
	s.attempts[0].verdict = s.attempts[1].verdict = CT_VERDICT_FINDING;
	judge(&s, CT_VERDICT_FINDING, 80);
	assert_int_equal(s.result.finding_count, 1);
	assert_string_equal(s.result.findings[0].seeds, "9, 10");
	assert_int_equal(s.result.findings[0].seen->evidence, CT_OBSERVED);
	assert_int_equal(ct_result_rule_count(&s.result, &race), 1);
	end(&s);
}

/* The order of threads decides at which places a race is seen. */
static void one_thing_costs_once(void **state)
{
	struct ct_seen one[] = {seen(&race, CT_POTENTIAL, "a"), seen(&race, CT_OBSERVED, "b"),
				seen(&deadlock, CT_PREDICTED, "c")},
		       two[] = {seen(&race, CT_PREDICTED, "d"), seen(&race, CT_PREDICTED, "e")};
	struct setup s;

	(void)state;
	begin(&s);
	one[0].about = one[1].about = one[2].about = two[0].about = "x";
	two[1].about = "y";
	s.attempts[0].findings = one;
	s.attempts[0].finding_count = 3;
	s.attempts[1].findings = two;
	s.attempts[1].finding_count = 2;
	judge(&s, CT_VERDICT_FINDING, 40);
	assert_int_equal(s.result.finding_count, 3);
	assert_int_equal(ct_result_rule_count(&s.result, &race), 2);
	assert_string_equal(s.result.findings[0].seen->id, "b");
	assert_string_equal(s.result.findings[0].seeds, "9, 10");
	end(&s);
}

/* Of one thing, what is dearest counts, whichever run comes first. */
static void dearest_of_a_thing_counts(void **state)
{
	struct ct_seen cheap = seen(&race, CT_OBSERVED, "a"), dear = seen(&race, CT_PREDICTED, "b");

	(void)state;
	cheap.about = dear.about = "x";
	for (int i = 0; i < 2; i++) {
		struct setup s;

		begin(&s);
		s.rubric.evidence_points[CT_OBSERVED] = 5 * CT_POINT;
		s.attempts[i].findings = &cheap;
		s.attempts[!i].findings = &dear;
		s.attempts[0].finding_count = s.attempts[1].finding_count = 1;
		judge(&s, CT_VERDICT_FINDING, 80);
		end(&s);
	}
}

static void dearest_findings_count(void **state)
{
	struct ct_rubric_price dear = {.name = "deadlock", .points = 40 * CT_POINT};
	struct ct_seen all[] = {seen(&race, CT_PREDICTED, "a"), seen(&race, CT_PREDICTED, "b"),
				seen(&deadlock, CT_PREDICTED, "c"), seen(&race, CT_POTENTIAL, "d")};
	struct setup s;

	(void)state;
	begin(&s);
	s.rubric.max_findings = 2;
	s.rubric.rules.items = malloc(sizeof(dear));
	assert_non_null(s.rubric.rules.items);
	s.rubric.rules.items[0] = dear;
	s.rubric.rules.count = 1;
	s.attempts[1].findings = all;
	s.attempts[1].finding_count = 4;
	judge(&s, CT_VERDICT_FINDING, 40);
	assert_string_equal(s.result.findings[0].seen->id, "c");
	assert_int_equal(ct_result_rule_count(&s.result, &race), 2);
	end(&s);
}

static void hang_costs_once(void **state)
{
	struct ct_seen hang = seen(&deadlock, CT_OBSERVED, "a");
	struct setup s;

	(void)state;
	begin(&s);
	for (int i = 0; i < 2; i++) {
		s.attempts[i].findings = &hang;
		s.attempts[i].finding_count = 1;
		s.attempts[i].hung = true;
		s.attempts[i].verdict = CT_VERDICT_DEADLOCKED;
	}
	judge(&s, CT_VERDICT_DEADLOCKED, 50);
	end(&s);
}

static void hang_has_one_price(void **state)
{
	struct ct_rubric_price *price = malloc(sizeof(*price));
	struct ct_seen hang = seen(&deadlock, CT_OBSERVED, "a");
	struct setup s;

	(void)state;
	assert_non_null(price);
	*price = (struct ct_rubric_price){.name = "deadlock", .points = 15 * CT_POINT};
	begin(&s);
	s.rubric.rules.items = price;
	s.rubric.rules.count = 1;
	s.attempts[0].findings = &hang;
	s.attempts[0].finding_count = 1;
	s.attempts[0].hung = true;
	s.attempts[0].verdict = CT_VERDICT_DEADLOCKED;
	judge(&s, CT_VERDICT_DEADLOCKED, 50);
	end(&s);
}

static void what_is_not_observed_costs_once(void **state)
{
	const char *lack = "3 records were lost";
	struct setup s;

	(void)state;
	begin(&s);
	s.rubric.incomplete = 5 * CT_POINT;
	judge(&s, CT_VERDICT_CLEAN, 100);
	for (int i = 0; i < 2; i++) {
		s.attempts[i].unseen = &lack;
		s.attempts[i].unseen_count = 1;
	}
	judge(&s, CT_VERDICT_CLEAN, 95);
	assert_int_equal(s.result.unseen_count, 1);
	s.attempts[1].races_looked_for = false;
	judge(&s, CT_VERDICT_CLEAN, 95);
	assert_int_equal(s.result.unseen_count, 2);
	s.rubric.race = false;
	judge(&s, CT_VERDICT_CLEAN, 95);
	assert_int_equal(s.result.unseen_count, 1);
	end(&s);
}

static void points_do_not_go_below_nothing(void **state)
{
	struct setup s;

	(void)state;
	begin(&s);
	s.rubric.failed = 70 * CT_POINT;
	s.attempts[0].went_wrong = s.attempts[1].slow = true;
	s.attempts[0].verdict = CT_VERDICT_FAILED;
	s.attempts[1].verdict = CT_VERDICT_SLOW;
	s.rubric.slow = 60 * CT_POINT;
	judge(&s, CT_VERDICT_FAILED, 0);
	end(&s);
	begin(&s);
	s.result.why = "x";
	assert_int_equal(ct_points_no_build(&s.rubric, &s.result), CT_OK);
	assert_int_equal(s.result.points, 0);
	assert_int_equal(s.result.deductions[0].points, 100 * CT_POINT);
	end(&s);
}

static void uses_are_asked_of_reports_only(void **state)
{
	struct ct_rubric_price *price = malloc(sizeof(*price));
	struct setup s;

	(void)state;
	assert_non_null(price);
	*price = (struct ct_rubric_price){.name = "mutex", .points = 15 * CT_POINT};
	begin(&s);
	s.rubric.require.items = price;
	s.rubric.require.count = 1;
	judge(&s, CT_VERDICT_CLEAN, 85);
	s.attempts[1].uses = (const char **)(uintptr_t)uses;
	s.attempts[1].use_count = 1;
	s.result.deduction_count = 0;
	judge(&s, CT_VERDICT_CLEAN, 100);
	s.attempts[1].use_count = 0;
	s.attempts[0].reported = s.attempts[1].reported = false;
	judge(&s, CT_VERDICT_CLEAN, 100);
	end(&s);
}

#define HEAD "{\"format\":\"conctrace-report\",\"version\":1,\"runs\":[{\"exit_status\":66,"
#define RECORDED(accesses, lacks) "\"recorded\":{" accesses "},\"lacks\":" lacks ","
#define ENDED(how) "\"program\":{" how "}," RECORDED("\"accesses\":\"some\"", "[\"x\"]")
#define PROGRAM ENDED("\"exit_status\":4")
#define FINDING                                                                                    \
	"\"findings\":[{\"id\":\"a:1\",\"rule\":\"data-race\",\"severity\":\"error\","             \
	"\"evidence\":"                                                                            \
	"\"observed\",\"fails\":true,\"headline\":\"h\",\"fix\":\"f\",\"details\":\"d\"}]"

static enum ct_status read_report(const char *text, struct ct_attempt *out,
				  struct ct_attempt_report *report)
{
	struct ct_arena arena;
	enum ct_status status;

	*out = (struct ct_attempt){0};
	*report = (struct ct_attempt_report){0};
	ct_arena_init(&arena);
	status = ct_attempt_report_read(text, strlen(text), &names, &arena, out, report);
	if (status == CT_OK && out->finding_count)
		assert_string_equal(out->findings[0].headline, "h");
	ct_arena_fini(&arena);
	return status;
}

static void damaged_reports_are_refused(void **state)
{
	static const char good[] = HEAD PROGRAM "\"uses\":{\"mutex\":{\"calls\":2}}," FINDING "}]}";
	static const char *const bad[] = {
		"",
		"{}",
		"[",
		"{\"format\":\"conctrace-report\",\"version\":1,\"runs\":[{}]}",
		HEAD "\"program\":{\"exit_status\":4}," RECORDED("", "[]") "\"uses\":{}," FINDING
									   "}]}",
		HEAD "\"program\":{\"exit_status\":4}," RECORDED(
			"\"accesses\":\"all\"", "[3]") "\"uses\":{}," FINDING "}]}",
		HEAD PROGRAM "\"uses\":[]," FINDING "}]}",
		HEAD PROGRAM "\"uses\":{\"mutex\":{\"calls\":-1}}," FINDING "}]}",
		HEAD PROGRAM "\"uses\":{},\"findings\":[{\"id\":3}]}]}",
		HEAD PROGRAM "\"uses\":{},\"findings\":7}]}",
		HEAD ENDED("\"status\":\"exited with status 0\"") "\"uses\":{}," FINDING "}]}",
		HEAD ENDED("\"exit_status\":4,\"hung\":true") "\"uses\":{}," FINDING "}]}",
		HEAD ENDED("\"exit_status\":256") "\"uses\":{}," FINDING "}]}",
		HEAD ENDED("\"exit_status\":\"4\"") "\"uses\":{}," FINDING "}]}",
		HEAD ENDED("\"signal\":true") "\"uses\":{}," FINDING "}]}",
		HEAD ENDED("\"hung\":false") "\"uses\":{}," FINDING "}]}",
	};
	struct ct_attempt_report report = {0};
	struct ct_attempt attempt;

	(void)state;
	assert_int_equal(read_report(good, &attempt, &report), CT_OK);
	assert_int_equal(attempt.finding_count, 1);
	assert_int_equal(attempt.use_count, 1);
	assert_int_equal(attempt.unseen_count, 1);
	assert_true(attempt.races_looked_for);
	assert_int_equal(report.exit_status, 66);
	assert_int_equal(report.end.ending, CT_PROGRAM_EXITED);
	assert_int_equal(report.end.number, 4);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(read_report(bad[i], &attempt, &report), CT_EFORMAT);
	for (size_t cut = 0; cut + 1 < sizeof(good); cut++) {
		char *part = strndup(good, cut);

		assert_non_null(part);
		assert_int_equal(read_report(part, &attempt, &report), CT_EFORMAT);
		free(part);
	}
}

static void end_of_the_program_is_read(void **state)
{
#define REPORT(how) HEAD ENDED(how) "\"uses\":{}," FINDING "}]}"
	static const struct {
		const char *text;
		struct ct_program_end end;
	} cases[] = {
		{REPORT("\"exit_status\":0"), {CT_PROGRAM_EXITED, 0}},
		{REPORT("\"signal\":11"), {CT_PROGRAM_KILLED, 11}},
		{REPORT("\"hung\":true"), {CT_PROGRAM_HUNG, 0}},
		{REPORT("\"timed_out\":true"), {CT_PROGRAM_TIMED_OUT, 0}},
		{REPORT("\"interrupted\":true"), {CT_PROGRAM_INTERRUPTED, 0}},
	};
#undef REPORT
	struct ct_attempt_report report;
	struct ct_attempt attempt;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(read_report(cases[i].text, &attempt, &report), CT_OK);
		assert_int_equal(report.end.ending, cases[i].end.ending);
		assert_int_equal(report.end.number, cases[i].end.number);
	}
}

static void table_is_quoted(void **state)
{
	uint64_t counts[2] = {3, 0};
	char evil[] = "=1+\"2\"\n", plain[] = "b, c";
	struct ct_class_table_row rows[] = {
		{.name = evil,
		 .result = {.verdict = CT_VERDICT_CLEAN,
			    .incomplete = true,
			    .points = 750,
			    .of = 1000,
			    .counts = counts}},
		{.name = plain,
		 .result = {.verdict = CT_VERDICT_ERROR, .of = 1000, .counts = counts}},
	};
	const struct ct_class_table table = {.rules = rules, .rows = rows, .count = 2};
	struct ct_text csv;

	(void)state;
	ct_text_init(&csv);
	assert_int_equal(ct_class_table_csv(&table, &csv), CT_OK);
	assert_string_equal(ct_text_str(&csv),
			    "submission,verdict,points,of,not observed,data-race,"
			    "deadlock\r\n"
			    "\"'=1+\"\"2\"\"\\x0A\",clean,7.5,10,yes,3,0\r\n"
			    "\"b, c\",not graded,,10,no,3,0\r\n");
	ct_text_fini(&csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_finding_costs_once),
		cmocka_unit_test(one_thing_costs_once),
		cmocka_unit_test(dearest_of_a_thing_counts),
		cmocka_unit_test(dearest_findings_count),
		cmocka_unit_test(hang_costs_once),
		cmocka_unit_test(hang_has_one_price),
		cmocka_unit_test(what_is_not_observed_costs_once),
		cmocka_unit_test(points_do_not_go_below_nothing),
		cmocka_unit_test(uses_are_asked_of_reports_only),
		cmocka_unit_test(damaged_reports_are_refused),
		cmocka_unit_test(end_of_the_program_is_read),
		cmocka_unit_test(table_is_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
