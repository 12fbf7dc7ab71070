/* Whether data races of an unmodified program were looked for, as each report says it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fake_trace.h"
#include "model/names.h"
#include "report/families.h"
#include "report/reporter.h"
#include "report/trap_words.h"

struct shown {
	struct fake_trace *fake;
	struct ct_findings findings;
	struct ct_naming naming;
	struct ct_report report;
};

/* A process that says this at its end; NULL: it says nothing. */
static struct shown show(const struct ct_payload_traps *traps)
{
	struct shown shown = {.fake = fake_new()};

	fake_thread(shown.fake, 1, 1);
	fake_event(shown.fake, 0, 10, CT_EV_MUTEX_LOCK, 0, 0x1000, 0);
	if (traps)
		fake_payload(shown.fake, 0, 20, CT_EV_ACCESS_TRAPS, traps, sizeof(*traps));
	shown.report = (struct ct_report){.model = fake_run(shown.fake, NULL), .exit_status = -1};
	ct_findings_init(&shown.findings);
	return shown;
}

static char *write_report(struct shown *shown, const struct ct_reporter *reporter)
{
	struct ct_text out;
	char *copy;

	ct_naming_init(&shown->naming, shown->fake->model, NULL);
	shown->report.naming = &shown->naming;
	shown->report.findings = &shown->findings;
	ct_text_init(&out);
	assert_int_equal(reporter->write(&shown->report, &out), CT_OK);
	copy = strdup(ct_text_str(&out));
	ct_text_fini(&out);
	ct_naming_fini(&shown->naming);
	return copy;
}

static void done(struct shown *shown)
{
	ct_findings_fini(&shown->findings);
	fake_free(shown->fake);
}

static void expect(const struct ct_payload_traps *traps, const struct ct_reporter *reporter,
		   const char *has, const char *has_not)
{
	struct shown shown = show(traps);
	char *report = write_report(&shown, reporter);

	if (has && !strstr(report, has))
		fail_msg("missing: \"%s\" in\n%s", has, report);
	if (has_not && strstr(report, has_not))
		fail_msg("not expected: \"%s\" in\n%s", has_not, report);
	free(report);
	done(&shown);
}

static const struct ct_payload_traps looked = {
	.places = 412, .traps = 90, .held = 7, .held_ns = 17600000, .allowed_ns = 100000000};
static const struct ct_payload_traps refused = {.object = CT_TRAP_SECCOMP};
static const struct ct_payload_traps alone = {.object = CT_TRAP_STAYS};
static const struct ct_payload_traps begins = {.places = 412, .allowed_ns = 100000000};

#define LOOKED                                                                                     \
	"data races were looked for at 412 places; threads were held for 18 ms of 100 ms "         \
	"allowed: races may be missed"
#define REFUSED "data races were not looked for: the program limits its own system calls (seccomp)"

static void test_text(void **state)
{
	struct ct_payload_traps half = looked;

	(void)state;
	/* traps see some races only: that there is none is not claimed */
	expect(&looked, &ct_report_text, "\n" LOOKED "\n", "data race or");
	expect(&refused, &ct_report_text, "\n" REFUSED "\n", "data race or");
	half.object = CT_TRAP_DEBUGGER;
	expect(&half, &ct_report_text,
	       LOOKED "; not everywhere, or not to the end: the program runs under a debugger\n",
	       NULL);
	half = refused;
	half.object = CT_TRAP_OWN_THREADS + 1; /* of a later version */
	expect(&half, &ct_report_text,
	       "not looked for: for a reason that this version does not know\n", NULL);
	expect(&alone, &ct_report_text, NULL, "data races");
	expect(NULL, &ct_report_text, NULL, "data races");
}

/* Who is killed does not say what it had. */
static void test_killed(void **state)
{
	const struct ct_payload_caught caught = {.number = 1, .how = CT_CAUGHT_CAME};
	struct shown shown = {.fake = fake_new()};
	char *report;

	(void)state;
	fake_thread(shown.fake, 1, 1);
	fake_payload(shown.fake, 0, 20, CT_EV_ACCESS_CAUGHT, &caught, sizeof(caught));
	shown.report = (struct ct_report){.model = fake_run(shown.fake, NULL), .exit_status = -1};
	ct_findings_init(&shown.findings);
	report = write_report(&shown, &ct_report_text);
	assert_non_null(
		strstr(report, "\ndata races were looked for, until the program was killed: "));
	free(report);
	assert_null(ct_family_untested(&shown.report, CT_FAMILY_RACE));
	report = write_report(&shown, &ct_report_json);
	assert_non_null(strstr(report, "\"accesses\": \"caught\""));
	free(report);
	done(&shown);
	expect(&begins, &ct_report_text,
	       "\ndata races were looked for at 412 places, until the program was killed: ",
	       "threads were held");
}

/* It says that it begins, and again at its end, in which it need not have met any trap. */
static void test_ended(void **state)
{
	struct shown shown = {.fake = fake_new()};
	char *report;

	(void)state;
	fake_thread(shown.fake, 1, 1);
	fake_payload(shown.fake, 0, 20, CT_EV_ACCESS_TRAPS, &begins, sizeof(begins));
	fake_payload(shown.fake, 0, 30, CT_EV_ACCESS_TRAPS, &begins, sizeof(begins));
	shown.report = (struct ct_report){.model = fake_run(shown.fake, NULL), .exit_status = -1};
	ct_findings_init(&shown.findings);
	report = write_report(&shown, &ct_report_text);
	assert_non_null(strstr(report, "threads were held for 0 ms of 100 ms allowed"));
	free(report);
	done(&shown);
}

/* Each of enum ct_trap_aside has words of its own. */
static void test_reasons(void **state)
{
	(void)state;
	for (uint64_t why = CT_TRAP_NO_DECODER; why <= CT_TRAP_OWN_THREADS; why++) {
		const struct ct_payload_traps aside = {.object = why};

		expect(&aside, &ct_report_text,
		       "data races were not looked for: ", "this version does not know");
	}
}

static void test_html(void **state)
{
	(void)state;
	expect(&looked, &ct_report_html, LOOKED, "The record lacks nothing");
	expect(&looked, &ct_report_html, NULL, "data races are found in programs that were");
	expect(&refused, &ct_report_html, REFUSED, NULL);
	expect(NULL, &ct_report_html, "data races are found in programs that were", NULL);
}

static void test_json(void **state)
{
	(void)state;
	expect(&looked, &ct_report_json, "\"accesses\": \"caught\"", NULL);
	expect(&looked, &ct_report_json, "\"places\": 412", NULL);
	expect(&looked, &ct_report_json, "\"text\": \"" LOOKED "\"", NULL);
	expect(&refused, &ct_report_json, "\"accesses\": \"none\"", NULL);
	expect(&refused, &ct_report_json, "\"text\": \"" REFUSED "\"", NULL);
	expect(&alone, &ct_report_json, "\"accesses\": \"none\"", "\"traps\"");
}

static void test_families(void **state)
{
	struct shown shown = show(&looked);

	(void)state;
	assert_null(ct_family_untested(&shown.report, CT_FAMILY_RACE));
	done(&shown);
	shown = show(&refused);
	assert_string_equal(ct_family_untested(&shown.report, CT_FAMILY_RACE),
			    "the program limits its own system calls (seccomp)");
	done(&shown);
	shown = show(NULL);
	assert_non_null(strstr(ct_family_untested(&shown.report, CT_FAMILY_RACE), "conctrace cc"));
	assert_null(ct_family_untested(&shown.report, CT_FAMILY_DEADLOCK));
	done(&shown);
	expect(&looked, &ct_report_gradescope, "data races were looked for at 412 places", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),	 cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_killed),	 cmocka_unit_test(test_ended),
		cmocka_unit_test(test_html),	 cmocka_unit_test(test_json),
		cmocka_unit_test(test_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
