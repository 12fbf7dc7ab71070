/*
 * detect: destroy-busy, use-after-destroy and double-init, of records that no program makes at
 * will: those that come late, and those that are lost.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/detector.h"
#include "fake_trace.h"

enum { OBJECT = 64, OTHER = 128 };

/* What one detector finds; to be given back with ct_findings_fini. */
static struct ct_findings found_by(const struct ct_detector *detector, struct fake_trace *fake)
{
	struct ct_observer observer = {.step = detector->step};
	struct ct_findings findings;
	struct ct_model *model = fake_model(fake);
	struct ct_error error;

	ct_findings_init(&findings);
	assert_int_equal(detector->begin(model, &observer.state), CT_OK);
	assert_int_equal(ct_model_run(model, &observer, 1, &error), CT_OK);
	assert_int_equal(detector->finish(observer.state, model, &findings), CT_OK);
	detector->end(observer.state);
	return findings;
}

static void expect(const struct ct_detector *detector, struct fake_trace *fake, size_t count)
{
	struct ct_findings findings = found_by(detector, fake);

	assert_int_equal(findings.count, count);
	ct_findings_fini(&findings);
	fake_free(fake);
}

static struct fake_trace *two_threads(void)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	return fake;
}

static struct fake_trace *destroyed_semaphore(void)
{
	struct fake_trace *fake = two_threads();

	fake_event(fake, 1, 1, CT_EV_SEM_POST, 0, OTHER, 0);
	fake_event(fake, 0, 2, CT_EV_SEM_INIT, 0, OBJECT, 1);
	fake_event(fake, 0, 10, CT_EV_SEM_DESTROY, 0, OBJECT, 0);
	return fake;
}

/* Taken before the destruction, and recorded behind it: nobody knows. */
static void test_recorded_late(void **state)
{
	struct fake_trace *fake = destroyed_semaphore();

	(void)state;
	fake_event(fake, 1, 11, CT_EV_SEM_WAIT, 0, OBJECT, 0);
	expect(&ct_detect_use_after_destroy, fake, 0);

	fake = destroyed_semaphore();
	fake_event(fake, 1, 11, CT_EV_SEM_POST, 0, OTHER, 0);
	fake_event(fake, 1, 12, CT_EV_SEM_WAIT, 0, OBJECT, 0);
	expect(&ct_detect_use_after_destroy, fake, 1);

	fake = destroyed_semaphore();
	fake_event(fake, 1, 11, CT_EV_SEM_POST, 0, OBJECT, 0);
	expect(&ct_detect_use_after_destroy, fake, 1);
}

/* The bytes say that it was destroyed, but nobody is known to have done that: garbage. */
static void test_flag_alone(void **state)
{
	struct fake_trace *fake = two_threads();

	(void)state;
	fake_event(fake, 0, 1, CT_EV_COND_SIGNAL, CT_F_DESTROYED, OBJECT, 0);
	expect(&ct_detect_use_after_destroy, fake, 0);
}

/* A static initialiser that was assigned is no record: only the bytes tell. */
static void test_no_flag(void **state)
{
	struct fake_trace *fake = two_threads();

	(void)state;
	fake_event(fake, 0, 1, CT_EV_COND_DESTROY, 0, OBJECT, 0);
	fake_event(fake, 1, 2, CT_EV_COND_SIGNAL, 0, OBJECT, 0);
	expect(&ct_detect_use_after_destroy, fake, 0);

	fake = two_threads();
	fake_event(fake, 0, 1, CT_EV_COND_DESTROY, 0, OBJECT, 0);
	fake_event(fake, 1, 2, CT_EV_COND_SIGNAL, CT_F_DESTROYED, OBJECT, 0);
	expect(&ct_detect_use_after_destroy, fake, 1);
}

/* glibc refuses to destroy a mutex that is held: if it did not, the record is not right. */
static void test_not_refused(void **state)
{
	struct fake_trace *fake = two_threads();

	(void)state;
	fake_event(fake, 1, 1, CT_EV_MUTEX_LOCK, 0, OBJECT, 0);
	fake_event(fake, 0, 2, CT_EV_MUTEX_DESTROY, 0, OBJECT, 0);
	expect(&ct_detect_destroy_busy, fake, 0);

	fake = two_threads();
	fake_event(fake, 1, 1, CT_EV_MUTEX_LOCK, 0, OBJECT, 0);
	fake_event(fake, 0, 2, CT_EV_MUTEX_DESTROY, 0, OBJECT, 0);
	fake_fail(fake, 0, 3, CT_EV_MUTEX_DESTROY, OBJECT, EBUSY);
	expect(&ct_detect_destroy_busy, fake, 1);
}

/* So many signals as waiters, one after the other, reach all of them. */
static void test_signals_for_all(void **state)
{
	(void)state;
	for (int signals = 1; signals <= 2; signals++) {
		struct fake_trace *fake = two_threads();

		fake_thread(fake, 1, 3);
		fake_event(fake, 1, 1, CT_EV_COND_WAIT, CT_F_REQUEST, OBJECT, OTHER);
		fake_event(fake, 2, 2, CT_EV_COND_WAIT, CT_F_REQUEST, OBJECT, OTHER);
		for (int i = 0; i < signals; i++)
			fake_event(fake, 0, 3 + (uint64_t)i, CT_EV_COND_SIGNAL, 0, OBJECT, 0);
		fake_event(fake, 0, 9, CT_EV_COND_DESTROY, 0, OBJECT, 0);
		expect(&ct_detect_destroy_busy, fake, signals == 1);
	}
}

/* A handler interrupts a wait, and may leave it by siglongjmp; once it has returned, the wait goes
 * on. */
static void test_interrupted_wait(void **state)
{
	static const struct ct_payload_handler handler = {.object = 10};

	(void)state;
	for (size_t returned = 0; returned <= 1; returned++) {
		struct fake_trace *fake = two_threads();

		fake_event(fake, 0, 1, CT_EV_SEM_INIT, 0, OBJECT, 0);
		fake_event(fake, 1, 2, CT_EV_SEM_WAIT, CT_F_REQUEST, OBJECT, 0);
		fake_payload(fake, 1, 3, CT_EV_SIGNAL_HANDLER, &handler, sizeof(handler));
		if (returned)
			fake_event(fake, 1, 4, CT_EV_SIGNAL_RETURN, 0, 10, 0);
		fake_event(fake, 0, 5, CT_EV_SEM_DESTROY, 0, OBJECT, 0);
		expect(&ct_detect_destroy_busy, fake, returned);
	}
}

/* The fork copied a lock that its thread held: the child does not hold it in the sense of a user.
 */
static void test_inherited_lock(void **state)
{
	struct fake_trace *fake = fake_new();

	(void)state;
	fake_process(fake, 2, 1, 1, 3, "./prog");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 2, 1);
	fake_event(fake, 0, 1, CT_EV_RWLOCK_WRLOCK, 0, OBJECT, 0);
	fake_event(fake, 0, 2, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_event(fake, 1, 4, CT_EV_RWLOCK_DESTROY, 0, OBJECT, 0);
	fake_event(fake, 0, 5, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	expect(&ct_detect_destroy_busy, fake, 0);
}

/* A place that initialises several variables may do so in a buffer that is handed out again. */
static void test_buffer(void **state)
{
	static struct ct_trace_module program = {.process = 1, .start = 0, .end = 4096};

	(void)state;
	for (size_t several = 0; several <= 1; several++) {
		struct fake_trace *fake = two_threads();
		struct ct_findings findings;

		fake->trace.modules = &program;
		fake->trace.module_count = 1;
		fake_event(fake, 0, 1, CT_EV_MUTEX_INIT, 0, OBJECT, 0);
		fake_event(fake, 0, 2, CT_EV_MUTEX_INIT, 0, OTHER, 0);
		fake_event(fake, 0, 3, CT_EV_MUTEX_INIT, 0, OBJECT, 0);
		fake->streams[0].records[0].record.stack = 3;
		if (several)
			fake->streams[0].records[1].record.stack = 3;
		findings = found_by(&ct_detect_double_init, fake);
		assert_int_equal(findings.count, 1);
		assert_int_equal(findings.items[0]->evidence, several ? CT_POTENTIAL : CT_OBSERVED);
		ct_findings_fini(&findings);
		fake->trace.modules = NULL;
		fake->trace.module_count = 0;
		fake_free(fake);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded_late),	cmocka_unit_test(test_flag_alone),
		cmocka_unit_test(test_no_flag),		cmocka_unit_test(test_not_refused),
		cmocka_unit_test(test_signals_for_all), cmocka_unit_test(test_interrupted_wait),
		cmocka_unit_test(test_inherited_lock),	cmocka_unit_test(test_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
