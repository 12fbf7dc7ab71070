/* timing/locks: what counts as taken, waited for and held, of each kind of lock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "timing/lock_sites.h"
#include "timing/parts.h"

#define M 64
#define N 128
#define C 192
#define SEM 256

static struct ct_timing timing;

static struct fake_trace *threads(void)
{
	struct fake_trace *fake = fake_new();

	for (uint32_t t = 1; t <= 3; t++)
		fake_thread(fake, 1, t);
	for (size_t t = 1; t <= 2; t++)
		fake_event(fake, 0, t, CT_EV_THREAD_CREATE, 0, t + 1, 0);
	for (size_t t = 1; t <= 2; t++)
		fake_start(fake, t, 2 + t, t, 1);
	return fake;
}

/* Lets the part see the trace; the result is in `timing` until `done`. */
static void run(struct fake_trace *fake)
{
	struct ct_part_locks *part;
	struct ct_span_sink sink;
	struct ct_spans *spans;
	struct ct_observer observer;
	struct ct_error error;

	memset(&timing, 0, sizeof(timing));
	timing.model = fake_model(fake);
	assert_int_equal(ct_part_locks_new(&timing, &part), CT_OK);
	sink = ct_part_locks_sink(part);
	assert_int_equal(ct_spans_new(timing.model, &sink, 1, &spans), CT_OK);
	observer = (struct ct_observer){.state = spans, .step = ct_spans_step};
	assert_int_equal(ct_model_run(fake->model, &observer, 1, &error), CT_OK);
	assert_int_equal(ct_spans_finish(spans), CT_OK);
	assert_int_equal(ct_part_locks_finish(part, &timing), CT_OK);
	ct_part_locks_free(part);
	ct_spans_free(spans);
}

static void done(struct fake_trace *fake)
{
	for (size_t i = 0; i < timing.lock_count; i++)
		free(timing.locks[i].sites);
	free(timing.locks);
	fake_free(fake);
}

static const struct ct_timing_lock *lock_at(uint64_t address)
{
	for (size_t i = 0; i < timing.lock_count; i++)
		if (timing.locks[i].object->address == address)
			return &timing.locks[i];
	return NULL;
}

static void check(const struct ct_timing_lock *lock, uint64_t acquisitions, uint64_t contended,
		  uint64_t wait_ns, uint64_t hold_ns)
{
	assert_non_null(lock);
	assert_int_equal(lock->acquisitions, acquisitions);
	assert_int_equal(lock->contended, contended);
	assert_int_equal(lock->wait.total_ns, wait_ns);
	assert_int_equal(lock->hold.total_ns, hold_ns);
}

static void test_contended_mutex(void **state)
{
	struct fake_trace *fake = threads();

	(void)state;
	fake_event(fake, 0, 100, CT_EV_MUTEX_LOCK, 0, M, 0);
	fake_event(fake, 1, 110, CT_EV_MUTEX_LOCK, CT_F_REQUEST, M, 0);
	fake_event(fake, 0, 150, CT_EV_MUTEX_UNLOCK, 0, M, 0);
	fake_event(fake, 1, 160, CT_EV_MUTEX_LOCK, CT_F_BLOCKED, M, 0);
	fake_event(fake, 1, 190, CT_EV_MUTEX_UNLOCK, 0, M, 0);
	fake_event(fake, 1, 200, CT_EV_MUTEX_LOCK, 0, N, 0);
	fake_event(fake, 1, 201, CT_EV_MUTEX_UNLOCK, 0, N, 0);
	run(fake);
	check(lock_at(M), 2, 1, 50, 50 + 30);
	check(lock_at(N), 1, 0, 0, 1);
	assert_int_equal(lock_at(M)->threads, 2);
	assert_ptr_equal(&timing.locks[0], lock_at(M)); /* most waiting first */
	assert_int_equal(lock_at(M)->site_count, 2);
	assert_int_equal(lock_at(M)->sites[0].stack, 160); /* where it waited */
	assert_int_equal(lock_at(M)->sites[0].wait_ns, 50);
	assert_int_equal(lock_at(M)->sites[0].hold_ns, 30);
	assert_int_equal(lock_at(M)->sites[1].hold_ns, 50);
	done(fake);
}

static void test_recursion_is_one_hold(void **state)
{
	struct fake_trace *fake = threads();

	(void)state;
	fake_event(fake, 0, 1, CT_EV_MUTEX_INIT, 0, M, 1);
	fake_event(fake, 0, 100, CT_EV_MUTEX_LOCK, 0, M, 0);
	fake_event(fake, 0, 110, CT_EV_MUTEX_LOCK, 0, M, 0);
	fake_event(fake, 0, 120, CT_EV_MUTEX_UNLOCK, 0, M, 0);
	fake_event(fake, 0, 130, CT_EV_MUTEX_UNLOCK, 0, M, 0);
	run(fake);
	check(lock_at(M), 1, 0, 0, 30);
	done(fake);
}

static void test_failed_trylock_takes_nothing(void **state)
{
	struct fake_trace *fake = threads();

	(void)state;
	fake_event(fake, 0, 100, CT_EV_MUTEX_LOCK, 0, M, 0);
	fake_fail(fake, 1, 110, CT_EV_MUTEX_TRYLOCK, M, 16);
	fake_event(fake, 0, 120, CT_EV_MUTEX_UNLOCK, 0, M, 0);
	fake_event(fake, 1, 130, CT_EV_MUTEX_TRYLOCK, CT_F_TRY, M, 0);
	fake_event(fake, 1, 140, CT_EV_MUTEX_UNLOCK, 0, M, 0);
	run(fake);
	check(lock_at(M), 2, 0, 0, 20 + 10);
	done(fake);
}

/* The wait for the condition gives it back: two holds, one acquisition. */
static void test_condition_wait(void **state)
{
	struct fake_trace *fake = threads();

	(void)state;
	fake_event(fake, 0, 100, CT_EV_MUTEX_LOCK, 0, M, 0);
	fake_event(fake, 0, 110, CT_EV_COND_WAIT, CT_F_REQUEST, C, M);
	fake_event(fake, 1, 120, CT_EV_MUTEX_LOCK, 0, M, 0);
	fake_event(fake, 1, 125, CT_EV_COND_SIGNAL, 0, C, 0);
	fake_event(fake, 1, 127, CT_EV_MUTEX_UNLOCK, 0, M, 0);
	fake_event(fake, 0, 200, CT_EV_COND_WAIT, CT_F_BLOCKED, C, M);
	fake_event(fake, 0, 230, CT_EV_MUTEX_UNLOCK, 0, M, 0);
	run(fake);
	check(lock_at(M), 2, 0, 0, 10 + 7 + 30);
	assert_int_equal(lock_at(M)->hold.count, 3);
	done(fake);
}

/* Each reader's hold counts. */
static void test_readers(void **state)
{
	struct fake_trace *fake = threads();

	(void)state;
	fake_event(fake, 0, 100, CT_EV_RWLOCK_RDLOCK, 0, M, 0);
	fake_event(fake, 1, 110, CT_EV_RWLOCK_RDLOCK, 0, M, 0);
	fake_event(fake, 2, 120, CT_EV_RWLOCK_WRLOCK, CT_F_REQUEST, M, 0);
	fake_event(fake, 0, 130, CT_EV_RWLOCK_UNLOCK, 0, M, 0);
	fake_event(fake, 1, 150, CT_EV_RWLOCK_UNLOCK, 0, M, 0);
	fake_event(fake, 2, 155, CT_EV_RWLOCK_WRLOCK, CT_F_BLOCKED, M, 0);
	fake_event(fake, 2, 160, CT_EV_RWLOCK_UNLOCK, 0, M, 0);
	run(fake);
	check(lock_at(M), 3, 1, 35, 30 + 40 + 5);
	assert_int_equal(lock_at(M)->hold.max_ns, 40);
	done(fake);
}

static void add_section(struct fake_trace *fake, size_t thread, uint64_t time)
{
	fake_event(fake, thread, time, CT_EV_SEM_WAIT, 0, SEM, 0);
	fake_event(fake, thread, time + 5, CT_EV_SEM_POST, 0, SEM, 0);
}

static void test_semaphore_as_lock(void **state)
{
	struct fake_trace *fake = threads();

	(void)state;
	fake_event(fake, 0, 1, CT_EV_SEM_INIT, 0, SEM, 1);
	add_section(fake, 0, 100);
	fake_event(fake, 1, 110, CT_EV_SEM_WAIT, 0, SEM, 0);
	fake_event(fake, 2, 112, CT_EV_SEM_WAIT, CT_F_REQUEST, SEM, 0);
	fake_event(fake, 1, 120, CT_EV_SEM_POST, 0, SEM, 0);
	fake_event(fake, 2, 132, CT_EV_SEM_WAIT, CT_F_BLOCKED, SEM, 0);
	fake_event(fake, 2, 140, CT_EV_SEM_POST, 0, SEM, 0);
	add_section(fake, 0, 150);
	run(fake);
	check(lock_at(SEM), 4, 1, 20, 5 + 10 + 8 + 5);
	done(fake);
}

static void test_semaphore_as_signal_is_none(void **state)
{
	struct fake_trace *fake = threads();

	(void)state;
	fake_event(fake, 0, 1, CT_EV_SEM_INIT, 0, SEM, 1);
	add_section(fake, 0, 100);
	fake_event(fake, 1, 110, CT_EV_SEM_POST, 0, SEM, 0); /* it did not take it */
	run(fake);
	assert_null(lock_at(SEM));
	done(fake);
}

static void test_held_until_the_thread_ends(void **state)
{
	struct ct_payload_rusage usage = {.object = 2};
	struct fake_trace *fake = threads();

	(void)state;
	fake_event(fake, 1, 100, CT_EV_MUTEX_LOCK, 0, M, 0);
	fake_event(fake, 2, 105, CT_EV_MUTEX_LOCK, 0, N, 0);
	fake_payload(fake, 1, 140, CT_EV_THREAD_EXIT, &usage, sizeof(usage));
	fake_event(fake, 0, 150, CT_EV_SEM_INIT, 0, SEM, 0);
	run(fake);
	check(lock_at(M), 1, 0, 0, 40);
	check(lock_at(N), 1, 0, 0, 45); /* the trace ends */
	done(fake);
}

/* Another thread gives it back, or takes it although nobody gave it back. */
static void test_hold_that_another_thread_ends(void **state)
{
	struct fake_trace *fake = threads();

	(void)state;
	fake_event(fake, 0, 100, CT_EV_MUTEX_LOCK, 0, M, 0);
	fake_event(fake, 1, 110, CT_EV_MUTEX_UNLOCK, 0, M, 0);
	fake_event(fake, 0, 120, CT_EV_MUTEX_LOCK, 0, N, 0);
	fake_event(fake, 1, 150, CT_EV_MUTEX_LOCK, 0, N, 0);
	fake_event(fake, 1, 160, CT_EV_MUTEX_UNLOCK, 0, N, 0);
	fake_event(fake, 0, 400, CT_EV_SEM_INIT, 0, SEM, 0);
	run(fake);
	check(lock_at(M), 1, 0, 0, 10);
	check(lock_at(N), 2, 0, 0, 30 + 10);
	done(fake);
}

static void test_many_sites(void **state)
{
	enum { TIMES = 10000 };
	struct fake_trace *fake = threads();
	uint64_t acquisitions = 0;

	(void)state;
	/* a record's stack is its time: each is a site of its own */
	for (uint64_t i = 0; i < TIMES; i++) {
		fake_event(fake, 0, 100 + 2 * i, CT_EV_MUTEX_LOCK, 0, M, 0);
		fake_event(fake, 0, 101 + 2 * i, CT_EV_MUTEX_UNLOCK, 0, M, 0);
	}
	run(fake);
	check(lock_at(M), TIMES, 0, 0, TIMES);
	assert_int_equal(lock_at(M)->site_count, CT_LOCK_SITES);
	/* one for all others */
	assert_int_equal(lock_at(M)->sites_left_out, CT_LOCK_SITES_COUNTED + 1 - CT_LOCK_SITES);
	for (size_t i = 0; i < lock_at(M)->site_count; i++)
		acquisitions += lock_at(M)->sites[i].acquisitions;
	assert_int_equal(lock_at(M)->sites[0].acquisitions, TIMES - CT_LOCK_SITES_COUNTED);
	assert_int_equal(acquisitions, TIMES - CT_LOCK_SITES_COUNTED + CT_LOCK_SITES - 1);
	done(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contended_mutex),
		cmocka_unit_test(test_recursion_is_one_hold),
		cmocka_unit_test(test_failed_trylock_takes_nothing),
		cmocka_unit_test(test_condition_wait),
		cmocka_unit_test(test_readers),
		cmocka_unit_test(test_semaphore_as_lock),
		cmocka_unit_test(test_semaphore_as_signal_is_none),
		cmocka_unit_test(test_held_until_the_thread_ends),
		cmocka_unit_test(test_hold_that_another_thread_ends),
		cmocka_unit_test(test_many_sites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
