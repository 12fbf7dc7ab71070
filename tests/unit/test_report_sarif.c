/*
 * report/report_sarif.c: what SARIF 2.1.0 requires is there and nothing has a wrong type, and the
 * fingerprint stays the same where it should.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "finding/fingerprint.h"

#include "report_fixture.h"

#include <jansson.h>
#include <stdlib.h>

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

/* One rule of the schema: the values at `path` (below "[]" each element) are of that type. */
struct requirement {
	const char *path;
	json_type type;
	bool required;
	const char *choices; /* strings allowed, each between spaces; NULL: any */
};

#define LEVELS " none note warning error "
#define LOCATION(at)                                                                               \
	{at ".physicalLocation.artifactLocation.uri", JSON_STRING, true, NULL},                    \
		{at ".physicalLocation.region.startLine", JSON_INTEGER, true, NULL},               \
		{at ".physicalLocation.region.startColumn", JSON_INTEGER, true, NULL},             \
		{at ".physicalLocation.region.endLine", JSON_INTEGER, true, NULL},                 \
		{at ".message", JSON_OBJECT, false, NULL},                                         \
		{at ".message.text", JSON_STRING, true, NULL},                                     \
		{at ".logicalLocations", JSON_ARRAY, false, NULL},                                 \
		{at ".logicalLocations[].name", JSON_STRING, true, NULL},                          \
	{                                                                                          \
		at ".logicalLocations[].kind", JSON_STRING, true, " function "                     \
	}

/* sarif-schema-2.1.0.json, as far as we use it, and what we promise beyond it. A value that is
 * not required is looked into only where it is. */
static const struct requirement requirements[] = {
	{"$schema", JSON_STRING, true, NULL},
	{"version", JSON_STRING, true, " 2.1.0 "},
	{"runs", JSON_ARRAY, true, NULL},
	{"runs[].tool.driver.name", JSON_STRING, true, " conctrace "},
	{"runs[].tool.driver.version", JSON_STRING, true, NULL},
	{"runs[].tool.driver.rules", JSON_ARRAY, true, NULL},
	{"runs[].tool.driver.rules[].id", JSON_STRING, true, NULL},
	{"runs[].tool.driver.rules[].shortDescription.text", JSON_STRING, true, NULL},
	{"runs[].tool.driver.rules[].fullDescription.text", JSON_STRING, true, NULL},
	{"runs[].tool.driver.rules[].help.text", JSON_STRING, true, NULL},
	{"runs[].tool.driver.rules[].help.markdown", JSON_STRING, true, NULL},
	{"runs[].tool.driver.rules[].properties.precision", JSON_STRING, true, " high "},
	{"runs[].tool.driver.rules[].properties.tags", JSON_ARRAY, true, NULL},
	{"runs[].automationDetails.id", JSON_STRING, true, NULL},
	{"runs[].tool.driver.rules[].defaultConfiguration.level", JSON_STRING, true, LEVELS},
	{"runs[].invocations", JSON_ARRAY, true, NULL},
	{"runs[].invocations[].executionSuccessful", JSON_TRUE, true, NULL},
	{"runs[].invocations[].exitCode", JSON_INTEGER, false, NULL},
	{"runs[].invocations[].commandLine", JSON_STRING, false, NULL},
	{"runs[].invocations[].toolExecutionNotifications", JSON_ARRAY, true, NULL},
	{"runs[].invocations[].toolExecutionNotifications[].message.text", JSON_STRING, true, NULL},
	{"runs[].invocations[].toolExecutionNotifications[].level", JSON_STRING, true, LEVELS},
	{"runs[].originalUriBaseIds", JSON_OBJECT, false, NULL},
	{"runs[].originalUriBaseIds.SRCROOT.uri", JSON_STRING, true, NULL},
	{"runs[].results", JSON_ARRAY, true, NULL},
	{"runs[].results[].ruleId", JSON_STRING, true, NULL},
	{"runs[].results[].ruleIndex", JSON_INTEGER, true, NULL},
	{"runs[].results[].level", JSON_STRING, true, LEVELS},
	{"runs[].results[].message.text", JSON_STRING, true, NULL},
	{"runs[].results[].partialFingerprints.conctrace/v1", JSON_STRING, true, NULL},
	{"runs[].results[].partialFingerprints.primaryLocationLineHash", JSON_STRING, true, NULL},
	{"runs[].results[].properties.evidence", JSON_STRING, true,
	 " potential predicted confirmed observed "},
	{"runs[].results[].properties.severity", JSON_STRING, true, " note warning error "},
	{"runs[].results[].properties.assumes", JSON_STRING, false, NULL},
	{"runs[].results[].locations", JSON_ARRAY, true, NULL},
	LOCATION("runs[].results[].locations[]"),
	{"runs[].results[].relatedLocations", JSON_ARRAY, true, NULL},
	{"runs[].results[].relatedLocations[].id", JSON_INTEGER, true, NULL},
	LOCATION("runs[].results[].relatedLocations[]"),
	{"runs[].results[].codeFlows", JSON_ARRAY, false, NULL},
	{"runs[].results[].codeFlows[].threadFlows", JSON_ARRAY, true, NULL},
	{"runs[].results[].codeFlows[].threadFlows[].id", JSON_STRING, true, NULL},
	{"runs[].results[].codeFlows[].threadFlows[].locations", JSON_ARRAY, true, NULL},
	LOCATION("runs[].results[].codeFlows[].threadFlows[].locations[].location"),
};

static void check_leaf(const json_t *value, const struct requirement *rule)
{
	char choice[256];

	if (!value) {
		if (rule->required)
			fail_msg("%s is missing", rule->path);
		return;
	}
	if (json_typeof(value) != rule->type)
		fail_msg("%s has type %d", rule->path, json_typeof(value));
	if (!rule->choices)
		return;
	snprintf(choice, sizeof(choice), " %s ", json_string_value(value));
	if (!strstr(rule->choices, choice))
		fail_msg("%s is \"%s\"", rule->path, choice);
}

/* Whether the first `len` bytes of a path name a value that need not be there. */
static bool is_optional(const char *path, size_t len)
{
	for (size_t i = 0; i < sizeof(requirements) / sizeof(requirements[0]); i++)
		if (strncmp(requirements[i].path, path, len) == 0 && !requirements[i].path[len])
			return !requirements[i].required;
	return false;
}

/* `path` is what is left of rule->path below `value`. */
static void check_below(const json_t *value, const char *path, const struct requirement *rule)
{
	size_t len = strcspn(path, ".[");
	const char *rest = path + len;
	char key[64];

	snprintf(key, sizeof(key), "%.*s", (int)len, path);
	value = json_object_get(value, key);
	if (*rest == '\0') {
		check_leaf(value, rule);
		return;
	}
	if (!value) {
		if (!is_optional(rule->path, (size_t)(rest - rule->path)))
			fail_msg("%.*s is missing", (int)(rest - rule->path), rule->path);
		return;
	}
	if (*rest == '.') {
		check_below(value, rest + 1, rule);
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++)
		check_below(json_array_get(value, i), rest + strlen("[]."), rule);
}

/* Parsed and checked; to be released. */
static json_t *report_of(struct fixture *f)
{
	struct ct_text out;
	json_error_t error;
	json_t *log;

	ct_text_init(&out);
	assert_int_equal(ct_findings_identify(&f->findings, f->report.symbols), CT_OK);
	assert_int_equal(ct_report_sarif.write(&f->report, &out), CT_OK);
	log = json_loads(ct_text_str(&out), JSON_REJECT_DUPLICATES, &error);
	if (!log)
		fail_msg("%s at %d:\n%s", error.text, error.position, ct_text_str(&out));
	ct_text_fini(&out);
	for (size_t i = 0; i < sizeof(requirements) / sizeof(requirements[0]); i++)
		check_below(log, requirements[i].path, &requirements[i]);
	return log;
}

static json_t *run_of(const json_t *log)
{
	return json_array_get(json_object_get(log, "runs"), 0);
}

static json_t *result_of(const json_t *log, size_t index)
{
	return json_array_get(json_object_get(run_of(log), "results"), index);
}

/* Compares with JSON text. */
static void assert_json(const json_t *value, const char *expected)
{
	json_t *parsed = json_loads(expected, JSON_DECODE_ANY, NULL);
	char *text;

	assert_non_null(parsed);
	if (!json_equal(value, parsed)) {
		text = json_dumps(value, JSON_ENCODE_ANY);
		fail_msg("%s != %s", text ? text : "nothing", expected);
	}
	json_decref(parsed);
}

static void test_empty(void **state)
{
	struct fixture *f = *state;
	json_t *log = report_of(f);

	assert_int_equal(json_array_size(json_object_get(run_of(log), "results")), 0);
	assert_json(json_object_get(run_of(log), "originalUriBaseIds"),
		    "{\"SRCROOT\": {\"uri\": \"file:///src/\"}}");
	assert_json(json_object_get(run_of(log), "invocations"),
		    "[{\"executionSuccessful\": true,"
		    " \"workingDirectory\": {\"uri\": \"file:///src/\"},"
		    " \"toolExecutionNotifications\": []}]");
	assert_json(json_object_get(run_of(log), "automationDetails"),
		    "{\"id\": \"conctrace/bank/\"}");
	json_decref(log);
}

static void test_invocation(void **state)
{
	struct fixture *f = *state;
	char *problems[] = {"p1.t1: byte 7: torn"};
	json_t *log;

	f->report.exit_status = 66;
	f->report.command = "conctrace run -- ./bank";
	f->report.program_status = "the program exited with status 1";
	f->report.directory = NULL;
	f->trace.problems = problems;
	f->trace.problem_count = 1;
	f->trace_threads[0].discarded = 3;
	f->symbols.warnings[0] = "bank: the file changed since it ran";
	f->symbols.warning_count = 1;
	log = report_of(f);
	assert_null(json_object_get(run_of(log), "originalUriBaseIds"));
	assert_json(json_object_get(run_of(log), "invocations"),
		    "[{\"executionSuccessful\": true, \"exitCode\": 66,"
		    " \"commandLine\": \"conctrace run -- ./bank\","
		    " \"toolExecutionNotifications\": ["
		    "{\"level\": \"warning\", \"message\": {\"text\": \"3 records were lost\"}},"
		    "{\"level\": \"warning\", \"message\": {\"text\": \"p1.t1: byte 7: torn\"}},"
		    "{\"level\": \"warning\", \"message\":"
		    " {\"text\": \"bank: the file changed since it ran\"}}],"
		    " \"properties\": {\"program\": \"the program exited with status 1\"}}]");
	json_decref(log);
}

static void test_result(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	json_t *log, *result, *flows;

	finding->assumes = "nothing else.";
	log = report_of(f);
	result = result_of(log, 0);
	assert_json(json_object_get(result, "message"),
		    "{\"text\": \"main and T2 lock `accounts` and `M1` in opposite orders."
		    " predicted: another order of the same steps makes it happen.\"}");
	assert_json(json_object_get(result, "properties"),
		    "{\"evidence\": \"predicted\", \"severity\": \"error\","
		    " \"assumes\": \"nothing else.\","
		    " \"fix\": \"Take these locks in one order everywhere.\"}");
	assert_json(json_object_get(result, "locations"),
		    "[{\"physicalLocation\": {\"artifactLocation\":"
		    " {\"uri\": \"bank.c\", \"uriBaseId\": \"SRCROOT\"},"
		    " \"region\": {\"startLine\": 12, \"startColumn\": 1, \"endLine\": 12}},"
		    " \"logicalLocations\": [{\"name\": \"deposit\", \"kind\": \"function\"}],"
		    " \"message\": {\"text\": \"main locks `M1`\"}}]");
	assert_int_equal(json_array_size(json_object_get(result, "relatedLocations")), 3);
	flows = json_object_get(json_array_get(json_object_get(result, "codeFlows"), 0),
				"threadFlows");
	assert_int_equal(json_array_size(flows), 2);
	assert_json(json_object_get(json_array_get(flows, 1), "id"), "\"T2\"");
	assert_int_equal(json_array_size(json_object_get(json_array_get(flows, 1), "locations")),
			 2);
	json_decref(log);
}

/* A rule stands once in the list, and each result points to its own. */
static void test_rules(void **state)
{
	static const struct ct_rule other = {
		.id = "stuck", .title = "stuck", .help = "Wake it.", .severity = CT_WARNING};
	struct fixture *f = *state;
	json_t *log, *rules;

	fixture_cycle(f);
	ct_findings_add(&f->findings, &other, CT_OBSERVED);
	fixture_cycle(f);
	ct_findings_add(&f->findings, &other, CT_OBSERVED)->severity = CT_NOTE;
	log = report_of(f);
	rules = json_object_get(json_object_get(json_object_get(run_of(log), "tool"), "driver"),
				"rules");
	assert_int_equal(json_array_size(rules), 2);
	for (size_t i = 0; i < 4; i++) {
		assert_json(json_object_get(result_of(log, i), "ruleIndex"), i % 2 ? "1" : "0");
		assert_json(json_object_get(json_array_get(rules, i % 2), "id"),
			    i % 2 ? "\"stuck\"" : "\"lock-order\"");
	}
	assert_json(json_object_get(result_of(log, 1), "level"), "\"warning\"");
	assert_json(json_object_get(result_of(log, 3), "level"), "\"note\"");
	assert_null(json_object_get(result_of(log, 1), "codeFlows"));
	json_decref(log);
}

static const char *uri_of_main_location(json_t *log)
{
	json_t *location = json_array_get(json_object_get(result_of(log, 0), "locations"), 0);

	return json_string_value(json_object_get(
		json_object_get(json_object_get(location, "physicalLocation"), "artifactLocation"),
		"uri"));
}

static void test_uris(void **state)
{
	static const struct {
		const char *file, *uri;
	} cases[] = {
		{"/src/sub dir/a%b.c", "sub%20dir/a%25b.c"},
		{"/other/a.c", "file:///other/a.c"},
		{"c:\\a.c", "c%3A%5Ca.c"},
		{"/src/\xc3\xa9.c", "%C3%A9.c"},
		{"/src/\xff.c", "%FF.c"},
	};
	struct fixture *f = *state;

	fixture_cycle(f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *log;

		f->symbols.stacks[1][1].file = cases[i].file;
		log = report_of(f);
		assert_string_equal(uri_of_main_location(log), cases[i].uri);
		json_decref(log);
	}
}

/* jansson refuses what is not UTF-8, and names come from the traced program. */
static void test_hostile_names(void **state)
{
	struct fixture *f = *state;
	json_t *log;

	fixture_cycle(f)->headline = "main \xff\"\n";
	f->threads[0].name = "\xc3";
	f->symbols.variable = "\xed\xa0\x80";
	f->symbols.stacks[1][1].function = "f\x80";
	log = report_of(f);
	assert_json(json_object_get(result_of(log, 0), "message"),
		    "{\"text\": \"main \\\\xFF\\\"\\\\x0A."
		    " predicted: another order of the same steps makes it happen.\"}");
	json_decref(log);
}

/* What SARIF has marks for in a message: links and placeholders. */
static void test_no_markup(void **state)
{
	struct fixture *f = *state;
	json_t *log;

	fixture_cycle(f)->headline = "[here](http://x) [](1) {0}";
	f->process.name = "a/b c\n";
	log = report_of(f);
	assert_json(json_object_get(result_of(log, 0), "message"),
		    "{\"text\": \"[here] (http://x) [] (1) {{0}}."
		    " predicted: another order of the same steps makes it happen.\"}");
	assert_json(json_object_get(run_of(log), "automationDetails"),
		    "{\"id\": \"conctrace/a_b_c_/\"}");
	json_decref(log);
}

/* Code hosts want a file: the program stands for the source that is not known. */
static void test_without_symbols(void **state)
{
	struct fixture *f = *state;
	json_t *log;

	fixture_cycle(f);
	f->report.symbols = NULL;
	log = report_of(f);
	assert_json(json_object_get(result_of(log, 0), "locations"),
		    "[{\"physicalLocation\": {\"artifactLocation\":"
		    " {\"uri\": \"bank\", \"uriBaseId\": \"SRCROOT\"},"
		    " \"region\": {\"startLine\": 1, \"startColumn\": 1, \"endLine\": 1}},"
		    " \"message\": {\"text\": \"main takes `accounts`\"}}]");
	json_decref(log);
}

/* Of a place without a source file the module is known. */
static void test_without_sources(void **state)
{
	static const struct {
		const char *module, *uri;
	} cases[] = {{"/src/build/bank 2", "build/bank%202"}, {"/opt/lib/libx.so.1", "libx.so.1"}};
	struct fixture *f = *state;

	fixture_cycle(f);
	for (size_t i = 0; i < 2; i++) {
		json_t *log;

		for (size_t stack = 0; stack < 4; stack++) {
			f->symbols.stacks[stack][1].file = NULL;
			f->symbols.stacks[stack][1].module = cases[i].module;
			f->symbols.depths[stack] = 2;
		}
		log = report_of(f);
		assert_string_equal(uri_of_main_location(log), cases[i].uri);
		json_decref(log);
	}
}

static const char *notification_of(json_t *log, size_t index)
{
	json_t *invocation = json_array_get(json_object_get(run_of(log), "invocations"), 0);
	json_t *list = json_object_get(invocation, "toolExecutionNotifications");

	return json_string_value(
		json_object_get(json_object_get(json_array_get(list, index), "message"), "text"));
}

/* GitHub refuses a log with more: the rest is left out, and that is said. */
static void test_too_many_results(void **state)
{
	struct fixture *f = *state;
	json_t *log;

	for (size_t i = 0; i < 25001; i++)
		assert_non_null(ct_findings_add(&f->findings, &fixture_rule, CT_OBSERVED));
	log = report_of(f);
	assert_int_equal(json_array_size(json_object_get(run_of(log), "results")), 25000);
	assert_string_equal(notification_of(log, 0),
			    "of 25001 findings, the first 25000 are listed here, the worst first");
	json_decref(log);
}

/* Locations in all thread flows of that flow of the first result. */
static size_t flow_size(json_t *log, size_t index)
{
	json_t *flow = json_array_get(json_object_get(result_of(log, 0), "codeFlows"), index);
	json_t *threads = json_object_get(flow, "threadFlows");
	size_t size = 0;

	for (size_t i = 0; i < json_array_size(threads); i++)
		size += json_array_size(json_object_get(json_array_get(threads, i), "locations"));
	return size;
}

static void test_too_many_places(void **state)
{
	enum { PLACES = 12000 };
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	json_t *log, *result;

	finding->places = calloc(PLACES, sizeof(*finding->places));
	assert_non_null(finding->places);
	finding->place_count = PLACES;
	for (size_t i = 0; i < PLACES; i++)
		finding->places[i] = fixture_place(f, i % 2, 1 + (uint32_t)(i % 4));
	log = report_of(f);
	result = result_of(log, 0);
	assert_int_equal(json_array_size(json_object_get(result, "locations")), 1);
	assert_int_equal(json_array_size(json_object_get(result, "relatedLocations")), 999);
	assert_int_equal(flow_size(log, 0), 1000);
	assert_string_equal(notification_of(log, 0),
			    "1 of the findings have more places than are listed here");
	json_decref(log);
	free(finding->places);
}

/* A circle of very many threads, each of which stands somewhere in the schedule. */
static void test_long_schedule(void **state)
{
	enum { STEPS = 9500 };
	static struct ct_thread threads[STEPS];
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	struct ct_witness witness = {0};
	json_t *log;

	finding->steps = calloc(STEPS, sizeof(*finding->steps));
	assert_non_null(finding->steps);
	finding->step_count = STEPS;
	finding->witness = &witness;
	for (size_t i = 0; i < STEPS; i++) {
		threads[i] = f->threads[1];
		finding->steps[i] = (struct ct_step_of_cycle){.thread = &threads[i],
							      .wants = &f->objects[0],
							      .wanted_at = fixture_place(f, 0, 1),
							      .verb = "locks"};
	}
	log = report_of(f);
	assert_int_equal(flow_size(log, 0), 1000);
	assert_int_equal(flow_size(log, 1), 9000);
	json_decref(log);
	free(finding->steps);
}

static uint64_t fingerprint_of(struct fixture *f, const struct ct_finding *finding)
{
	uint64_t number = 0;

	assert_int_equal(ct_fingerprint(finding, &f->symbols, &number), CT_OK);
	return number;
}

static void test_fingerprint_stays(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	struct ct_step_of_cycle first = finding->steps[0];
	uint64_t number = fingerprint_of(f, finding);

	/* The other thread came first. */
	finding->steps[0] = finding->steps[1];
	finding->steps[1] = first;
	assert_int_equal(fingerprint_of(f, finding), number);
	/* Another checkout, other lines, other addresses and threads, other evidence. */
	for (size_t i = 0; i < 4; i++) {
		f->symbols.stacks[i][1].file = "/home/me/bank.c";
		f->symbols.stacks[i][1].line += 7;
		f->symbols.stacks[i][1].offset = 0x1234;
	}
	f->objects[1].address = 0x3000;
	f->objects[1].id = 7;
	f->threads[1].name = "T9";
	finding->evidence = CT_OBSERVED;
	finding->headline = "other words";
	assert_int_equal(fingerprint_of(f, finding), number);
}

static void test_fingerprint_differs(void **state)
{
	struct fixture *f = *state;
	struct ct_finding *finding = fixture_cycle(f);
	uint64_t number = fingerprint_of(f, finding);
	struct ct_place place = fixture_place(f, 0, 1);
	struct ct_rule other = fixture_rule;

	f->symbols.variable = "ledger";
	assert_int_not_equal(fingerprint_of(f, finding), number);
	f->symbols.variable = "accounts";
	f->symbols.stacks[3][1].function = "audit";
	assert_int_not_equal(fingerprint_of(f, finding), number);
	f->symbols.stacks[3][1].function = "withdraw";
	f->objects[1].kind = CT_OBJECT_RWLOCK;
	assert_int_not_equal(fingerprint_of(f, finding), number);
	f->objects[1].kind = CT_OBJECT_MUTEX;
	other.id = "deadlock";
	finding->rule = &other;
	assert_int_not_equal(fingerprint_of(f, finding), number);
	finding->rule = &fixture_rule;
	assert_int_equal(fingerprint_of(f, finding), number);
	finding->places = &place;
	finding->place_count = 1;
	assert_int_not_equal(fingerprint_of(f, finding), number);
}

/* Whoever compares reports of two versions needs the same number for the same finding. If this
 * fails, the way of counting changed: then CT_FINGERPRINT_NAME has to change, too. */
static void test_fingerprint_is_fixed(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(fingerprint_of(f, fixture_cycle(f)), UINT64_C(0x30519e6f04f60ac0));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_empty),
		TEST(test_invocation),
		TEST(test_result),
		TEST(test_rules),
		TEST(test_uris),
		TEST(test_hostile_names),
		TEST(test_without_symbols),
		TEST(test_no_markup),
		TEST(test_without_sources),
		TEST(test_too_many_results),
		TEST(test_too_many_places),
		TEST(test_long_schedule),
		TEST(test_fingerprint_stays),
		TEST(test_fingerprint_differs),
		TEST(test_fingerprint_is_fixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
