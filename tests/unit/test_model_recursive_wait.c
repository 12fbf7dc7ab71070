/* model: a condition wait with a recursive mutex gives it back once, and takes it once. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/waitfor.h"

enum { MUTEX = 64, COND = 128 };

/* The only thread locks a mutex of the type twice, and asks to wait with it. */
static struct fake_trace *waiting(int type)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_MUTEX_INIT, 0, MUTEX, (uint64_t)type);
	fake_event(fake, 0, 2, CT_EV_MUTEX_LOCK, 0, MUTEX, 0);
	fake_event(fake, 0, 3, CT_EV_MUTEX_LOCK, 0, MUTEX, 0);
	fake_event(fake, 0, 4, CT_EV_COND_WAIT, CT_F_REQUEST, COND, MUTEX);
	return fake;
}

/* How often it holds the mutex in the end. */
static uint32_t depth_after(struct fake_trace *fake)
{
	const struct ct_thread *thread = fake_run(fake, NULL)->threads[0];
	uint32_t depth = thread->held_count ? thread->held[0].depth : 0;

	assert_true(thread->held_count <= 1);
	fake_free(fake);
	return depth;
}

static void test_keeps_the_rest_meanwhile(void **state)
{
	(void)state;
	assert_int_equal(depth_after(waiting(PTHREAD_MUTEX_RECURSIVE)), 1);
	/* of another type an unlock was missed */
	assert_int_equal(depth_after(waiting(PTHREAD_MUTEX_NORMAL)), 0);
}

static void test_has_all_again(void **state)
{
	struct fake_trace *fake = waiting(PTHREAD_MUTEX_RECURSIVE);

	(void)state;
	fake_event(fake, 0, 5, CT_EV_COND_WAIT, CT_F_BLOCKED, COND, MUTEX);
	assert_int_equal(depth_after(fake), 2);
}

static void test_refused_once(void **state)
{
	struct fake_trace *fake = waiting(PTHREAD_MUTEX_RECURSIVE);

	(void)state;
	fake_fail(fake, 0, 5, CT_EV_COND_WAIT, COND, EINVAL);
	fake_fail(fake, 0, 6, CT_EV_COND_WAIT, COND, EINVAL);
	assert_int_equal(depth_after(fake), 2);
}

/* What it has locked itself does not keep it from waking: it waits for a signal only. */
static void test_does_not_wait_for_itself(void **state)
{
	struct fake_trace *fake = waiting(PTHREAD_MUTEX_RECURSIVE);
	struct ct_waitfor *waitfor;

	(void)state;
	assert_int_equal(ct_waitfor_new(fake_run(fake, NULL), &waitfor), CT_OK);
	for (size_t i = 0; i < waitfor->edge_count; i++)
		assert_int_not_equal(waitfor->edges[i].why, CT_WAITFOR_HOLDS);
	ct_waitfor_free(waitfor);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps_the_rest_meanwhile),
		cmocka_unit_test(test_has_all_again),
		cmocka_unit_test(test_refused_once),
		cmocka_unit_test(test_does_not_wait_for_itself),
	};

	return cmocka_run_group_tests_name("model_recursive_wait", tests, NULL, NULL);
}
