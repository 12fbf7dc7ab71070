/* model: what one process gives in vain to a waiter of another one, and when nobody knows that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/kernel_view.h"
#include "model/one_process.h"

enum { SHARED = 4096, PRIVATE = 64, MUTEX = SHARED + 512, WAITS = 20 };
enum { PARENT = 0, OTHER = 1, CHILD = 2 }; /* OTHER is a thread of the parent */
#define PSHARED_SEM (UINT64_C(1) << 32)
#define PSHARED (UINT64_C(1) << 8)

/* The child has the memory as well; its records begin at 5. */
static struct fake_trace *two_processes(uint64_t device)
{
	struct fake_trace *fake = fake_new();

	fake_process(fake, 2, 1, 1, 5, "./prog");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_thread(fake, 2, 1);
	fake_map(fake, &(struct ct_trace_map){.process = 1,
					      .time = 1,
					      .start = SHARED,
					      .size = 4096,
					      .device = device,
					      .inode = 7});
	fake_start(fake, PARENT, 1, 7001, 0);
	fake_event(fake, PARENT, 3, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_start(fake, CHILD, 6, 7001, 0);
	fake_event(fake, PARENT, 7, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	return fake;
}

/* Whether what was given to the parent's wait comes to nobody; the trace is freed. */
static bool is_in_vain(struct fake_trace *fake, bool sleeps)
{
	struct ct_outside_wait wait = {.process = 1, .thread = 1, .since = WAITS, .shared = true};
	struct ct_kernel_view view = {
		.outside = {.asked = true, .waits = &wait, .wait_count = sleeps}};
	struct ct_model *model = fake_run(fake, NULL);
	const struct ct_deed *gift;
	bool result;

	model->kernel_view = &view;
	gift = ct_gift_in_vain(model, model->threads[PARENT]);
	result = gift != NULL;
	if (gift) {
		assert_ptr_equal(gift->thread, model->threads[CHILD]);
		assert_true(ct_is_cut_off(model, model->threads[PARENT], model->processes[1]));
		assert_false(ct_is_cut_off(model, model->threads[PARENT], model->processes[0]));
	}
	fake_free(fake);
	return result;
}

static struct fake_trace *posted(uint64_t init_arg, size_t giver, uint64_t time)
{
	struct fake_trace *fake = two_processes(0);

	fake_event(fake, PARENT, 10, CT_EV_SEM_INIT, 0, SHARED, init_arg);
	fake_event(fake, PARENT, WAITS, CT_EV_SEM_WAIT, CT_F_REQUEST, SHARED, 0);
	fake_event(fake, giver, time, CT_EV_SEM_POST, 0, SHARED, 0);
	return fake;
}

/* Before it sleeps the waiter takes what another process posts, and always what its own does. */
static void test_semaphore(void **state)
{
	(void)state;
	assert_true(is_in_vain(posted(0, CHILD, 30), true));
	assert_false(is_in_vain(posted(0, CHILD, 30), false));
	assert_false(is_in_vain(posted(PSHARED_SEM, CHILD, 30), true));
	assert_false(is_in_vain(posted(0, OTHER, 30), true));
	assert_false(is_in_vain(posted(0, CHILD, 15), true));
}

/* One without initialisation is another rule's. */
static void test_semaphore_of_nobody(void **state)
{
	struct fake_trace *fake = two_processes(0);

	(void)state;
	fake_event(fake, PARENT, WAITS, CT_EV_SEM_WAIT, CT_F_REQUEST, SHARED, 0);
	fake_event(fake, CHILD, 30, CT_EV_SEM_POST, 0, SHARED, 0);
	assert_false(is_in_vain(fake, true));
}

static struct fake_trace *signalled(uint64_t device, bool holds)
{
	struct fake_trace *fake = two_processes(device);

	fake_event(fake, PARENT, 10, CT_EV_MUTEX_INIT, 0, MUTEX, PSHARED);
	fake_event(fake, PARENT, 11, CT_EV_MUTEX_LOCK, 0, MUTEX, 0);
	fake_event(fake, PARENT, WAITS, CT_EV_COND_WAIT, CT_F_REQUEST, SHARED, MUTEX);
	if (holds)
		fake_event(fake, CHILD, 29, CT_EV_MUTEX_LOCK, 0, MUTEX, 0);
	fake_event(fake, CHILD, 30, CT_EV_COND_SIGNAL, 0, SHARED, 0);
	return fake;
}

/* A file may hold what another program initialised, and the mutex is to be had before the wait
 * returns: who sleeps may have been woken. */
static void test_static_condition(void **state)
{
	static char *problems[] = {(char *)"p1.t1: byte 0: torn"};
	struct fake_trace *fake = signalled(0, false);

	(void)state;
	assert_true(is_in_vain(fake, true));
	assert_false(is_in_vain(signalled(8, false), true));
	assert_false(is_in_vain(signalled(0, true), true));
	fake = signalled(0, false);
	fake->trace.problems = problems;
	fake->trace.problem_count = 1;
	assert_false(is_in_vain(fake, true));
}

/* It may be a copy of one that was initialised to be shared. */
static void test_copied_condition(void **state)
{
	struct fake_trace *fake = signalled(0, false);

	(void)state;
	fake_event(fake, OTHER, 4, CT_EV_COND_INIT, 0, PRIVATE, PSHARED);
	assert_false(is_in_vain(fake, true));
}

/* Who waits for a lock that is held again may get it from its holder's process or not. */
static void test_mutex(void **state)
{
	(void)state;
	for (unsigned held = 0; held <= 1; held++) {
		struct fake_trace *fake = two_processes(0);

		fake_event(fake, PARENT, 10, CT_EV_MUTEX_INIT, 0, SHARED, 0);
		fake_event(fake, CHILD, 15, CT_EV_MUTEX_LOCK, 0, SHARED, 0);
		fake_event(fake, PARENT, WAITS, CT_EV_MUTEX_LOCK, CT_F_REQUEST, SHARED, 0);
		fake_event(fake, CHILD, 30, CT_EV_MUTEX_UNLOCK, 0, SHARED, 0);
		if (held)
			fake_event(fake, CHILD, 31, CT_EV_MUTEX_LOCK, 0, SHARED, 0);
		assert_int_equal(is_in_vain(fake, true), !held);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_semaphore),
		cmocka_unit_test(test_semaphore_of_nobody),
		cmocka_unit_test(test_static_condition),
		cmocka_unit_test(test_copied_condition),
		cmocka_unit_test(test_mutex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
