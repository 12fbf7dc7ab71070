/*
 * report/report_json.c: each key of docs/json.md has the value that it is to have, is left out
 * where nothing is known, and reports of several runs become one. That the schema is kept is for
 * e2e tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

#include "report_fixture.h"

#include <jansson.h>
#include <stdlib.h>

/* Of the fixture's frames. */
#define MODULE " \"module\": \"/src/bank\", \"offset\": 0"

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof(*f));

	fixture_init(f);
	f->report.fail_on = CT_PREDICTED;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture_fini(*state);
	free(*state);
	return 0;
}

/* Parsed; to be released. */
static json_t *parsed(const struct ct_text *text)
{
	json_error_t error;
	json_t *report = json_loads(ct_text_str(text), JSON_REJECT_DUPLICATES, &error);

	if (!report)
		fail_msg("%s at %d:\n%s", error.text, error.position, ct_text_str(text));
	return report;
}

static json_t *report_of(struct fixture *f)
{
	struct ct_text out;
	json_t *report;

	ct_text_init(&out);
	assert_int_equal(ct_report_json.write(&f->report, &out), CT_OK);
	report = parsed(&out);
	ct_text_fini(&out);
	return report;
}

static json_t *run_of(const json_t *report)
{
	return json_array_get(json_object_get(report, "runs"), 0);
}

static json_t *finding_of(const json_t *report, size_t index)
{
	return json_array_get(json_object_get(run_of(report), "findings"), index);
}

/* Compares with JSON text. */
static void assert_json(const json_t *value, const char *expected)
{
	json_t *wanted = json_loads(expected, JSON_DECODE_ANY, NULL);
	char *text;

	assert_non_null(wanted);
	if (!json_equal(value, wanted)) {
		text = json_dumps(value, JSON_ENCODE_ANY);
		fail_msg("%s != %s", text ? text : "nothing", expected);
	}
	json_decref(wanted);
}

/* Takes the value of `key` away, which is text that begins so. */
static void assert_begins(json_t *object, const char *key, const char *text)
{
	const char *value = json_string_value(json_object_get(object, key));

	if (!value || strncmp(value, text, strlen(text)) != 0)
		fail_msg("%s is %s", key, value ? value : "no text");
	json_object_del(object, key);
}

static void test_empty(void **state)
{
	json_t *report = report_of(*state), *run = run_of(report);

	assert_json(json_object_get(report, "format"), "\"conctrace-report\"");
	assert_json(json_object_get(report, "version"), "1");
	assert_json(run, "{\"program\": {\"command\": \"./bank\"},"
			 " \"recorded\": {\"processes\": 1, \"threads\": 2, \"events\": 9,"
			 " \"lost_records\": 0, \"accesses\": \"none\"}, \"lacks\": [], \"uses\": "
			 "{}, \"findings\": [],"
			 " \"hidden\": [], \"unused_suppressions\": []}");
	json_decref(report);
}

static void test_run(void **state)
{
	static const char *const unused[] = {"a.supp:3: hid nothing"};
	struct fixture *f = *state;
	json_t *report;

	f->report.exit_status = 66;
	f->report.command = "conctrace run -- ./bank";
	f->report.program_status = "the program exited with status 1";
	f->report.program_end = (struct ct_program_end){CT_PROGRAM_EXITED, 1};
	f->report.unused = unused;
	f->report.unused_count = 1;
	f->trace.left_out_bytes = 77;
	f->trace_threads[0].discarded = 3;
	f->process.command = "";
	report = report_of(f);
	assert_json(run_of(report),
		    "{\"command\": \"conctrace run -- ./bank\", \"exit_status\": 66,"
		    " \"program\": {\"status\": \"the program exited with status 1\","
		    " \"exit_status\": 1},"
		    " \"recorded\": {\"processes\": 1, \"threads\": 2, \"events\": 9,"
		    " \"lost_records\": 3, \"unread_bytes\": 77, \"accesses\": \"none\"},"
		    " \"lacks\": [\"3 records were lost\","
		    " \"1 MB of the record, from its begin, were not read\"],"
		    " \"uses\": {}, \"findings\": [], \"hidden\": [],"
		    " \"unused_suppressions\": [\"a.supp:3: hid nothing\"]}");
	json_decref(report);
}

static void test_program_end(void **state)
{
	static const struct {
		struct ct_program_end end;
		const char *json;
	} cases[] = {
		{{CT_PROGRAM_EXITED, 0}, "{\"command\": \"./bank\", \"exit_status\": 0}"},
		{{CT_PROGRAM_KILLED, 9}, "{\"command\": \"./bank\", \"signal\": 9}"},
		{{CT_PROGRAM_HUNG, 0}, "{\"command\": \"./bank\", \"hung\": true}"},
		{{CT_PROGRAM_TIMED_OUT, 0}, "{\"command\": \"./bank\", \"timed_out\": true}"},
		{{CT_PROGRAM_INTERRUPTED, 0}, "{\"command\": \"./bank\", \"interrupted\": true}"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_t *report;

		f->report.program_end = cases[i].end;
		report = report_of(f);
		assert_json(json_object_get(run_of(report), "program"), cases[i].json);
		json_decref(report);
	}
}

static void test_finding(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	json_t *report, *object, *place;

	finding->fingerprint = 0x8c6f3a0d51e29b47;
	finding->occurrence = 2;
	finding->assumes = "nothing else.";
	finding->rerun = "3 of 3";
	report = report_of(f);
	object = finding_of(report, 0);
	place = json_incref(json_array_get(json_object_get(object, "places"), 1));
	assert_int_equal(json_array_size(json_object_get(object, "places")), 4);
	json_object_del(object, "places");
	assert_begins(object, "details", "error[lock-order]: main and T2 lock");
	assert_json(object, "{\"id\": \"8c6f3a0d51e29b47:2\", \"rule\": \"lock-order\","
			    " \"family\": \"deadlock\","
			    " \"title\": \"lock-order cycle\", \"severity\": \"error\","
			    " \"evidence\": \"predicted\", \"fails\": true, \"headline\":"
			    " \"main and T2 lock `accounts` and `M1` in opposite orders\","
			    " \"about\": \"accounts, mutex made in main (bank.c)\","
			    " \"assumes\": \"nothing else.\", \"rerun\": \"3 of 3\","
			    " \"fix\": \"Take these locks in one order everywhere.\","
			    " \"location\":"
			    " {\"file\": \"bank.c\", \"line\": 12, \"function\": \"deposit\"}}");
	assert_json(place,
		    "{\"thread\": \"main\", \"role\": \"wants\","
		    " \"text\": \"main locks `M1`\", \"stack\": ["
		    "{\"function\": \"deposit\", \"file\": \"bank.c\", \"line\": 12," MODULE "},"
		    "{\"function\": \"main\", \"file\": \"bank.c\", \"line\": 30," MODULE "}]}");
	json_decref(place);
	json_decref(report);
}

/* What decides the exit status is the user's to say. */
static void test_fails(void **state)
{
	struct fixture *f = *state;
	json_t *report;

	fixture_cycle(f);
	fixture_cycle(f)->severity = CT_WARNING;
	fixture_cycle(f)->evidence = CT_OBSERVED;
	f->report.fail_on = CT_CONFIRMED;
	report = report_of(f);
	assert_json(json_object_get(finding_of(report, 0), "fails"), "false");
	assert_json(json_object_get(finding_of(report, 1), "fails"), "false");
	assert_json(json_object_get(finding_of(report, 2), "fails"), "true");
	json_decref(report);
}

static void test_without_symbols(void **state)
{
	struct fixture *f = *state;
	json_t *report;

	fixture_cycle(f);
	f->report.symbols = NULL;
	report = report_of(f);
	assert_null(json_object_get(finding_of(report, 0), "location"));
	assert_json(json_array_get(json_object_get(finding_of(report, 0), "places"), 0),
		    "{\"thread\": \"main\", \"role\": \"holds\","
		    " \"text\": \"main takes `accounts`\", \"stack\": []}");
	json_decref(report);
}

static void test_hidden(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *suppressed = fixture_cycle(f), *known = fixture_cycle(f);
	struct ct_finding *repeated = fixture_cycle(f);
	json_t *report;

	fixture_cycle(f);
	suppressed->hiding = CT_SUPPRESSED;
	suppressed->hidden_by = "a\nb";
	suppressed->fingerprint = known->fingerprint = 1;
	suppressed->occurrence = 1;
	repeated->hiding = CT_REPEATED;
	known->occurrence = 2;
	known->hiding = CT_KNOWN;
	known->severity = CT_WARNING;
	known->evidence = CT_POTENTIAL;
	assert_int_equal(ct_findings_hide(&f->findings), CT_OK);
	report = report_of(f);
	assert_int_equal(json_array_size(json_object_get(run_of(report), "findings")), 1);
	assert_json(json_object_get(run_of(report), "hidden"),
		    "[{\"id\": \"0000000000000001:1\", \"rule\": \"lock-order\","
		    " \"severity\": \"error\", \"evidence\": \"predicted\","
		    " \"headline\": \"main and T2 lock `accounts` and `M1` in opposite orders\","
		    " \"why\": \"suppressed\", \"reason\": \"a\\\\x0Ab\"},"
		    "{\"id\": \"0000000000000001:2\", \"rule\": \"lock-order\","
		    " \"severity\": \"warning\", \"evidence\": \"potential\","
		    " \"headline\": \"main and T2 lock `accounts` and `M1` in opposite orders\","
		    " \"why\": \"known\"},"
		    "{\"id\": \"0000000000000000:0\", \"rule\": \"lock-order\","
		    " \"severity\": \"error\", \"evidence\": \"predicted\","
		    " \"headline\": \"main and T2 lock `accounts` and `M1` in opposite orders\","
		    " \"why\": \"repeated\"}]");
	json_decref(report);
}

static void test_many_places(void **state)
{
	enum { MANY = 1500 };
	static struct ct_place places[MANY];
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	json_t *report;

	finding->places = places;
	finding->place_count = MANY;
	report = report_of(f);
	assert_int_equal(json_array_size(json_object_get(finding_of(report, 0), "places")), 1000);
	assert_json(json_object_get(finding_of(report, 0), "more_places"), "504");
	json_decref(report);
}

/* jansson refuses what is not UTF-8, and names come from the traced program. */
static void test_hostile_names(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	json_t *report, *place;

	finding->headline = "main \xff\"\n";
	finding->assumes = "\x1b[31m";
	f->threads[0].name = "\xc3</script>\n";
	f->symbols.variable = "\xed\xa0\x80";
	f->symbols.stacks[1][1].function = "f\x80\n";
	f->symbols.stacks[1][1].file = "/src/\xff\n.c";
	f->process.command = "./bank \xff";
	f->report.command = "\xff";
	report = report_of(f);
	place = json_array_get(json_object_get(finding_of(report, 0), "places"), 1);
	assert_json(json_object_get(finding_of(report, 0), "headline"),
		    "\"main \\\\xFF\\\"\\\\x0A\"");
	assert_json(json_object_get(finding_of(report, 0), "assumes"), "\"\\\\x1B[31m\"");
	assert_json(json_object_get(place, "thread"), "\"\\\\xC3</script>\\\\x0A\"");
	assert_json(json_array_get(json_object_get(place, "stack"), 0),
		    "{\"function\": \"f\\\\x80\\\\x0A\", \"file\": \"\\\\xFF\\\\x0A.c\","
		    " \"line\": 12," MODULE "}");
	assert_json(json_object_get(run_of(report), "command"), "\"\\ufffd\"");
	json_decref(report);
}

static void join(struct ct_text *whole, struct fixture *f, uint64_t seed)
{
	const struct ct_report_run run = {.number = seed, .seeded = true, .told = false};
	struct ct_text part;

	ct_text_init(&part);
	assert_int_equal(ct_report_json.write(&f->report, &part), CT_OK);
	assert_int_equal(ct_report_json.join(whole, &part, &run), CT_OK);
	ct_text_fini(&part);
}

static void assert_no_part(struct ct_text *whole, const char *text)
{
	const struct ct_report_run run = {.number = 9, .seeded = true, .told = true};
	struct ct_text part;
	size_t len = whole->len;

	ct_text_init(&part);
	ct_text_add(&part, text);
	assert_int_equal(ct_report_json.join(whole, &part, &run), CT_EFORMAT);
	assert_int_equal(whole->len, len);
	ct_text_fini(&part);
}

static void test_join(void **state)
{
	static const char *const others[] = {
		"", "[]", "{\"runs\": []}", "{\"runs\": [1]}", "{\"runs\": [{\"tool\": {}}]}", "{"};
	struct fixture *f = *state;
	struct ct_text whole;
	json_t *report, *runs;

	ct_text_init(&whole);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_no_part(&whole, others[i]);
	join(&whole, f, 7);
	fixture_cycle(f);
	join(&whole, f, 8);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_no_part(&whole, others[i]);
	join(&whole, f, 9);
	report = parsed(&whole);
	runs = json_object_get(report, "runs");
	assert_json(json_object_get(report, "version"), "1");
	assert_int_equal(json_array_size(runs), 3);
	for (size_t i = 0; i < 3; i++) {
		const json_t *run = json_array_get(runs, i);

		assert_int_equal(json_integer_value(json_object_get(run, "seed")), 7 + i);
		assert_int_equal(json_array_size(json_object_get(run, "findings")), i > 0);
	}
	json_decref(report);
	ct_text_fini(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_run, setup, teardown),
		cmocka_unit_test_setup_teardown(test_program_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_finding, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_symbols, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hidden, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_places, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_join, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
