/* detect: who destroys what others wait on, and waits for them: a hang, or a call that is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/detector.h"
#include "fake_trace.h"
#include "finding/headline.h"

enum { LOCK = 64, COND = 128, BARRIER = 256 };

static const char *name_object(void *context, const struct ct_object *object)
{
	(void)context;
	(void)object;
	return "it";
}

/* The only finding is destroy-busy, with that headline and so many steps; NULL: there is none. */
static void check(struct fake_trace *fake, const char *headline, size_t steps)
{
	struct ct_findings findings;
	struct ct_error error;
	struct ct_text text;

	ct_findings_init(&findings);
	assert_int_equal(ct_detect_all(fake_model(fake), &findings, &error), CT_OK);
	assert_int_equal(findings.count, headline ? 1 : 0);
	if (headline) {
		assert_string_equal(findings.items[0]->rule->id, "destroy-busy");
		assert_int_equal(findings.items[0]->evidence, CT_OBSERVED);
		assert_int_equal(findings.items[0]->step_count, steps);
		assert_int_equal(ct_finding_hang(findings.items[0]),
				 steps ? CT_HANG_WHOLE : CT_HANG_NONE);
		ct_text_init(&text);
		ct_finding_headline(findings.items[0], name_object, NULL, &text);
		assert_string_equal(ct_text_str(&text), headline);
		ct_text_fini(&text);
	}
	ct_findings_fini(&findings);
	fake_free(fake);
}

static struct fake_trace *main_made(uint32_t threads)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	for (uint32_t i = 1; i <= threads; i++) {
		fake_thread(fake, 1, 1 + i);
		fake_event(fake, 0, i, CT_EV_THREAD_CREATE, 0, 1 + i, 0);
		fake_start(fake, i, 1 + i, 7000 + i, i);
	}
	return fake;
}

static void wait_on(struct fake_trace *fake, uint32_t thread, uint16_t flags)
{
	fake_event(fake, thread, 10 + thread * 2, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_event(fake, thread, 11 + thread * 2, CT_EV_COND_WAIT, (uint16_t)(CT_F_REQUEST | flags),
		   COND, LOCK);
}

static struct fake_trace *destroyed(struct fake_trace *fake, uint16_t event, uint64_t object)
{
	fake_event(fake, 0, 60, event, CT_F_REQUEST, object, 0);
	return fake;
}

static struct fake_trace *one_waits(void)
{
	struct fake_trace *fake = main_made(1);

	wait_on(fake, 1, 0);
	return fake;
}

static void test_nobody_wakes_the_waiter(void **state)
{
	struct fake_trace *fake = main_made(2);

	(void)state;
	check(destroyed(one_waits(), CT_EV_COND_DESTROY, COND),
	      "main destroys `it`, which T2 waits on: nobody is left who could wake it", 2);
	wait_on(fake, 1, 0);
	wait_on(fake, 2, 0);
	check(destroyed(fake, CT_EV_CND_DESTROY, COND),
	      "main destroys `it`, which T2 and 1 other wait on: nobody is left who could wake "
	      "them",
	      3);
}

static void test_waiter_is_woken(void **state)
{
	struct fake_trace *fake = one_waits();

	(void)state;
	fake_event(fake, 0, 50, CT_EV_COND_SIGNAL, 0, COND, 0);
	check(destroyed(fake, CT_EV_COND_DESTROY, COND), NULL, 0);
	/* it needs the mutex, but leaves the condition before it has that */
	fake = one_waits();
	fake_event(fake, 0, 49, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_event(fake, 0, 50, CT_EV_COND_SIGNAL, 0, COND, 0);
	check(destroyed(fake, CT_EV_COND_DESTROY, COND), NULL, 0);
}

/* The call is wrong, but it may come back: another thread runs, or there is a time limit. */
static void test_somebody_may_wake_it(void **state)
{
	static const char *const call = "main destroys `it`, which T2 waits on";
	struct fake_trace *fake = main_made(2);

	(void)state;
	wait_on(fake, 1, 0);
	check(destroyed(fake, CT_EV_COND_DESTROY, COND), call, 0);
	/* also while main keeps the mutex that the waiter needs at last */
	fake = main_made(2);
	wait_on(fake, 1, 0);
	fake_event(fake, 0, 50, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	check(destroyed(fake, CT_EV_COND_DESTROY, COND), call, 0);
	fake = main_made(1);
	wait_on(fake, 1, CT_F_TIMED);
	check(destroyed(fake, CT_EV_COND_DESTROY, COND), call, 0);
}

/* It came back: what it waited for is told once, and what it did not wait for not at all. */
static void test_call_comes_back(void **state)
{
	struct fake_trace *fake = main_made(1);

	(void)state;
	wait_on(fake, 1, CT_F_TIMED);
	destroyed(fake, CT_EV_COND_DESTROY, COND);
	fake_event(fake, 0, 70, CT_EV_COND_DESTROY, CT_F_BLOCKED, COND, 0);
	check(fake, "main destroys `it`, which T2 waits on", 0);
	/* the waiter has left it, and has not said so yet */
	fake = main_made(1);
	destroyed(fake, CT_EV_COND_DESTROY, COND);
	fake_event(fake, 1, 65, CT_EV_COND_WAIT, CT_F_REQUEST, COND, 0);
	fake_event(fake, 0, 70, CT_EV_COND_DESTROY, CT_F_BLOCKED, COND, 0);
	fake_event(fake, 1, 75, CT_EV_COND_WAIT, CT_F_BLOCKED, COND, 0);
	check(fake, NULL, 0);
}

static void test_barrier(void **state)
{
	struct fake_trace *fake = main_made(1);

	(void)state;
	fake_event(fake, 0, 5, CT_EV_BARRIER_INIT, 0, BARRIER, 2);
	fake_event(fake, 1, 20, CT_EV_BARRIER_WAIT, CT_F_REQUEST, BARRIER, 0);
	check(destroyed(fake, CT_EV_BARRIER_DESTROY, BARRIER),
	      "main destroys `it`, which T2 waits at: nobody is left who could come", 2);
	/* all have come */
	fake = main_made(1);
	fake_event(fake, 0, 5, CT_EV_BARRIER_INIT, 0, BARRIER, 2);
	fake_event(fake, 1, 20, CT_EV_BARRIER_WAIT, CT_F_REQUEST, BARRIER, 0);
	fake_event(fake, 0, 30, CT_EV_BARRIER_WAIT, CT_F_REQUEST, BARRIER, 0);
	fake_event(fake, 0, 31, CT_EV_BARRIER_WAIT, CT_F_BLOCKED, BARRIER, 0);
	check(destroyed(fake, CT_EV_BARRIER_DESTROY, BARRIER), NULL, 0);
}

/* Only damage asks so: a mutex that nobody waits for, no object at all. */
static void test_what_never_waits(void **state)
{
	(void)state;
	check(destroyed(main_made(1), CT_EV_MUTEX_DESTROY, LOCK), NULL, 0);
	check(destroyed(main_made(1), CT_EV_COND_DESTROY, 0), NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_wakes_the_waiter),
		cmocka_unit_test(test_waiter_is_woken),
		cmocka_unit_test(test_somebody_may_wake_it),
		cmocka_unit_test(test_call_comes_back),
		cmocka_unit_test(test_barrier),
		cmocka_unit_test(test_what_never_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
