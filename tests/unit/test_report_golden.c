/*
 * From a trace to its report: trace, model, detectors, report, compared byte by byte with the files
 * of tests/golden. Those were written by hand from what a report should say; when one changes on
 * purpose, change the file first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/source.h"
#include "base/text.h"
#include "detect/detector.h"
#include "finding/fingerprint.h"
#include "graph/dot.h"
#include "graph/graph.h"
#include "model/names.h"
#include "report/graphs.h"
#include "report/reporter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A trace of tests/golden and all that is made of it. */
struct analysis {
	struct ct_trace *trace;
	struct ct_model *model;
	struct ct_symbols *symbols;
	struct ct_naming naming;
	struct ct_findings findings;
};

static void path_of(char path[4096], const char *name)
{
	const char *source = getenv("CT_SOURCE");

	snprintf(path, 4096, "%s/tests/golden/%s", source ? source : ".", name);
}

static void analysis_init(struct analysis *a, const char *trace)
{
	char path[4096];
	struct ct_error error = {0};

	path_of(path, trace);
	if (ct_trace_open(path, &error, &a->trace) != CT_OK ||
	    ct_model_new(a->trace, &error, &a->model) != CT_OK)
		fail_msg("%s", error.text);
	assert_int_equal(ct_symbols_new(a->trace, &a->symbols), CT_OK);
	ct_naming_init(&a->naming, a->model, a->symbols);
	ct_findings_init(&a->findings);
}

static void analysis_fini(struct analysis *a)
{
	ct_findings_fini(&a->findings);
	ct_naming_fini(&a->naming);
	ct_symbols_free(a->symbols);
	ct_model_free(a->model);
	ct_trace_free(a->trace);
}

/* The golden file, with the version of this build where it says @VERSION@; to be freed. */
static char *read_golden(const char *name)
{
	static const char mark[] = "@VERSION@";
	char path[4096], *data, *at;
	struct ct_text text;
	FILE *file;
	size_t len;

	path_of(path, name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("cannot read %s: CT_SOURCE has to name the source tree", path);
	data = calloc(1, 1 << 20);
	len = fread(data, 1, (1 << 20) - 1, file);
	assert_true(len > 0 && feof(file));
	fclose(file);
	at = strstr(data, mark);
	if (!at)
		return data;
	ct_text_init(&text);
	ct_text_addn(&text, data, (size_t)(at - data));
	ct_text_addf(&text, "%s%s", CT_VERSION, at + strlen(mark));
	strcpy(data, ct_text_str(&text));
	ct_text_fini(&text);
	return data;
}

static void assert_golden(struct ct_text *text, const char *golden)
{
	char *expected = read_golden(golden);

	assert_string_equal(ct_text_str(text), expected);
	free(expected);
	ct_text_fini(text);
}

/* As if these had been told of the program; the last one of two processes. */
static void add_unseen(struct ct_trace *trace)
{
	static const struct ct_trace_unseen unseen[] = {
		{1, CT_UNSEEN_DEEPBIND, "/opt/app/libfoo.so"},
		{1, CT_UNSEEN_STATIC, "busybox"},
		{2, CT_UNSEEN_STATIC, "busybox"},
	};

	trace->unseen = malloc(sizeof(unseen));
	assert_non_null(trace->unseen);
	memcpy(trace->unseen, unseen, sizeof(unseen));
	trace->unseen_count = sizeof(unseen) / sizeof(unseen[0]);
}

/* `directory` NULL: that of the golden files, whose sources are quoted then. */
static void check_report(const char *trace, const struct ct_reporter *reporter,
			 const char *directory, bool explain, const char *golden)
{
	bool unseen = strncmp(golden, "unseen", 6) == 0;
	struct ct_error error = {0};
	struct ct_report report;
	struct ct_text text;
	struct analysis a;
	char here[4096];

	path_of(here, "");
	analysis_init(&a, trace);
	if (unseen)
		add_unseen(a.trace);
	if (ct_detect_all(a.model, &a.findings, &error) != CT_OK)
		fail_msg("%s", error.text);
	assert_int_equal(ct_findings_identify(&a.findings, a.symbols), CT_OK);
	report = (struct ct_report){.model = a.model,
				    .findings = &a.findings,
				    .naming = &a.naming,
				    .symbols = a.symbols,
				    .directory = directory ? directory : here,
				    .exit_status = -1,
				    .explain = explain};
	assert_int_equal(ct_sources_new(report.directory, &report.sources), CT_OK);
	ct_text_init(&text);
	assert_int_equal(reporter->write(&report, &text), CT_OK);
	ct_sources_free(report.sources);
	analysis_fini(&a);
	assert_golden(&text, golden);
}

static void check_graph(const char *trace, const char *kind_name, const char *golden)
{
	const struct ct_graph_kind *kind = ct_graph_kind_find(kind_name);
	struct ct_error error = {0};
	struct ct_graph graph;
	struct ct_text text;
	struct analysis a;

	assert_non_null(kind);
	analysis_init(&a, trace);
	ct_graph_init(&graph);
	if (kind->build(a.model, &a.naming, &graph, &error) != CT_OK)
		fail_msg("%s", error.text);
	ct_text_init(&text);
	assert_int_equal(ct_graph_to_dot(&graph, kind->title, &text), CT_OK);
	ct_graph_fini(&graph);
	analysis_fini(&a);
	assert_golden(&text, golden);
}

static void test_clean(void **state)
{
	(void)state;
	check_report("clean.std", &ct_report_text, NULL, false, "clean.txt");
}

static void test_order(void **state)
{
	(void)state;
	check_report("order.std", &ct_report_text, NULL, false, "order.txt");
	check_report("order.std", &ct_report_sarif, "/src", false, "order.sarif");
	check_graph("order.std", "lock-order", "order.lock-order.dot");
}

static void test_hang(void **state)
{
	(void)state;
	check_report("hang.std", &ct_report_text, NULL, false, "hang.txt");
	check_graph("hang.std", "wait-for", "hang.wait-for.dot");
	check_graph("abba.std", "wait-for", "abba.wait-for.dot");
	check_report("wakeup.std", &ct_report_text, NULL, false, "wakeup.txt");
	check_graph("wakeup.std", "wait-for", "wakeup.wait-for.dot");
}

static void test_race(void **state)
{
	(void)state;
	check_report("race.std", &ct_report_text, NULL, false, "race.txt");
	check_report("race-hidden.std", &ct_report_text, NULL, false, "race-hidden.txt");
}

static void test_ruled_out(void **state)
{
	(void)state;
	check_report("gate.std", &ct_report_text, NULL, true, "gate.txt");
}

static void test_unseen(void **state)
{
	(void)state;
	check_report("clean.std", &ct_report_text, NULL, false, "unseen.txt");
	check_report("clean.std", &ct_report_sarif, "/src", false, "unseen.sarif");
}

static void test_graph_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; ct_graph_kinds[i]; i++)
		assert_ptr_equal(ct_graph_kind_find(ct_graph_kinds[i]->name), ct_graph_kinds[i]);
	assert_null(ct_graph_kind_find("nonsense"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),	    cmocka_unit_test(test_order),
		cmocka_unit_test(test_hang),	    cmocka_unit_test(test_ruled_out),
		cmocka_unit_test(test_race),	    cmocka_unit_test(test_unseen),
		cmocka_unit_test(test_graph_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
