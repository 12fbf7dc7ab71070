/* model: threads, what they hold, what they wait for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"

static void event(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t id,
		  uint16_t flags, uint64_t object)
{
	fake_event(fake, thread, time, id, flags, object, 0);
}

static struct fake_trace *two_threads(void)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	return fake;
}

static void test_names(void **state)
{
	struct fake_trace *fake = two_threads();
	const struct ct_model *model;

	(void)state;
	fake_thread(fake, 1, 3);
	fake_name(fake, &(struct ct_trace_name){
				.process = 1, .thread = true, .object = 3, .name = "worker-2"});
	fake_name(fake, &(struct ct_trace_name){
				.process = 1, .thread = true, .object = 2, .name = "prog"});
	model = fake_model(fake);
	assert_string_equal(model->processes[0]->name, "prog");
	assert_string_equal(model->threads[0]->name, "main");
	assert_string_equal(model->threads[1]->name, "T2");
	assert_string_equal(model->threads[2]->name, "worker-2 (T3)");
	fake_free(fake);
}

/* Sentences mark the places of objects by these characters. */
static void test_names_without_marks(void **state)
{
	struct fake_trace *fake = two_threads();
	const struct ct_model *model;

	(void)state;
	fake_name(fake,
		  &(struct ct_trace_name){
			  .process = 1, .thread = true, .object = 2, .name = "\001a\002\003\001"});
	model = fake_model(fake);
	assert_string_equal(model->threads[1]->name, "?a?\003? (T2)");
	fake_free(fake);
}

/* Of a command only its module tells where the program ends and its arguments begin. */
static void test_names_with_blanks(void **state)
{
	struct ct_trace_module modules[] = {
		{.process = 2, .path = "/home/a b/my  prog"},
		{.process = 2, .path = "/usr/lib/libc.so.6"},
		{.process = 3, .path = "/home/a b/plain"},
		{.process = 4, .path = "/home/some shell"},
	};
	struct fake_trace *fake = fake_new();
	const struct ct_model *model;

	(void)state;
	fake_process(fake, 2, 1, 1, 5, "../a b/my  prog -v my  prog");
	fake_process(fake, 3, 1, 1, 6, "/home/a b/plain");
	fake_process(fake, 4, 1, 1, 7, "/bin/sh some shells");
	fake_thread(fake, 2, 1);
	fake_thread(fake, 3, 1);
	fake_thread(fake, 4, 1);
	fake->trace.modules = modules;
	fake->trace.module_count = sizeof(modules) / sizeof(*modules);
	model = fake_model(fake);
	assert_string_equal(model->threads[0]->name, "main of ../a b/my  prog (pid 101)");
	assert_string_equal(model->processes[1]->name, "my  prog");
	assert_string_equal(model->processes[2]->name, "plain");
	assert_string_equal(model->processes[3]->name, "sh");
	fake_free(fake);
}

static void test_names_of_several_processes(void **state)
{
	struct fake_trace *fake = fake_new();
	const struct ct_model *model;

	(void)state;
	fake_process(fake, 2, 1, 1, 5, "/usr/lib/demo/child -v /tmp/x");
	fake_process(fake, 3, 1, 1, 6, "");
	fake_thread(fake, 1, 2);
	fake_thread(fake, 2, 1);
	fake_thread(fake, 3, 1);
	model = fake_model(fake);
	assert_string_equal(model->threads[0]->name, "T2 of ./prog (pid 100)");
	assert_string_equal(model->threads[1]->name, "main of child (pid 101)");
	assert_string_equal(model->threads[2]->name, "main of ? (pid 102)");
	fake_free(fake);
}

static void test_join_finds_the_newest(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	/* T2 and T3 have the same pthread_t, one after the other */
	(void)state;
	fake_thread(fake, 1, 3);
	event(fake, 0, 1, CT_EV_THREAD_CREATE, 0, 2);
	fake_start(fake, 1, 2, 7000, 1);
	event(fake, 1, 3, CT_EV_THREAD_EXIT, 0, 2);
	event(fake, 0, 4, CT_EV_THREAD_JOIN, CT_F_REQUEST, 7000);
	event(fake, 0, 5, CT_EV_THREAD_JOIN, CT_F_BLOCKED, 7000);
	event(fake, 0, 6, CT_EV_THREAD_CREATE, 0, 3);
	fake_start(fake, 2, 7, 7000, 1);
	event(fake, 0, 8, CT_EV_THREAD_JOIN, CT_F_REQUEST, 7000);
	model = fake_run(fake, NULL);
	assert_true(model->threads[1]->joined);
	assert_int_equal(model->threads[0]->wait.kind, CT_WAIT_JOIN);
	assert_ptr_equal(model->threads[0]->wait.thread, model->threads[2]);
	assert_ptr_equal(model->threads[2]->creator, model->threads[0]);
	assert_int_equal(model->threads[2]->create_stack, 6);
	fake_free(fake);
}

static void test_join_before_the_start(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	(void)state;
	event(fake, 0, 1, CT_EV_THREAD_CREATE, 0, 2);
	event(fake, 0, 2, CT_EV_THREAD_JOIN, CT_F_REQUEST, 7000);
	fake_start(fake, 1, 3, 7000, 1);
	model = fake_run(fake, NULL);
	assert_ptr_equal(model->threads[0]->wait.thread, model->threads[1]);
	fake_free(fake);
}

static void test_join_of_a_stranger(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	/* a detached thread's pthread_t means nobody any more */
	(void)state;
	fake_start(fake, 1, 3, 7000, 1);
	event(fake, 0, 4, CT_EV_THREAD_DETACH, 0, 7000);
	event(fake, 0, 5, CT_EV_THREAD_JOIN, CT_F_REQUEST, 7000);
	model = fake_run(fake, NULL);
	assert_true(model->threads[1]->detached);
	assert_int_equal(model->threads[0]->wait.kind, CT_WAIT_JOIN);
	assert_null(model->threads[0]->wait.thread);
	fake_free(fake);
}

/* Of a pthread_t that nobody is known to have: it is meant who had been created by then. */
static void test_detach_before_the_start(void **state)
{
	for (int too_early = 0; too_early < 2; too_early++) {
		struct fake_trace *fake = two_threads();
		struct ct_model *model;

		(void)state;
		if (too_early)
			event(fake, 0, 1, CT_EV_THREAD_DETACH, 0, 7000);
		event(fake, 0, 2, CT_EV_THREAD_CREATE, 0, 2);
		if (!too_early)
			event(fake, 0, 3, CT_EV_THREAD_DETACH, 0, 7000);
		fake_start(fake, 1, 4, 7000, 1);
		event(fake, 0, 5, CT_EV_THREAD_JOIN, CT_F_REQUEST, 7000);
		model = fake_run(fake, NULL);
		assert_int_equal(model->threads[1]->detached, !too_early);
		assert_ptr_equal(model->threads[0]->wait.thread,
				 too_early ? model->threads[1] : NULL);
		fake_free(fake);
	}
}

static void test_recursion(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		event(fake, 0, i, CT_EV_MUTEX_LOCK, 0, 64);
	event(fake, 0, 4, CT_EV_MUTEX_UNLOCK, 0, 64);
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->held_count, 1);
	assert_int_equal(model->threads[0]->held[0].depth, 2);
	assert_int_equal(model->threads[0]->held[0].stack, 1);
	assert_int_equal(model->threads[0]->held[0].since, 1);
	fake_free(fake);
}

static void test_condition_wait(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	(void)state;
	event(fake, 0, 1, CT_EV_MUTEX_LOCK, 0, 64);
	event(fake, 0, 2, CT_EV_MUTEX_LOCK, 0, 64);
	fake_event(fake, 0, 3, CT_EV_COND_WAIT, CT_F_REQUEST, 128, 64);
	fake_event(fake, 0, 9, CT_EV_COND_WAIT, CT_F_BLOCKED, 128, 64);
	event(fake, 1, 4, CT_EV_MUTEX_LOCK, 0, 64);
	event(fake, 1, 5, CT_EV_COND_SIGNAL, 0, 128);
	event(fake, 1, 6, CT_EV_MUTEX_UNLOCK, 0, 64);
	fake_event(fake, 1, 20, CT_EV_COND_TIMEDWAIT, CT_F_REQUEST | CT_F_TIMED, 128, 72);
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->wait.kind, CT_WAIT_NONE);
	assert_int_equal(model->threads[0]->held_count, 1);
	assert_int_equal(model->threads[0]->held[0].depth, 2);
	assert_int_equal(model->threads[0]->held[0].since, 9);
	assert_int_equal(model->threads[1]->held_count, 0);
	assert_int_equal(model->threads[1]->wait.kind, CT_WAIT_COND);
	assert_true(model->threads[1]->wait.timed);
	assert_int_equal(model->threads[1]->wait.mutex->address, 72);
	assert_int_equal(model->threads[1]->wait.since, 20);
	fake_free(fake);
}

static void test_failure_undoes(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	(void)state;
	event(fake, 0, 1, CT_EV_MUTEX_LOCK, 0, 64);
	fake_event(fake, 0, 2, CT_EV_COND_WAIT, CT_F_REQUEST, 128, 64);
	fake_fail(fake, 0, 3, CT_EV_COND_WAIT, 128, 22);
	event(fake, 1, 4, CT_EV_MUTEX_TIMEDLOCK, CT_F_REQUEST | CT_F_TIMED, 64);
	fake_fail(fake, 1, 5, CT_EV_MUTEX_TIMEDLOCK, 64, 110);
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->wait.kind, CT_WAIT_NONE);
	assert_int_equal(model->threads[0]->held_count, 1);
	assert_int_equal(model->threads[0]->held[0].since, 1);
	assert_int_equal(model->threads[1]->wait.kind, CT_WAIT_NONE);
	assert_int_equal(model->threads[1]->held_count, 0);
	fake_free(fake);
}

static void test_handler_does_not_end_a_wait(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	(void)state;
	event(fake, 0, 1, CT_EV_SEM_WAIT, CT_F_REQUEST, 64);
	event(fake, 0, 2, CT_EV_SEM_POST, 0, 72);
	event(fake, 0, 3, CT_EV_MUTEX_LOCK, 0, 80);
	event(fake, 0, 4, CT_EV_MUTEX_UNLOCK, 0, 80);
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->wait.kind, CT_WAIT_SEM);
	assert_int_equal(model->threads[0]->wait.object->address, 64);
	fake_free(fake);
}

static void test_lock_moves_on(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	/* main's releases are missing: T2 has the locks now, or gave one back for it */
	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		event(fake, 0, i, CT_EV_MUTEX_LOCK, 0, 64 * i);
	event(fake, 1, 10, CT_EV_MUTEX_LOCK, 0, 64);
	event(fake, 1, 11, CT_EV_MUTEX_UNLOCK, 0, 128);
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->held_count, 1);
	assert_int_equal(model->threads[0]->held[0].object->address, 192);
	assert_int_equal(model->threads[1]->held_count, 1);
	fake_free(fake);
}

static void test_readers_share(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	(void)state;
	event(fake, 0, 1, CT_EV_RWLOCK_RDLOCK, 0, 64);
	event(fake, 1, 2, CT_EV_RWLOCK_RDLOCK, 0, 64);
	event(fake, 1, 3, CT_EV_RWLOCK_WRLOCK, CT_F_REQUEST, 64);
	model = fake_run(fake, NULL);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(model->threads[i]->held_count, 1);
		assert_int_equal(model->threads[i]->held[0].mode, CT_MODE_SHARED);
	}
	assert_int_equal(model->threads[1]->wait.mode, CT_MODE_EXCLUSIVE);
	fake_free(fake);
}

static void held_set(struct fake_trace *fake, uint64_t time, uint16_t said, uint16_t count)
{
	struct CT_PACKED {
		uint16_t count;
		struct ct_held held[3];
	} set = {said,
		 {{.object = 64, .since = 1, .stack = 5, .event = CT_EV_MUTEX_LOCK, .depth = 2},
		  {.object = 72, .since = 2, .stack = 6, .event = CT_EV_RWLOCK_RDLOCK, .depth = 1},
		  {.object = 80, .since = 3, .stack = 7, .event = CT_EV_SEM_WAIT, .depth = 1}}};

	fake_payload(fake, 0, time, CT_EV_HELD_SET, &set,
		     sizeof(set.count) + count * sizeof(struct ct_held));
}

static void test_held_set(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	(void)state;
	fake->trace.threads[0].discarded = 1;
	event(fake, 0, 5, CT_EV_MUTEX_LOCK, 0, 128);
	held_set(fake, 10, 3, 3);
	event(fake, 0, 11, CT_EV_MUTEX_UNLOCK, 0, 64);
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->held_count, 2); /* a semaphore is not held */
	assert_int_equal(model->threads[0]->held[0].object->address, 64);
	assert_int_equal(model->threads[0]->held[0].depth, 1);
	assert_int_equal(model->threads[0]->held[0].stack, 5);
	assert_int_equal(model->threads[0]->held[1].mode, CT_MODE_SHARED);
	fake_free(fake);
}

static void test_held_set_after_a_condition_wait(void **state)
{
	struct CT_PACKED {
		uint16_t count;
		struct ct_held held;
	} set = {1, {.object = 64, .since = 1, .event = CT_EV_COND_WAIT, .depth = 1}};
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	(void)state;
	fake_payload(fake, 0, 10, CT_EV_HELD_SET, &set, sizeof(set));
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->held_count, 1);
	assert_int_equal(model->threads[0]->held[0].object->kind, CT_OBJECT_MUTEX);
	assert_int_equal(model->threads[0]->held[0].mode, CT_MODE_EXCLUSIVE);
	fake_free(fake);
}

static void test_held_set_of_a_lock_given_back_by_another(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	/* the recorder of main does not know that T2 released its lock */
	(void)state;
	event(fake, 0, 1, CT_EV_MUTEX_LOCK, 0, 64);
	event(fake, 1, 5, CT_EV_MUTEX_UNLOCK, 0, 64);
	held_set(fake, 10, 1, 1);
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->held_count, 0);
	fake_free(fake);
}

static void test_refused_release(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	/* an error-checking mutex: T2 may not release what main holds */
	(void)state;
	event(fake, 0, 1, CT_EV_MUTEX_LOCK, 0, 64);
	event(fake, 1, 5, CT_EV_MUTEX_UNLOCK, 0, 64);
	fake_fail(fake, 1, 6, CT_EV_MUTEX_UNLOCK, 64, 1);
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->held_count, 1);
	assert_int_equal(model->threads[0]->held[0].since, 1);
	fake_free(fake);
}

static void test_held_set_that_lies(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	(void)state;
	fake->trace.threads[0].discarded = 1;
	event(fake, 0, 5, CT_EV_MUTEX_LOCK, 0, 128);
	held_set(fake, 10, 60000, 2);
	fake_payload(fake, 0, 11, CT_EV_HELD_SET, "x", 1);
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->held_count, 1);
	assert_int_equal(model->threads[0]->held[0].object->address, 128);
	fake_free(fake);
}

static void test_once(void **state)
{
	struct fake_trace *fake = two_threads();
	struct ct_model *model;

	/* main runs the initialisation, and waits for a lock in it; T2 waits for main */
	(void)state;
	event(fake, 0, 1, CT_EV_ONCE, CT_F_REQUEST, 64);
	event(fake, 0, 3, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 128);
	event(fake, 1, 2, CT_EV_ONCE, CT_F_REQUEST, 64);
	model = fake_run(fake, NULL);
	assert_int_equal(model->threads[0]->wait.kind, CT_WAIT_LOCK);
	assert_int_equal(model->threads[1]->wait.kind, CT_WAIT_ONCE);
	fake_free(fake);
}

static void test_child_is_waited_for(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;

	/* two children with the same pid, one after the other */
	(void)state;
	fake_process(fake, 2, 1, 1, 5, "./prog");
	fake_process(fake, 3, 1, 1, 50, "./prog");
	fake->trace.processes[2].pid = 101;
	fake_thread(fake, 1, 1);
	fake_thread(fake, 2, 1);
	fake_thread(fake, 3, 1);
	event(fake, 0, 1, CT_EV_FORK, CT_F_REQUEST, 0);
	event(fake, 0, 2, CT_EV_FORK, CT_F_BLOCKED, 101);
	event(fake, 0, 20, CT_EV_WAITPID, CT_F_REQUEST, 101);
	event(fake, 0, 30, CT_EV_WAITPID, CT_F_BLOCKED, 101);
	event(fake, 0, 48, CT_EV_FORK, CT_F_REQUEST, 0);
	event(fake, 0, 49, CT_EV_FORK, CT_F_BLOCKED, 101);
	event(fake, 0, 60, CT_EV_WAITPID, CT_F_REQUEST, 101);
	event(fake, 1, 10, CT_EV_MUTEX_LOCK, 0, 64);
	event(fake, 2, 55, CT_EV_MUTEX_LOCK, 0, 64);
	model = fake_run(fake, NULL);
	assert_true(model->processes[1]->exited);
	assert_false(model->processes[2]->exited);
	assert_int_equal(model->threads[0]->wait.kind, CT_WAIT_CHILD);
	assert_ptr_equal(model->threads[0]->wait.process, model->processes[2]);
	/* what the first child did is over for the second one */
	assert_true(ct_vclock_epoch(model->threads[2]->clock, 1) > 0);
	fake_free(fake);
}

static void test_clocks(void **state)
{
	struct fake_trace *fake = two_threads();
	const struct ct_model *model;

	(void)state;
	event(fake, 0, 1, CT_EV_THREAD_CREATE, 0, 2);
	fake_start(fake, 1, 2, 7000, 1);
	event(fake, 0, 3, CT_EV_MUTEX_LOCK, 0, 64);
	model = fake_run(fake, NULL);
	assert_int_equal(ct_vclock_epoch(model->threads[1]->clock, 0), 1);
	assert_int_equal(ct_vclock_epoch(model->threads[0]->clock, 0), 2);
	assert_int_equal(ct_vclock_epoch(model->threads[0]->clock, 1), 0);
	assert_false(ct_vclock_before(model->threads[0]->clock, model->threads[1]->clock));
	fake_free(fake);
}

static void test_clock_copies(void **state)
{
	struct ct_vclock a, b, stamp;

	(void)state;
	ct_vclock_init(&a, 0);
	ct_vclock_init(&b, 70);
	assert_int_equal(ct_vclock_join(&b, &a), CT_OK);
	stamp = ct_vclock_copy(&b);
	assert_true(ct_vclock_same(&stamp, &b));
	ct_vclock_tick(&a);
	assert_int_equal(ct_vclock_join(&b, &a), CT_OK);
	assert_false(ct_vclock_same(&stamp, &b));
	assert_int_equal(ct_vclock_epoch(&stamp, 0), 1);
	assert_int_equal(ct_vclock_epoch(&b, 0), 2);
	assert_true(ct_vclock_before(&stamp, &b));
	assert_int_equal(ct_vclock_epoch(&b, 1000000), 0);
	ct_vclock_fini(&a);
	ct_vclock_fini(&b);
	ct_vclock_fini(&stamp);
}

/* A damaged trace may say that of processes: whoever follows parents must come to an end. */
static void test_parents_in_a_circle(void **state)
{
	struct fake_trace *fake = fake_new();
	const struct ct_model *model;

	(void)state;
	fake_process(fake, 2, 3, 1, 1, "./prog");
	fake_process(fake, 3, 2, 1, 2, "./prog");
	fake_process(fake, 4, 4, 1, 3, "./prog");
	model = fake_model(fake);
	assert_null(model->processes[1]->parent);
	assert_ptr_equal(model->processes[2]->parent, model->processes[1]);
	assert_null(model->processes[3]->parent);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_without_marks),
		cmocka_unit_test(test_names_of_several_processes),
		cmocka_unit_test(test_names_with_blanks),
		cmocka_unit_test(test_join_finds_the_newest),
		cmocka_unit_test(test_join_before_the_start),
		cmocka_unit_test(test_join_of_a_stranger),
		cmocka_unit_test(test_detach_before_the_start),
		cmocka_unit_test(test_recursion),
		cmocka_unit_test(test_condition_wait),
		cmocka_unit_test(test_failure_undoes),
		cmocka_unit_test(test_handler_does_not_end_a_wait),
		cmocka_unit_test(test_lock_moves_on),
		cmocka_unit_test(test_readers_share),
		cmocka_unit_test(test_held_set),
		cmocka_unit_test(test_held_set_that_lies),
		cmocka_unit_test(test_held_set_after_a_condition_wait),
		cmocka_unit_test(test_held_set_of_a_lock_given_back_by_another),
		cmocka_unit_test(test_refused_release),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_child_is_waited_for),
		cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_clock_copies),
		cmocka_unit_test(test_parents_in_a_circle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
