/* detect: what detectors of misuse share: kept once, taken back when refused, bounded, told. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "detect/misuse.h"
#include "fake_trace.h"

static const struct ct_rule rule = {
	.id = "wrong", .title = "wrong", .help = "do it right", .severity = CT_ERROR};

/* Every unlock is taken for a wrong one. */
static enum ct_status see(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct ct_misuses *misuses = data;
	struct ct_misuse misuse;
	enum ct_status status = ct_misuses_step(misuses, step);

	(void)model;
	if (status || step->effect != CT_EFFECT_RELEASE)
		return status;
	misuse = ct_misuse_of(&rule, step->object);
	misuse.headline = "main unlocks " CT_ITS_OBJECT;
	ct_misuse_place(&misuse, step->thread, step->record->stack, step->record->time,
			"unlocks it");
	return ct_misuses_add_unless_refused(misuses, step, &misuse);
}

/* What is found in the trace; to be given back with drop. */
static struct ct_findings found_in(struct fake_trace *fake, struct ct_misuses **out_misuses)
{
	struct ct_observer observer = {.step = see};
	struct ct_findings findings;

	assert_int_equal(ct_misuses_new(&observer.state), CT_OK);
	*out_misuses = observer.state;
	ct_findings_init(&findings);
	assert_int_equal(ct_misuses_tell(*out_misuses, fake_run(fake, &observer), &findings),
			 CT_OK);
	return findings;
}

static void drop(struct fake_trace *fake, struct ct_findings *findings, struct ct_misuses *misuses)
{
	ct_findings_fini(findings);
	ct_misuses_free(misuses);
	fake_free(fake);
}

static void test_last_call_counts(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_misuses *misuses;
	struct ct_findings findings;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	findings = found_in(fake, &misuses);
	assert_int_equal(findings.count, 1);
	assert_ptr_equal(findings.items[0]->rule, &rule);
	assert_int_equal(findings.items[0]->evidence, CT_OBSERVED);
	assert_ptr_equal(findings.items[0]->object, fake->model->objects[0]);
	assert_int_equal(findings.items[0]->place_count, 1);
	assert_int_equal(findings.items[0]->places[0].stack, 1);
	assert_string_equal(findings.items[0]->places[0].text, "unlocks it");
	drop(fake, &findings, misuses);
}

/* The failure may come behind a packet's HELD_SET; that of another call changes nothing. */
static void test_refused(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_misuses *misuses;
	struct ct_findings findings;
	uint16_t none = 0;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	fake_fail(fake, 0, 2, CT_EV_MUTEX_UNLOCK, 64, EPERM);
	fake_event(fake, 0, 3, CT_EV_MUTEX_UNLOCK, 0, 128, 0);
	fake_payload(fake, 0, 4, CT_EV_HELD_SET, &none, sizeof(none));
	fake_fail(fake, 0, 5, CT_EV_MUTEX_UNLOCK, 128, EPERM);
	fake_event(fake, 0, 6, CT_EV_MUTEX_UNLOCK, 0, 192, 0);
	fake_fail(fake, 0, 7, CT_EV_MUTEX_LOCK, 192, EDEADLK);
	findings = found_in(fake, &misuses);
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.items[0]->places[0].time, 6);
	drop(fake, &findings, misuses);
}

/* Stacks are the times of records: so each call here has another place, but for those of the other
 * thread. */
static void test_once_by_place_and_bounded(void **state)
{
	enum { CALLS = CT_MISUSES_MAX + 5 };
	struct fake_trace *fake = fake_new();
	struct ct_misuses *misuses;
	struct ct_findings findings;
	const struct ct_finding *last;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_event(fake, 0, 1, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	fake_event(fake, 1, 1, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	for (uint64_t i = 2; i <= CALLS; i++)
		fake_event(fake, 0, i, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	fake_event(fake, 1, CALLS, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	findings = found_in(fake, &misuses);
	assert_int_equal(findings.count, CT_MISUSES_MAX + 1);
	last = findings.items[CT_MISUSES_MAX];
	assert_string_equal(last->headline, "5 more wrong calls of the kind are not listed");
	assert_int_equal(last->severity, CT_NOTE);
	drop(fake, &findings, misuses);
}

static void test_lost_records_make_it_potential(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_misuses *misuses;
	struct ct_findings findings;

	(void)state;
	fake_thread(fake, 1, 1);
	fake->trace.threads[0].discarded = 1;
	fake_event(fake, 0, 1, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	findings = found_in(fake, &misuses);
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.items[0]->evidence, CT_POTENTIAL);
	assert_non_null(findings.items[0]->assumes);
	drop(fake, &findings, misuses);
}

static void test_text_traces_get_none(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_misuses *misuses;
	struct ct_findings findings;

	(void)state;
	fake_thread(fake, 1, 1);
	fake->trace.text = true;
	fake_event(fake, 0, 1, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	findings = found_in(fake, &misuses);
	assert_int_equal(findings.count, 0);
	drop(fake, &findings, misuses);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_call_counts),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_once_by_place_and_bounded),
		cmocka_unit_test(test_lost_records_make_it_potential),
		cmocka_unit_test(test_text_traces_get_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
