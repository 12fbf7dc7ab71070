/* model/reach: no prediction goes against what threads and processes gave to each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/lockorder.h"

#define MUTEX_A 64
#define MUTEX_B 128
#define SET CT_KERNEL_KEY(CT_KERNEL_SEM, CT_SEM_ALL)
#define FILE_KEY CT_KERNEL_KEY(CT_KERNEL_FILE, 9)
#define COUNTER CT_KERNEL_KEY(CT_KERNEL_EVENTFD, 3)
#define QUEUE CT_KERNEL_KEY(CT_KERNEL_MSG, 5)
#define TIMER CT_KERNEL_KEY(CT_KERNEL_TIMERFD, 1)

static void take_both(struct fake_trace *fake, size_t thread, uint64_t time, uint64_t first,
		      uint64_t second)
{
	fake_event(fake, thread, time, CT_EV_MUTEX_LOCK, 0, first, 0);
	fake_event(fake, thread, time + 1, CT_EV_MUTEX_LOCK, 0, second, 0);
	fake_event(fake, thread, time + 2, CT_EV_MUTEX_UNLOCK, 0, second, 0);
	fake_event(fake, thread, time + 3, CT_EV_MUTEX_UNLOCK, 0, first, 0);
}

/* main takes A then B at time 10. */
static struct fake_trace *begin(void)
{
	struct fake_trace *fake = fake_new();

	for (uint32_t t = 1; t <= 3; t++)
		fake_thread(fake, 1, t);
	take_both(fake, 0, 10, MUTEX_A, MUTEX_B);
	return fake;
}

/* T2 takes B then A at time 50: whether the requests can be shown to stand at once. */
static bool is_predicted(struct fake_trace *fake)
{
	struct ct_lockorder *order;
	struct ct_observer observer;
	struct ct_error error;
	bool reachable;

	take_both(fake, 1, 50, MUTEX_B, MUTEX_A);
	fake_model(fake);
	assert_int_equal(ct_lockorder_new(fake->model, &order), CT_OK);
	observer = ct_lockorder_observer(order);
	assert_int_equal(ct_model_run(fake->model, &observer, 1, &error), CT_OK);
	assert_int_equal(ct_lockorder_cycles(order), CT_OK);
	reachable = order->cycle_count == 1 && order->cycles[0]->reachable;
	ct_lockorder_free(order);
	fake_free(fake);
	return reachable;
}

/* main gives at time 20, T2 takes at time 30. */
static bool is_predicted_across(uint16_t give, uint64_t given, uint16_t take, uint64_t taken)
{
	struct fake_trace *fake = begin();

	fake_event(fake, 0, 20, give, 0, given, 1);
	fake_event(fake, 1, 30, take, 0, taken, 1);
	return is_predicted(fake);
}

static void test_what_orders(void **state)
{
	static const struct {
		uint16_t give, take;
		uint64_t given, taken;
	} cases[] = {
		{CT_EV_MSGSND, CT_EV_MSGRCV, QUEUE, QUEUE},
		{CT_EV_EVENTFD_WRITE, CT_EV_EVENTFD_READ, COUNTER, COUNTER},
		{CT_EV_FUTEX_WAKE, CT_EV_FUTEX_WAIT, 256, 256},
		{CT_EV_FUTEX_WAKE, CT_EV_FUTEX_WAIT, 256, 260}, /* it may have been moved */
		{CT_EV_SEND, CT_EV_RECV, 77, 78},
		{CT_EV_WRITE, CT_EV_EPOLL_WAIT, 77, CT_KERNEL_KEY(CT_KERNEL_EPOLL, 1)},
		{CT_EV_WRITE, CT_EV_POLL, 77, 0},
		{CT_EV_CONNECT, CT_EV_ACCEPT, 77, 78},
		{CT_EV_LISTEN, CT_EV_CONNECT, 77, 78},
		{CT_EV_KILL, CT_EV_SIGNAL_HANDLER, 100, 10},
		{CT_EV_PTHREAD_KILL, CT_EV_SIGWAIT, 0x700, 10},
		{CT_EV_TIMER_SET, CT_EV_PAUSE, 0, 0},
		{CT_EV_TIMERFD_SETTIME, CT_EV_READ, TIMER, TIMER},
		{CT_EV_HAPPENS_BEFORE, CT_EV_HAPPENS_AFTER, 256, 256},
		{CT_EV_SHUTDOWN, CT_EV_RECV, 77, 78},
		{CT_EV_FD_CLOSE, CT_EV_READ, 77, 77},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (is_predicted_across(cases[i].give, cases[i].given, cases[i].take,
					cases[i].taken))
			fail_msg("case %zu", i);
}

static void test_what_does_not(void **state)
{
	(void)state;
	assert_true(is_predicted(begin()));
	assert_true(is_predicted_across(CT_EV_SLEEP, 0, CT_EV_SLEEP, 0));
	assert_true(is_predicted_across(CT_EV_YIELD, 0, CT_EV_YIELD, 0));
	assert_true(is_predicted_across(CT_EV_MSGSND, QUEUE, CT_EV_MSGRCV, QUEUE + 1));
	assert_true(
		is_predicted_across(CT_EV_EVENTFD_WRITE, COUNTER, CT_EV_EVENTFD_READ, COUNTER + 1));
	assert_true(is_predicted_across(CT_EV_HAPPENS_BEFORE, 256, CT_EV_HAPPENS_AFTER, 264));
}

static void semop_by(struct fake_trace *fake, size_t thread, uint64_t time, int amount)
{
	struct {
		struct ct_payload_sem_ops head;
		struct ct_sem_op op;
	} CT_PACKED ops = {{SET, 1}, {0, (uint16_t)amount, 0}};

	fake_payload(fake, thread, time, CT_EV_SEMOP, &ops, sizeof(ops));
}

static void lock_by(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t mode)
{
	struct ct_payload_file_lock lock = {FILE_KEY,	   0, 0, 3 + (uint32_t)thread, mode,
					    CT_OWNER_FLOCK};

	fake_payload(fake, thread, time, CT_EV_FLOCK, &lock, sizeof(lock));
}

/* Both orders are taken under a semaphore, or a file lock. */
static void test_what_is_held_otherwise(void **state)
{
	struct fake_trace *fake = begin();

	(void)state;
	semop_by(fake, 0, 20, 1);
	semop_by(fake, 1, 30, -1);
	assert_false(is_predicted(fake));
	fake = begin();
	semop_by(fake, 1, 20, 1); /* the other way round: T2 gives and goes on */
	semop_by(fake, 0, 30, -1);
	assert_true(is_predicted(fake));
	fake = fake_new();
	for (uint32_t t = 1; t <= 3; t++)
		fake_thread(fake, 1, t);
	lock_by(fake, 0, 5, CT_FILE_EXCLUSIVE);
	take_both(fake, 0, 10, MUTEX_A, MUTEX_B);
	lock_by(fake, 1, 30, CT_FILE_EXCLUSIVE); /* so main has closed the file */
	assert_false(is_predicted(fake));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_orders),
		cmocka_unit_test(test_what_does_not),
		cmocka_unit_test(test_what_is_held_otherwise),
	};

	return cmocka_run_group_tests_name("model_reach", tests, NULL, NULL);
}
