/* timing: what bounded a thread, and what a trace does not have. A tick is a nanosecond. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "timed_run.h"

#define MS 1000000ull
#define UNKNOWN CT_TIME_UNKNOWN

static void cpu(struct fake_trace *fake, size_t thread, uint64_t time, uint64_t cpu_ns,
		uint64_t ready_ns)
{
	struct ct_payload_cpu payload = {1, cpu_ns, ready_ns, 3};

	fake_payload(fake, thread, time, CT_EV_THREAD_CPU, &payload, sizeof(payload));
}

static void leave(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t exit_event,
		  uint64_t user_us)
{
	struct ct_payload_rusage usage = {.user_us = user_us};

	fake_payload(fake, thread, time, exit_event, &usage, sizeof(usage));
}

static void sleep_until(struct fake_trace *fake, size_t thread, uint64_t from, uint64_t to)
{
	fake_event(fake, thread, from, CT_EV_SLEEP, CT_F_REQUEST, 0, to - from);
	fake_event(fake, thread, to, CT_EV_SLEEP, CT_F_BLOCKED, 0, to - from);
}

/* Of a thread that slept for `sleep_ns` of its life; CPU time UNKNOWN: it was killed. */
static enum ct_bound bound_of(uint64_t life_ns, uint64_t sleep_ns, uint64_t cpu_ns,
			      uint64_t ready_ns)
{
	struct fake_trace *fake = fake_new();
	enum ct_bound bound;
	struct timed_run r;

	fake_thread(fake, 1, 1);
	fake_start(fake, 0, 0, 11, 0);
	sleep_until(fake, 0, 1000, 1000 + sleep_ns);
	if (cpu_ns != UNKNOWN) {
		cpu(fake, 0, life_ns - 10, cpu_ns, ready_ns);
		leave(fake, 0, life_ns, CT_EV_PROCESS_EXIT, cpu_ns / 1000);
	} else {
		fake_event(fake, 0, life_ns, CT_EV_SEM_POST, 0, 64, 0);
	}
	timed_run_begin(&r, fake);
	bound = r.timing->threads[0].bound;
	timed_run_end(&r);
	return bound;
}

static void test_bound(void **state)
{
	(void)state;
	assert_int_equal(bound_of(10 * MS, 1 * MS, 8 * MS, 0), CT_BOUND_CPU);
	assert_int_equal(bound_of(10 * MS, 1 * MS, 1 * MS, 7 * MS), CT_BOUND_CPU);
	assert_int_equal(bound_of(10 * MS, 1 * MS, 1 * MS, 0), CT_BOUND_IO); /* unseen */
	assert_int_equal(bound_of(10 * MS, 6 * MS, 1 * MS, 0), CT_BOUND_IO);
	/* it ran, or so it seems */
	assert_int_equal(bound_of(10 * MS, 4 * MS, UNKNOWN, 0), CT_BOUND_UNKNOWN);
	assert_int_equal(bound_of(10 * MS, 6 * MS, UNKNOWN, 0), CT_BOUND_IO);
	assert_int_equal(bound_of(10 * MS, 4 * MS, 1 * MS, UNKNOWN), CT_BOUND_UNKNOWN);
	assert_int_equal(bound_of(10 * MS, 1 * MS, 8 * MS, UNKNOWN), CT_BOUND_CPU);
	/* too short to say */
	assert_int_equal(bound_of(MS - 1000, MS / 10, MS / 2, 0), CT_BOUND_UNKNOWN);
	assert_int_equal(bound_of(MS - 1000, MS / 10, 1000, 0), CT_BOUND_UNKNOWN);
	assert_int_equal(bound_of(MS - 1000, MS * 6 / 10, MS / 10, 0), CT_BOUND_IO);
	assert_null(ct_bound_name(CT_BOUND_UNKNOWN));
}

/* Stands still while its child has its memory, which is no work; it might work in fork. */
static void check_lent(uint16_t call, bool works)
{
	struct fake_trace *fake = fake_new();
	struct timed_run r;

	fake_thread(fake, 1, 1);
	fake_process(fake, 2, 1, 1, 0, "./prog");
	fake_thread(fake, 2, 1);
	fake_start(fake, 0, 0, 11, 0);
	fake_event(fake, 0, 10000, call, CT_F_REQUEST, 0, 0);
	fake_start(fake, 1, 20000, 11, 0);
	leave(fake, 1, 9 * MS, CT_EV_PROCESS_EXIT, 8000);
	fake_event(fake, 0, 9 * MS + 1000, call, CT_F_BLOCKED, 101, 0);
	leave(fake, 0, 9 * MS + 10000, CT_EV_PROCESS_EXIT, 9000);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->threads[0].worker, works);
	assert_true(r.timing->threads[1].worker);
	timed_run_end(&r);
}

static void test_lent(void **state)
{
	(void)state;
	check_lent(CT_EV_VFORK, false);
	check_lent(CT_EV_FORK, true);
}

/* A child that ran for `child_ns` and was killed, beside 9 ms of its parent. */
static void run_killed(struct timed_run *run, uint64_t child_ns)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	fake_process(fake, 2, 1, 1, 0, "./prog");
	fake_thread(fake, 2, 1);
	fake_start(fake, 0, 0, 11, 0);
	fake_event(fake, 0, 10, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_start(fake, 1, 20, 11, 0);
	fake_event(fake, 0, 30, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	fake_event(fake, 1, child_ns, CT_EV_SEM_POST, 0, 64, 0);
	leave(fake, 0, 9 * MS, CT_EV_PROCESS_EXIT, 8000);
	timed_run_begin(run, fake);
}

/* How many processors were busy is known only if little is missing. */
static void test_cores_of_killed(void **state)
{
	struct timed_run little, much;

	(void)state;
	run_killed(&little, MS / 10);
	run_killed(&much, MS);
	assert_int_equal(little.timing->uncounted, 1);
	assert_true(little.timing->parallelism.cores > 0.8);
	assert_int_equal(much.timing->uncounted, 1);
	assert_true(much.timing->parallelism.cores < 0);
	timed_run_end(&little);
	timed_run_end(&much);
}

/* Created: 2 (without an event), 3 and 4 (not in the trace), 5 (failed); joined: two of unknown
 * threads, which may be any of the three. */
static void test_lost_threads(void **state)
{
	struct fake_trace *fake = fake_new();
	struct timed_run r;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake->trace.threads[0].discarded = 7;
	fake->trace.threads[1].discarded = 3;
	fake_start(fake, 0, 0, 11, 0);
	for (uint64_t number = 2; number <= 5; number++)
		fake_event(fake, 0, 100 * number, CT_EV_THREAD_CREATE, 0, number, 0);
	fake_fail(fake, 0, 600, CT_EV_THREAD_CREATE, 5, 11);
	for (uint64_t pthread = 22; pthread <= 23; pthread++) {
		fake_event(fake, 0, 100 * pthread, CT_EV_THREAD_JOIN, CT_F_REQUEST, pthread, 0);
		fake_event(fake, 0, 100 * pthread + 50, CT_EV_THREAD_JOIN, CT_F_BLOCKED, pthread,
			   0);
	}
	leave(fake, 0, 9000, CT_EV_PROCESS_EXIT, 8);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->lost_threads, 3);
	assert_int_equal(r.timing->lost_records, 10);
	assert_int_equal(r.timing->lost_from, 2);
	assert_int_equal(r.timing->uncounted, 0);
	timed_run_end(&r);
}

/* Joined, though nobody is known to have created them. */
static void test_lost_by_joins(void **state)
{
	struct fake_trace *fake = fake_new();
	struct timed_run r;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_start(fake, 0, 0, 11, 0);
	fake_event(fake, 0, 100, CT_EV_THREAD_CREATE, 0, 2, 0);
	for (uint64_t pthread = 22; pthread <= 23; pthread++)
		fake_event(fake, 0, 10 * pthread, CT_EV_THREAD_JOIN, 0, pthread, 0);
	leave(fake, 0, 9000, CT_EV_PROCESS_EXIT, 8);
	timed_run_begin(&r, fake);
	assert_int_equal(r.timing->lost_threads, 2);
	assert_int_equal(r.timing->lost_records, 0);
	timed_run_end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bound),		cmocka_unit_test(test_lent),
		cmocka_unit_test(test_cores_of_killed), cmocka_unit_test(test_lost_threads),
		cmocka_unit_test(test_lost_by_joins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
