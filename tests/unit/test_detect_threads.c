/*
 * detect: thread-leak, join-invalid and exit-holding-lock, of what programs cannot bring about at
 * will: which record comes first, lost records, a pthread_t that is given on.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "detect/detector.h"
#include "fake_trace.h"

enum { P1 = 0x7000, P2 = 0x8000, LOCK = 64 };

struct found {
	size_t count;
	char headline[200]; /* of the first */
	enum ct_severity severity;
	enum ct_evidence evidence;
};

/* What is found in the trace, by the detector alone. Frees the trace. */
static struct found find(struct fake_trace *fake, const struct ct_detector *detector)
{
	struct ct_observer observer = {.step = detector->step};
	struct ct_model *model = fake_model(fake);
	struct ct_findings findings;
	struct found found;

	ct_findings_init(&findings);
	assert_int_equal(detector->begin(model, &observer.state), CT_OK);
	assert_int_equal(ct_model_run(model, &observer, 1, NULL), CT_OK);
	assert_int_equal(detector->finish(observer.state, model, &findings), CT_OK);
	found = (struct found){.count = findings.count};
	if (findings.count) {
		found.severity = findings.items[0]->severity;
		found.evidence = findings.items[0]->evidence;
		strncpy(found.headline, findings.items[0]->headline, sizeof(found.headline) - 1);
	}
	detector->end(observer.state);
	ct_findings_fini(&findings);
	fake_free(fake);
	return found;
}

static struct fake_trace *with_threads(uint32_t count)
{
	struct fake_trace *fake = fake_new();

	for (uint32_t i = 1; i <= count; i++)
		fake_thread(fake, 1, i);
	fake_start(fake, 0, 1, 0x1000, 0);
	return fake;
}

static void create(struct fake_trace *fake, uint64_t time, uint64_t number)
{
	fake_event(fake, 0, time, CT_EV_THREAD_CREATE, 0, number, 0);
}

static void join(struct fake_trace *fake, uint64_t request, uint64_t end, uint64_t pthread)
{
	fake_event(fake, 0, request, CT_EV_THREAD_JOIN, CT_F_REQUEST, pthread, 0);
	if (end)
		fake_event(fake, 0, end, CT_EV_THREAD_JOIN, CT_F_BLOCKED, pthread, 0);
}

static void run(struct fake_trace *fake, size_t thread, uint64_t from, uint64_t until,
		uint64_t pthread)
{
	fake_start(fake, thread, from, pthread, 1);
	fake_event(fake, thread, until, CT_EV_THREAD_EXIT, 0, thread + 1, 0);
}

/* A second thread has the first one's pthread_t, and is joined before it has run. */
static void test_pthread_given_on(void **state)
{
	struct fake_trace *fake = with_threads(3);

	(void)state;
	create(fake, 10, 2);
	run(fake, 1, 20, 30, P1);
	join(fake, 40, 41, P1);
	create(fake, 50, 3);
	join(fake, 60, 90, P1);
	run(fake, 2, 70, 80, P1);
	assert_int_equal(find(fake, &ct_detect_join_invalid).count, 0);
}

/* The same, but nobody was created meanwhile, and the program ends in the call. */
static void test_join_without_return(void **state)
{
	struct fake_trace *fake = with_threads(2);
	struct found found;

	(void)state;
	create(fake, 10, 2);
	run(fake, 1, 20, 30, P1);
	join(fake, 40, 41, P1);
	join(fake, 60, 0, P1);
	found = find(fake, &ct_detect_join_invalid);
	assert_int_equal(found.count, 1);
	assert_string_equal(found.headline, "main joins T2, which it has joined already");
	assert_int_equal(found.severity, CT_ERROR);
}

/* Who was created may be the one that is meant, as it never had a record. */
static void test_join_of_unborn(void **state)
{
	struct fake_trace *fake = with_threads(3);

	(void)state;
	create(fake, 10, 2);
	run(fake, 1, 20, 30, P1);
	join(fake, 40, 41, P1);
	create(fake, 50, 3);
	join(fake, 60, 0, P1);
	assert_int_equal(find(fake, &ct_detect_join_invalid).count, 0);
}

/* A thread that could not be created is not meant. */
static void test_join_after_failed_creation(void **state)
{
	struct fake_trace *fake = with_threads(2);

	(void)state;
	create(fake, 10, 2);
	run(fake, 1, 20, 30, P1);
	join(fake, 40, 41, P1);
	create(fake, 50, 3);
	fake_fail(fake, 0, 51, CT_EV_THREAD_CREATE, 3, EAGAIN);
	join(fake, 60, 0, P1);
	fake_fail(fake, 0, 61, CT_EV_THREAD_JOIN, P1, ESRCH);
	assert_int_equal(find(fake, &ct_detect_join_invalid).count, 1);
}

/* A pthread_t of zero is nobody's, refused or not; after a failed creation it is ignored-error. */
static void test_join_of_none(void **state)
{
	(void)state;
	for (int failed = 0; failed < 2; failed++) {
		for (int refused = 0; refused < 2; refused++) {
			struct fake_trace *fake = with_threads(1);
			struct found found;

			if (failed) {
				create(fake, 10, 2);
				fake_fail(fake, 0, 11, CT_EV_THREAD_CREATE, 2, EAGAIN);
			}
			join(fake, 20, 0, 0);
			if (refused)
				fake_fail(fake, 0, 21, CT_EV_THREAD_JOIN, 0, ESRCH);
			found = find(fake, &ct_detect_join_invalid);
			assert_int_equal(found.count, !failed);
			if (!failed)
				assert_string_equal(found.headline,
						    "main joins no thread: the pthread_t is zero");
		}
	}
}

/* Another program has no threads of the one before. */
static void test_join_after_exec(void **state)
{
	struct fake_trace *fake = with_threads(2);

	(void)state;
	create(fake, 10, 2);
	run(fake, 1, 20, 30, P1);
	join(fake, 40, 41, P1);
	fake_event(fake, 0, 50, CT_EV_EXEC, 0, 0, 0);
	fake_start(fake, 0, 60, 0x1000, 0);
	join(fake, 70, 0, P1);
	assert_int_equal(find(fake, &ct_detect_join_invalid).count, 0);
}

/* Two wait at the end of the record; or the first of them gave up. */
static void test_two_joiners(void **state)
{
	(void)state;
	for (int gives_up = 0; gives_up < 2; gives_up++) {
		struct fake_trace *fake = with_threads(3);
		struct found found;

		create(fake, 10, 2);
		create(fake, 11, 3);
		fake_start(fake, 1, 20, P1, 1);
		fake_start(fake, 2, 21, P2, 1);
		fake_event(fake, 2, 30, CT_EV_THREAD_TIMEDJOIN, CT_F_REQUEST | CT_F_TIMED, P1, 0);
		join(fake, 40, 0, P1);
		if (gives_up)
			fake_fail(fake, 2, 50, CT_EV_THREAD_TIMEDJOIN, P1, ETIMEDOUT);
		found = find(fake, &ct_detect_join_invalid);
		assert_int_equal(found.count, gives_up ? 0 : 1);
		if (!gives_up)
			assert_string_equal(found.headline, "main joins T2 while T3 does");
	}
}

/* Detached before its first record; the second call is refused. */
static void test_early_detach(void **state)
{
	(void)state;
	for (int twice = 0; twice < 2; twice++) {
		struct fake_trace *fake = with_threads(2);
		struct found found;

		create(fake, 10, 2);
		fake_event(fake, 0, 11, CT_EV_THREAD_DETACH, 0, P1, 0);
		if (twice) {
			fake_event(fake, 0, 12, CT_EV_THREAD_DETACH, 0, P1, 0);
			fake_fail(fake, 0, 13, CT_EV_THREAD_DETACH, P1, EINVAL);
		}
		run(fake, 1, 20, 30, P1);
		found = find(fake, &ct_detect_join_invalid);
		assert_int_equal(found.count, twice);
		if (twice)
			assert_string_equal(found.headline,
					    "main detaches T2, which it has detached");
	}
}

static struct fake_trace *with_leak(void)
{
	struct fake_trace *fake = with_threads(3);

	create(fake, 10, 2);
	run(fake, 1, 20, 30, P1);
	create(fake, 40, 3);
	run(fake, 2, 50, 60, P2);
	join(fake, 45, 70, P2);
	return fake;
}

static void test_leak(void **state)
{
	struct fake_trace *fake = with_leak();
	struct found found;

	(void)state;
	fake_event(fake, 0, 80, CT_EV_PROCESS_EXIT, 0, 0, 0);
	found = find(fake, &ct_detect_thread_leak);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.severity, CT_WARNING);
	assert_string_equal(found.headline, "T2 ended and was neither joined nor detached");
}

/* The program was killed; it runs another one; who joined it may be among what was lost. */
static void test_no_leak(void **state)
{
	struct fake_trace *fake = with_leak();

	(void)state;
	assert_int_equal(find(fake, &ct_detect_thread_leak).count, 0);

	fake = with_leak();
	fake_event(fake, 0, 80, CT_EV_EXEC, 0, 0, 0);
	fake_start(fake, 0, 81, 0x1000, 0);
	fake_event(fake, 0, 90, CT_EV_PROCESS_EXIT, 0, 0, 0);
	assert_int_equal(find(fake, &ct_detect_thread_leak).count, 0);

	fake = with_leak();
	fake_event(fake, 0, 80, CT_EV_PROCESS_EXIT, 0, 0, 0);
	fake->trace.threads[0].discarded = 1;
	assert_int_equal(find(fake, &ct_detect_thread_leak).count, 0);
}

/* A detach of a pthread_t that is told before its thread's first record is no leak. */
static void test_no_leak_of_early_detach(void **state)
{
	struct fake_trace *fake = with_threads(2);

	(void)state;
	create(fake, 10, 2);
	fake_event(fake, 0, 11, CT_EV_THREAD_DETACH, 0, P1, 0);
	run(fake, 1, 20, 30, P1);
	fake_event(fake, 0, 80, CT_EV_PROCESS_EXIT, 0, 0, 0);
	assert_int_equal(find(fake, &ct_detect_thread_leak).count, 0);
}

static struct fake_trace *with_held_lock(void)
{
	struct fake_trace *fake = with_threads(2);

	create(fake, 10, 2);
	fake_start(fake, 1, 20, P1, 1);
	fake_event(fake, 1, 21, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_event(fake, 1, 30, CT_EV_THREAD_EXIT, 0, 2, 0);
	return fake;
}

static void test_thread_ends_holding(void **state)
{
	struct found found = find(with_held_lock(), &ct_detect_exit_holding);

	(void)state;
	assert_int_equal(found.count, 1);
	assert_int_equal(found.severity, CT_WARNING);
	assert_int_equal(found.evidence, CT_OBSERVED);
}

/* Whatever says that the lock is free, or no more. */
static void test_lock_is_free_after_all(void **state)
{
	static const uint16_t events[] = {CT_EV_MUTEX_LOCK, CT_EV_MUTEX_UNLOCK, CT_EV_MUTEX_INIT,
					  CT_EV_MUTEX_DESTROY};

	(void)state;
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		struct fake_trace *fake = with_held_lock();

		fake_event(fake, 0, 40, events[i], 0, LOCK, 0);
		assert_int_equal(find(fake, &ct_detect_exit_holding).count, 0);
	}
}

/* A destruction that is refused shows that the lock was never given back. */
static void test_destruction_is_refused(void **state)
{
	struct fake_trace *fake = with_held_lock();

	(void)state;
	fake_event(fake, 0, 40, CT_EV_MUTEX_DESTROY, 0, LOCK, 0);
	fake_fail(fake, 0, 41, CT_EV_MUTEX_DESTROY, LOCK, EBUSY);
	assert_int_equal(find(fake, &ct_detect_exit_holding).count, 1);

	fake = with_held_lock();
	fake_event(fake, 0, 40, CT_EV_MUTEX_DESTROY, 0, LOCK, 0);
	fake_fail(fake, 0, 41, CT_EV_MUTEX_DESTROY, LOCK, EINVAL);
	assert_int_equal(find(fake, &ct_detect_exit_holding).count, 0);

	fake = with_held_lock(); /* it is the thread itself that has it then */
	fake_event(fake, 0, 40, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_event(fake, 0, 41, CT_EV_MUTEX_DESTROY, 0, LOCK, 0);
	fake_fail(fake, 0, 42, CT_EV_MUTEX_DESTROY, LOCK, EBUSY);
	assert_int_equal(find(fake, &ct_detect_exit_holding).count, 0);
}

/* What C11 destroys is not refused. */
static void test_c11_destroys_it(void **state)
{
	(void)state;
	for (int unlocks = 0; unlocks < 2; unlocks++) {
		struct fake_trace *fake = with_held_lock();

		if (unlocks)
			fake_event(fake, 0, 40, CT_EV_MTX_UNLOCK, 0, LOCK, 0);
		fake_event(fake, 0, 41, CT_EV_MTX_DESTROY, 0, LOCK, 0);
		assert_int_equal(find(fake, &ct_detect_exit_holding).count, !unlocks);
	}
}

/* Nobody joins it, and the program ends then; or begins something new before. */
static void test_stops_as_the_program_ends(void **state)
{
	static const uint16_t news[] = {CT_EV_THREAD_CREATE, CT_EV_FORK, CT_EV_SEM_INIT, 0};

	(void)state;
	for (size_t i = 0; i < sizeof(news) / sizeof(news[0]); i++) {
		struct fake_trace *fake = with_held_lock();

		if (news[i])
			fake_event(fake, 0, 40, news[i], 0, 3, 0);
		fake_event(fake, 0, 50, CT_EV_PROCESS_EXIT, 0, 0, 0);
		fake->trace.processes[0].ended = true;
		assert_int_equal(find(fake, &ct_detect_exit_holding).severity,
				 news[i] ? CT_WARNING : CT_NOTE);
	}
}

/* An exec that failed: the thread goes on. The lock lies in memory that processes share. */
static void test_exec_that_fails(void **state)
{
	static const struct ct_trace_map map = {
		.process = 1, .start = 0x1000, .size = 0x1000, .device = 1, .inode = 2};

	(void)state;
	for (int fails = 0; fails < 2; fails++) {
		struct fake_trace *fake = with_threads(1);

		fake_map(fake, &map);
		fake_event(fake, 0, 2, CT_EV_MUTEX_INIT, 0, 0x1040, 0);
		fake_event(fake, 0, 3, CT_EV_MUTEX_LOCK, 0, 0x1040, 0);
		fake_event(fake, 0, 4, CT_EV_EXEC, 0, 0, 0);
		if (fails)
			fake_fail(fake, 0, 5, CT_EV_EXEC, 0, ENOENT);
		assert_int_equal(find(fake, &ct_detect_exit_holding).count, fails ? 0 : 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pthread_given_on),
		cmocka_unit_test(test_join_without_return),
		cmocka_unit_test(test_join_of_unborn),
		cmocka_unit_test(test_join_after_failed_creation),
		cmocka_unit_test(test_join_of_none),
		cmocka_unit_test(test_join_after_exec),
		cmocka_unit_test(test_two_joiners),
		cmocka_unit_test(test_early_detach),
		cmocka_unit_test(test_leak),
		cmocka_unit_test(test_no_leak),
		cmocka_unit_test(test_no_leak_of_early_detach),
		cmocka_unit_test(test_thread_ends_holding),
		cmocka_unit_test(test_lock_is_free_after_all),
		cmocka_unit_test(test_destruction_is_refused),
		cmocka_unit_test(test_c11_destroys_it),
		cmocka_unit_test(test_stops_as_the_program_ends),
		cmocka_unit_test(test_exec_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
