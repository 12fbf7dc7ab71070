/* detect: wrong unlocks and robust mutexes, where programs cannot show it: order, losses, forks. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/detector.h"
#include "fake_trace.h"
#include "finding/headline.h"

enum { LOCK = 64, RWLOCK = 128, COND = 192, ROBUST = 1 << 9 };
enum { ERRORCHECK = 2 };

static const char *name_object(void *context, const struct ct_object *object)
{
	(void)context;
	(void)object;
	return "it";
}

/* main, and so many threads that it made. */
static struct fake_trace *threads(size_t count)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	for (size_t i = 1; i <= count; i++)
		fake_thread(fake, 1, (uint32_t)i + 1);
	for (size_t i = 1; i <= count; i++) {
		fake_event(fake, 0, i, CT_EV_THREAD_CREATE, 0, i + 1, 0);
		fake_start(fake, i, i, 7000 + i, 1);
	}
	return fake;
}

static void lock(struct fake_trace *fake, size_t thread, uint64_t time)
{
	fake_event(fake, thread, time, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
}

static void unlock(struct fake_trace *fake, size_t thread, uint64_t time)
{
	fake_event(fake, thread, time, CT_EV_MUTEX_UNLOCK, 0, LOCK, 0);
}

/* Runs the one detector; the findings are sorted as in reports. */
static struct ct_findings detect(struct fake_trace *fake, const struct ct_detector *detector)
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

static void check(struct fake_trace *fake, const struct ct_detector *detector, const char *headline)
{
	struct ct_findings findings = detect(fake, detector);
	struct ct_text text;

	assert_int_equal(findings.count, headline ? 1 : 0);
	if (headline) {
		ct_text_init(&text);
		ct_finding_headline(findings.items[0], name_object, NULL, &text);
		assert_string_equal(ct_text_str(&text), headline);
		ct_text_fini(&text);
	}
	ct_findings_fini(&findings);
	fake_free(fake);
}

static void check_unlock(struct fake_trace *fake, const char *headline)
{
	check(fake, &ct_detect_unlock, headline);
}

static void check_robust(struct fake_trace *fake, const char *headline)
{
	check(fake, &ct_detect_robust, headline);
}

/* T2's lock is recorded before T3's unlock, farther than the merge looks ahead. */
static void test_order_that_cannot_be(void **state)
{
	struct fake_trace *fake = threads(2);
	const uint64_t late = 1000000000;

	(void)state;
	lock(fake, 2, 10);
	lock(fake, 1, 20);
	unlock(fake, 2, late);
	unlock(fake, 1, late + 10);
	check_unlock(fake, NULL);
}

/* Who was robbed of a lock unlocks `it`, as it believes to hold it: the robber's was the mistake.
 */
static void test_robbed(void **state)
{
	struct fake_trace *fake = threads(2);

	(void)state;
	lock(fake, 0, 10);
	unlock(fake, 1, 20);
	lock(fake, 2, 30);
	unlock(fake, 0, 40);
	unlock(fake, 2, 50);
	check_unlock(fake, "T2 unlocks `it`, which main holds");
}

/* Once it has locked again, it is to blame again. */
static void test_robbed_before(void **state)
{
	struct fake_trace *fake = threads(2);
	const uint64_t late = 1000000000;

	(void)state;
	lock(fake, 0, 10);
	lock(fake, 2, 20); /* that main unlocked it before was not seen */
	unlock(fake, 2, 30);
	unlock(fake, 0, late);
	lock(fake, 0, late + 10);
	unlock(fake, 0, late + 20);
	unlock(fake, 0, late + 30);
	check_unlock(fake, "main unlocks `it`, which nobody holds");
}

static void test_refused(void **state)
{
	struct fake_trace *fake = threads(1);

	(void)state;
	lock(fake, 0, 10);
	unlock(fake, 1, 20);
	fake_fail(fake, 1, 21, CT_EV_MUTEX_UNLOCK, LOCK, EPERM);
	unlock(fake, 1, 30);
	fake_fail(fake, 1, 31, CT_EV_MUTEX_UNLOCK, LOCK, EPERM);
	check_unlock(fake, NULL);

	/* the program was killed before the refusal was recorded */
	fake = threads(1);
	fake_event(fake, 0, 9, CT_EV_MUTEX_INIT, 0, LOCK, ERRORCHECK);
	lock(fake, 0, 10);
	unlock(fake, 1, 20);
	check_unlock(fake, NULL);
}

/* The same, of a thread whose records are not all there. */
static void test_lost_records(void **state)
{
	struct fake_trace *fake = threads(1);
	char problem[] = "p1.t1: byte 0: what it is", *problems[] = {problem};

	(void)state;
	lock(fake, 0, 10);
	unlock(fake, 1, 20);
	fake->trace.threads[1].discarded = 1;
	check_unlock(fake, NULL);

	fake = threads(1);
	unlock(fake, 1, 20);
	fake->trace.threads[1].skipped = true;
	check_unlock(fake, NULL);

	fake = threads(1);
	unlock(fake, 1, 20);
	fake->trace.problems = problems;
	fake->trace.problem_count = 1;
	check_unlock(fake, NULL);

	/* another thread's: who holds it is not known */
	fake = threads(1);
	unlock(fake, 1, 20);
	fake->trace.threads[0].discarded = 1;
	check_unlock(fake, "T2 unlocks `it`, which it does not hold");
}

static void test_told_once(void **state)
{
	struct fake_trace *fake = threads(0);
	struct ct_record *record;

	(void)state;
	for (uint64_t i = 1; i <= 5; i++) {
		lock(fake, 0, 10 * i);
		unlock(fake, 0, 10 * i + 1);
		unlock(fake, 0, 10 * i + 2);
		record = &fake->streams[0].records[fake->streams[0].count - 1].record;
		record->stack = 7; /* in a loop */
	}
	check_unlock(fake, "main unlocks `it`, which nobody holds");
}

/* What stood there was freed: a use of that is another rule's. */
static void test_ended(void **state)
{
	struct fake_trace *fake = threads(0);

	(void)state;
	lock(fake, 0, 10);
	fake_event(fake, 0, 20, CT_EV_MEMORY_FREED, 0, LOCK, 64);
	unlock(fake, 0, 30);
	check_unlock(fake, NULL);
}

static struct fake_trace *forked(void)
{
	struct fake_trace *fake = fake_new();

	fake_process(fake, 2, 1, 1, 15, "./prog");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 2, 1);
	fake_event(fake, 0, 10, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	lock(fake, 0, 11); /* by a handler of fork */
	unlock(fake, 0, 16);
	unlock(fake, 1, 20);
	fake_event(fake, 0, 30, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	return fake;
}

static void test_forked_child(void **state)
{
	struct fake_trace *fake = forked();

	(void)state;
	check_unlock(fake, NULL);
	fake = forked();
	lock(fake, 1, 40);
	unlock(fake, 1, 50);
	unlock(fake, 1, 60);
	check_unlock(fake, "main of ./prog (pid 101) unlocks `it`, which nobody holds");
}

static void test_wait_gives_back(void **state)
{
	struct fake_trace *fake = threads(1);

	(void)state;
	lock(fake, 0, 10);
	fake_event(fake, 0, 20, CT_EV_COND_WAIT, CT_F_REQUEST, COND, LOCK);
	lock(fake, 1, 30);
	unlock(fake, 1, 40);
	fake_event(fake, 0, 50, CT_EV_COND_WAIT, CT_F_BLOCKED, COND, LOCK);
	unlock(fake, 0, 60);
	check_unlock(fake, NULL);
}

/* A reader's second unlock, of a lock that a reader has. */
static void test_readers(void **state)
{
	struct fake_trace *fake = threads(1);

	(void)state;
	fake_event(fake, 0, 10, CT_EV_RWLOCK_RDLOCK, 0, RWLOCK, 0);
	fake_event(fake, 1, 20, CT_EV_RWLOCK_RDLOCK, 0, RWLOCK, 0);
	fake_event(fake, 1, 30, CT_EV_RWLOCK_UNLOCK, 0, RWLOCK, 0);
	fake_event(fake, 1, 40, CT_EV_RWLOCK_UNLOCK, 0, RWLOCK, 0);
	fake_event(fake, 0, 50, CT_EV_RWLOCK_UNLOCK, 0, RWLOCK, 0);
	check_unlock(fake, "T2 unlocks `it`, which main holds for reading");
}

/* T2 dies with the mutex; main gets it, and unlocks `it` as it is. */
static struct fake_trace *given_up(void)
{
	struct fake_trace *fake = threads(2);
	struct ct_payload_rusage over = {.object = 2};

	fake_event(fake, 0, 5, CT_EV_MUTEX_INIT, 0, LOCK, ROBUST);
	lock(fake, 1, 10);
	fake_payload(fake, 1, 11, CT_EV_THREAD_EXIT, &over, sizeof(over));
	fake_event(fake, 0, 20, CT_EV_MUTEX_LOCK, CT_F_OWNER_DEAD, LOCK, 0);
	unlock(fake, 0, 30);
	return fake;
}

static struct fake_trace *refused_to(struct fake_trace *fake, size_t thread, uint64_t time)
{
	fake_fail(fake, thread, time, CT_EV_MUTEX_LOCK, LOCK, ENOTRECOVERABLE);
	return fake;
}

static void test_given_up(void **state)
{
	const char *told = "main unlocks `it` without pthread_mutex_consistent, so that nobody can "
			   "lock it any more";
	struct fake_trace *fake;

	(void)state;
	check_robust(given_up(), NULL);
	check_robust(refused_to(given_up(), 2, 40), told);

	fake = refused_to(given_up(), 2, 40);
	fake_event(fake, 0, 50, CT_EV_MUTEX_DESTROY, 0, LOCK, 0);
	check_robust(fake, NULL);

	fake = refused_to(given_up(), 2, 40);
	fake_event(fake, 0, 50, CT_EV_MUTEX_INIT, 0, LOCK, ROBUST);
	check_robust(fake, NULL);

	/* by who gave it up, too */
	check_robust(refused_to(given_up(), 0, 40), told);
}

/* Locked by a call that was not seen, as the bytes of the lock say. */
static void test_taken(void **state)
{
	struct fake_trace *fake = threads(1);

	(void)state;
	fake_event(fake, 0, 10, CT_EV_MUTEX_UNLOCK, CT_F_TAKEN, LOCK, 0);
	fake_event(fake, 0, 20, CT_EV_RWLOCK_UNLOCK, CT_F_TAKEN, RWLOCK, 0);
	check_unlock(fake, NULL);

	fake = threads(1);
	fake_event(fake, 0, 10, CT_EV_RWLOCK_WRLOCK, 0, RWLOCK, 0);
	fake_event(fake, 1, 20, CT_EV_RWLOCK_UNLOCK, CT_F_TAKEN, RWLOCK, 0);
	check_unlock(fake, "T2 unlocks `it`, which main holds for writing");
}

static void test_made_consistent(void **state)
{
	struct fake_trace *fake = threads(1);

	(void)state;
	fake_event(fake, 0, 5, CT_EV_MUTEX_INIT, 0, LOCK, ROBUST);
	fake_event(fake, 0, 20, CT_EV_MUTEX_LOCK, CT_F_OWNER_DEAD, LOCK, 0);
	fake_event(fake, 0, 21, CT_EV_MUTEX_CONSISTENT, 0, LOCK, 0);
	unlock(fake, 0, 30);
	check_robust(refused_to(fake, 1, 40), NULL); /* cannot be, but is not main's doing */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_that_cannot_be),
		cmocka_unit_test(test_robbed),
		cmocka_unit_test(test_robbed_before),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_lost_records),
		cmocka_unit_test(test_told_once),
		cmocka_unit_test(test_ended),
		cmocka_unit_test(test_forked_child),
		cmocka_unit_test(test_wait_gives_back),
		cmocka_unit_test(test_readers),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_made_consistent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
