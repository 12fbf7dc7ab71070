/* finding/baseline: what an old report makes known, and files that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "finding/baseline.h"
#include "finding/finding.h"

static const struct ct_rule rule = {.id = "lock-order", .title = "a title", .severity = CT_ERROR};

#define HEAD "{\"format\": \"conctrace-report\", \"version\": 1, \"runs\": ["

static enum ct_status read_text(const char *text, struct ct_error *error,
				struct ct_baseline **out_baseline)
{
	char path[] = "/tmp/ct-baseline.XXXXXX";
	int fd = mkstemp(path);
	enum ct_status status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	status = ct_baseline_read(path, error, out_baseline);
	unlink(path);
	return status;
}

static bool knows(const char *text, uint64_t fingerprint, uint32_t occurrence,
		  enum ct_evidence evidence)
{
	struct ct_baseline *baseline;
	struct ct_findings findings;
	struct ct_finding *finding;
	struct ct_error error;
	bool known;

	if (read_text(text, &error, &baseline) != CT_OK)
		fail_msg("%s", error.text);
	ct_findings_init(&findings);
	finding = ct_findings_add(&findings, &rule, evidence);
	assert_non_null(finding);
	finding->fingerprint = fingerprint;
	finding->occurrence = occurrence;
	ct_baseline_apply(baseline, &findings);
	ct_baseline_apply(baseline, &findings); /* twice is once */
	known = finding->hiding == CT_KNOWN;
	ct_findings_fini(&findings);
	ct_baseline_free(baseline);
	return known;
}

#define FINDING(id, evidence) "{\"id\": \"" id "\", \"evidence\": \"" evidence "\"}"

static void test_known(void **state)
{
	static const char text[] =
		HEAD "{\"findings\": [" FINDING("00000000000000a1:1", "predicted") ", " FINDING(
			"00000000000000a1:2",
			"potential") ", " FINDING("ffffffffffffffff:1",
						  "observed") "]},"
							      "{\"findings\": [" FINDING(
								      "00000000000000a1:1",
								      "observed") "],"
										  " \"hidden\": "
										  "[{\"id\": "
										  "\"00000000000000"
										  "b2:1\", "
										  "\"evidence\": "
										  "\"predicted\","
										  " \"why\": "
										  "\"known\"}, "
										  "{\"id\": "
										  "\"00000000000000"
										  "c3:1\", "
										  "\"evidence\": "
										  "\"predicted\", "
										  "\"why\": "
										  "\"suppressed\", "
										  "\"reason\": "
										  "\"x\"}]}]}";

	(void)state;
	assert_true(knows(text, 0xa1, 1, CT_PREDICTED));
	assert_true(knows(text, 0xa1, 1, CT_OBSERVED)); /* of the second run */
	assert_true(knows(text, 0xa1, 2, CT_POTENTIAL));
	assert_false(knows(text, 0xa1, 2, CT_PREDICTED)); /* better than it was */
	assert_false(knows(text, 0xa1, 3, CT_POTENTIAL)); /* one more than there were */
	assert_true(knows(text, UINT64_MAX, 1, CT_POTENTIAL));
	assert_true(knows(text, 0xb2, 1, CT_PREDICTED));
	assert_false(knows(text, 0xc3, 1, CT_PREDICTED));
	assert_false(knows(text, 0xa2, 1, CT_POTENTIAL));
	assert_false(knows(HEAD "]}", 0xa1, 1, CT_POTENTIAL));
	assert_false(knows(HEAD "{\"findings\": [], \"hidden\": [{\"id\": \"00000000000000a1:1\","
				" \"evidence\": \"observed\", \"why\": \"repeated\"}]}]}",
			   0xa1, 1, CT_POTENTIAL));
}

static void test_suppressed_stays_suppressed(void **state)
{
	struct ct_baseline *baseline;
	struct ct_findings findings;
	struct ct_finding *finding;

	(void)state;
	assert_int_equal(
		read_text(HEAD "{\"findings\": [" FINDING("00000000000000a1:1", "observed") "]}]}",
			  NULL, &baseline),
		CT_OK);
	ct_findings_init(&findings);
	finding = ct_findings_add(&findings, &rule, CT_OBSERVED);
	assert_non_null(finding);
	finding->fingerprint = 0xa1;
	finding->occurrence = 1;
	finding->hiding = CT_SUPPRESSED;
	ct_baseline_apply(baseline, &findings);
	assert_int_equal(finding->hiding, CT_SUPPRESSED);
	ct_findings_fini(&findings);
	ct_baseline_free(baseline);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		enum ct_status status;
		const char *says;
	} cases[] = {
		{"", CT_EFORMAT, "--json"},
		{"[]", CT_EFORMAT, "no report of conctrace"},
		{"{}", CT_EFORMAT, "no report of conctrace"},
		{"{\"version\": \"2.1.0\", \"runs\": []}", CT_EFORMAT, "no report of conctrace"},
		{"{\"format\": \"conctrace-report\", \"version\": 2, \"runs\": []}", CT_EVERSION,
		 "make it again"},
		{"{\"format\": \"conctrace-report\", \"version\": 1}", CT_EFORMAT, "damaged"},
		{HEAD "1]}", CT_EFORMAT, "damaged"},
		{HEAD "{}]}", CT_EFORMAT, "damaged"},
		{HEAD "{\"findings\": [{}]}]}", CT_EFORMAT, "damaged"},
		{HEAD "{\"findings\": [" FINDING("a1:1", "observed") "]}]}", CT_EFORMAT, "damaged"},
		{HEAD "{\"findings\": [" FINDING("00000000000000a1:0", "observed") "]}]}",
		 CT_EFORMAT, "damaged"},
		{HEAD "{\"findings\": [" FINDING("00000000000000a1:4294967296", "observed") "]}]}",
		 CT_EFORMAT, "damaged"},
		{HEAD "{\"findings\": [" FINDING("00000000000000a1:1x", "observed") "]}]}",
		 CT_EFORMAT, "damaged"},
		{HEAD "{\"findings\": [" FINDING("00000000000000a1:1", "seen") "]}]}", CT_EFORMAT,
		 "damaged"},
		{HEAD "{\"findings\": [], \"hidden\": [{\"why\": \"known\"}]}]}", CT_EFORMAT,
		 "damaged"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ct_baseline *baseline;
		struct ct_error error;

		if (read_text(cases[i].text, &error, &baseline) != cases[i].status ||
		    !strstr(error.text, cases[i].says))
			fail_msg("%s: %s", cases[i].text, error.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_suppressed_stays_suppressed),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
