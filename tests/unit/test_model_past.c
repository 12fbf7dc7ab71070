/* model: what was done to an object before, as an observer sees it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/past.h"

static void test_deeds(void **state)
{
	struct fake_trace *fake = fake_new();
	const struct ct_past *past;
	struct ct_model *model;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_MUTEX_INIT, 0, 64, 0);
	fake_event(fake, 0, 2, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 0, 3, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	fake_event(fake, 0, 4, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 0, 5, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	fake_event(fake, 0, 6, CT_EV_MUTEX_DESTROY, 0, 64, 0);
	model = fake_run(fake, NULL);
	past = ct_past_of(model->objects[0]);
	assert_ptr_equal(past->initialised.thread, model->threads[0]);
	assert_int_equal(past->initialised.stack, 1);
	assert_int_equal(past->released.time, 5);
	assert_int_equal(past->destroyed.time, 6);
	assert_false(past->overwritten);
	assert_null(ct_past_life(model->objects[0]));
	assert_null(ct_past_origin(model->objects[0]));
	fake_free(fake);
}

/* A request to lock has given nothing back, and nothing was seen of who initialised it. */
static void test_nothing_seen(void **state)
{
	struct fake_trace *fake = fake_new();
	const struct ct_past *past;
	struct ct_model *model;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 64, 0);
	model = fake_run(fake, NULL);
	past = ct_past_of(model->objects[0]);
	assert_null(past->initialised.thread);
	assert_null(past->released.thread);
	assert_null(past->destroyed.thread);
	fake_free(fake);
}

/* The life before is there whether it was ended, or another one took its place. */
static void test_lives(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_MUTEX_INIT, 0, 64, 0);
	fake_event(fake, 0, 2, CT_EV_MUTEX_INIT, 0, 64, 0);
	fake_event(fake, 0, 3, CT_EV_MUTEX_DESTROY, 0, 64, 0);
	fake_event(fake, 0, 4, CT_EV_SEM_INIT, 0, 64, 0);
	model = fake_run(fake, NULL);
	assert_int_equal(model->object_count, 3);
	assert_ptr_equal(ct_past_life(model->objects[1]), model->objects[0]);
	assert_ptr_equal(ct_past_life(model->objects[2]), model->objects[1]);
	assert_true(ct_past_of(model->objects[0])->overwritten);
	assert_false(ct_past_of(model->objects[1])->overwritten);
	fake_free(fake);
}

static void test_copy_of_a_fork(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;

	(void)state;
	fake_process(fake, 2, 1, 1, 3, "./prog");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 2, 1);
	fake_event(fake, 0, 1, CT_EV_SEM_INIT, 0, 64, 1);
	fake_event(fake, 0, 2, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_event(fake, 1, 4, CT_EV_SEM_POST, 0, 64, 0);
	fake_event(fake, 1, 5, CT_EV_SEM_POST, 0, 128, 0);
	fake_event(fake, 0, 6, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	model = fake_run(fake, NULL);
	assert_int_equal(model->object_count, 3);
	assert_ptr_equal(ct_past_origin(model->objects[1]), model->objects[0]);
	assert_null(ct_past_origin(model->objects[2]));
	fake_free(fake);
}

/* A child that did not use it passes it on; what the parent began after the fork is its own. */
static void test_copy_of_a_copy(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;

	(void)state;
	fake_process(fake, 2, 1, 1, 3, "./prog");
	fake_process(fake, 3, 2, 1, 7, "./prog");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 2, 1);
	fake_thread(fake, 3, 1);
	fake_event(fake, 0, 1, CT_EV_SEM_INIT, 0, 64, 1);
	fake_event(fake, 0, 2, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_event(fake, 0, 4, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	fake_event(fake, 0, 5, CT_EV_SEM_INIT, 0, 128, 1);
	fake_event(fake, 1, 6, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_event(fake, 1, 8, CT_EV_FORK, CT_F_BLOCKED, 102, 0);
	fake_event(fake, 2, 9, CT_EV_SEM_POST, 0, 64, 0);
	fake_event(fake, 2, 10, CT_EV_SEM_POST, 0, 128, 0);
	model = fake_run(fake, NULL);
	assert_int_equal(model->object_count, 4);
	assert_ptr_equal(ct_past_origin(model->objects[2]), model->objects[0]);
	assert_null(ct_past_origin(model->objects[3]));
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deeds),	       cmocka_unit_test(test_nothing_seen),
		cmocka_unit_test(test_lives),	       cmocka_unit_test(test_copy_of_a_fork),
		cmocka_unit_test(test_copy_of_a_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
