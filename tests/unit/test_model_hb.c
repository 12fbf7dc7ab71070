/* model/hb and model/race: what atomics, fences and locks put in order, and what they do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/race.h"

#define DATA 0x1000
#define FLAG 0x2000
#define MUTEX 0x3000

enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST };

static struct fake_trace *begin(void)
{
	struct fake_trace *fake = fake_new();

	fake->trace.some_accesses = true;
	for (uint32_t t = 1; t <= 3; t++)
		fake_thread(fake, 1, t);
	return fake;
}

static void atomic(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event,
		   uint8_t order)
{
	const struct ct_payload_atomic atomic = {.object = FLAG, .size = 4, .order = order};

	fake_payload(fake, thread, time, event, &atomic, sizeof(atomic));
}

static void fence(struct fake_trace *fake, size_t thread, uint64_t time, uint8_t order)
{
	const struct ct_payload_atomic atomic = {.order = order};

	fake_payload(fake, thread, time, CT_EV_FENCE, &atomic, sizeof(atomic));
}

static void lock(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event)
{
	fake_event(fake, thread, time, event, 0, MUTEX, 0);
}

static enum ct_status step(void *races, const struct ct_model *model, const struct ct_step *step)
{
	(void)model;
	return ct_races_step(races, step);
}

/* How many pairs of places race in the run. */
static size_t count_races(struct fake_trace *fake)
{
	struct ct_observer observer = {.step = step};
	const struct ct_race_pair *pairs;
	struct ct_races *races;
	struct ct_error error;
	size_t count, found = 0;

	fake_model(fake);
	assert_int_equal(ct_races_new(fake->model, &races), CT_OK);
	observer.state = races;
	assert_int_equal(ct_model_run(fake->model, &observer, 1, &error), CT_OK);
	assert_int_equal(ct_races_finish(races), CT_OK);
	pairs = ct_races_pairs(races, &count);
	for (size_t i = 0; i < count; i++)
		found += pairs[i].verdict == CT_RACE_IN_RUN;
	ct_races_free(races);
	fake_free(fake);
	return found;
}

/* T1 writes at 10, T2 reads at 50. */
static size_t races_on_data(struct fake_trace *fake)
{
	fake_event(fake, 1, 50, CT_EV_ACCESS_READ, 0, DATA, 4);
	return count_races(fake);
}

static struct fake_trace *begin_with_write(void)
{
	struct fake_trace *fake = begin();

	fake_event(fake, 0, 10, CT_EV_ACCESS_WRITE, 0, DATA, 4);
	return fake;
}

static void test_nothing_between(void **state)
{
	(void)state;
	assert_int_equal(races_on_data(begin_with_write()), 1);
}

/* Each order of a store against each of the load that sees it. */
static void test_orders(void **state)
{
	(void)state;
	for (uint8_t store = RELAXED; store <= SEQ_CST; store++)
		for (uint8_t load = RELAXED; load <= SEQ_CST; load++) {
			struct fake_trace *fake = begin_with_write();
			bool acquires = load != RELAXED && load != RELEASE;
			bool ordered = store >= RELEASE && acquires;

			atomic(fake, 0, 20, CT_EV_ATOMIC_STORE, store);
			atomic(fake, 1, 30, CT_EV_ATOMIC_LOAD, load);
			assert_int_equal(races_on_data(fake), ordered ? 0 : 1);
		}
}

static void test_load_before_store(void **state)
{
	struct fake_trace *fake = begin_with_write();

	(void)state;
	atomic(fake, 1, 20, CT_EV_ATOMIC_LOAD, SEQ_CST);
	atomic(fake, 0, 30, CT_EV_ATOMIC_STORE, SEQ_CST);
	assert_int_equal(races_on_data(fake), 1);
}

/* Another thread's read-modify-write goes on with the release sequence, its store ends it. */
static void test_release_sequence(void **state)
{
	static const uint16_t between[] = {CT_EV_ATOMIC_RMW, CT_EV_ATOMIC_STORE};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fake_trace *fake = begin_with_write();

		atomic(fake, 0, 20, CT_EV_ATOMIC_STORE, RELEASE);
		atomic(fake, 2, 25, between[i], RELAXED);
		atomic(fake, 1, 30, CT_EV_ATOMIC_LOAD, ACQUIRE);
		assert_int_equal(races_on_data(fake), i);
	}
}

static void test_fences(void **state)
{
	(void)state;
	for (unsigned missing = 0; missing < 3; missing++) {
		struct fake_trace *fake = begin_with_write();

		if (missing != 1)
			fence(fake, 0, 15, RELEASE);
		atomic(fake, 0, 20, CT_EV_ATOMIC_STORE, RELAXED);
		atomic(fake, 1, 30, CT_EV_ATOMIC_LOAD, RELAXED);
		if (missing != 2)
			fence(fake, 1, 35, SEQ_CST);
		assert_int_equal(races_on_data(fake), missing ? 1 : 0);
	}
}

/* Relaxed counters order nothing, whatever way their values went. */
static void test_relaxed_in_between(void **state)
{
	struct fake_trace *fake = begin_with_write();

	(void)state;
	atomic(fake, 0, 20, CT_EV_ATOMIC_RMW, RELAXED);
	atomic(fake, 2, 25, CT_EV_ATOMIC_RMW, RELAXED);
	lock(fake, 2, 26, CT_EV_MUTEX_LOCK);
	lock(fake, 2, 27, CT_EV_MUTEX_UNLOCK);
	lock(fake, 1, 28, CT_EV_MUTEX_LOCK);
	lock(fake, 1, 29, CT_EV_MUTEX_UNLOCK);
	assert_int_equal(races_on_data(fake), 1);
}

static void test_lock(void **state)
{
	struct fake_trace *fake = begin_with_write();

	(void)state;
	lock(fake, 0, 20, CT_EV_MUTEX_LOCK);
	lock(fake, 0, 21, CT_EV_MUTEX_UNLOCK);
	lock(fake, 1, 30, CT_EV_MUTEX_LOCK);
	lock(fake, 1, 31, CT_EV_MUTEX_UNLOCK);
	assert_int_equal(races_on_data(fake), 0);
}

static void test_atomic_against_plain(void **state)
{
	struct fake_trace *fake = begin();

	(void)state;
	atomic(fake, 0, 10, CT_EV_ATOMIC_STORE, SEQ_CST);
	atomic(fake, 1, 20, CT_EV_ATOMIC_STORE, SEQ_CST);
	assert_int_equal(count_races(fake), 0);
	fake = begin();
	atomic(fake, 0, 10, CT_EV_ATOMIC_STORE, SEQ_CST);
	fake_event(fake, 1, 20, CT_EV_ACCESS_READ, 0, FLAG, 4);
	assert_int_equal(count_races(fake), 1);
}

static void test_bytes(void **state)
{
	struct fake_trace *fake = begin();

	(void)state;
	fake_event(fake, 0, 10, CT_EV_ACCESS_WRITE, 0, DATA, 2);
	fake_event(fake, 1, 20, CT_EV_ACCESS_WRITE, 0, DATA + 2, 2);
	assert_int_equal(count_races(fake), 0);
	fake = begin();
	fake_event(fake, 0, 10, CT_EV_ACCESS_WRITE, 0, DATA + 6, 4);
	fake_event(fake, 1, 20, CT_EV_ACCESS_READ, 0, DATA + 9, 1);
	assert_int_equal(count_races(fake), 1);
}

/* What was freed may be used as new by others; what others still use may not be freed. */
static void test_freed(void **state)
{
	struct fake_trace *fake = begin();

	(void)state;
	fake_event(fake, 0, 5, CT_EV_MEMORY_ALLOCATED, 0, DATA, 64);
	fake_event(fake, 0, 10, CT_EV_ACCESS_WRITE, 0, DATA, 4);
	fake_event(fake, 0, 15, CT_EV_MEMORY_FREED, 0, DATA, 64);
	fake_event(fake, 1, 20, CT_EV_MEMORY_ALLOCATED, 0, DATA, 64);
	fake_event(fake, 1, 25, CT_EV_ACCESS_WRITE, 0, DATA, 4);
	assert_int_equal(count_races(fake), 0);
	fake = begin();
	fake_event(fake, 0, 5, CT_EV_MEMORY_ALLOCATED, 0, DATA, 64);
	fake_event(fake, 1, 10, CT_EV_ACCESS_READ, 0, DATA, 4);
	fake_event(fake, 0, 15, CT_EV_MEMORY_FREED, 0, DATA, 64);
	assert_int_equal(count_races(fake), 1);
}

/* Two atomics in eight bytes have nothing to do with each other. */
static void test_neighbours(void **state)
{
	const struct ct_payload_atomic other = {.object = FLAG + 4, .size = 4, .order = RELEASE};
	struct fake_trace *fake = begin_with_write();

	(void)state;
	atomic(fake, 0, 20, CT_EV_ATOMIC_STORE, RELEASE);
	fake_payload(fake, 2, 25, CT_EV_ATOMIC_STORE, &other, sizeof(other));
	atomic(fake, 1, 30, CT_EV_ATOMIC_LOAD, ACQUIRE);
	assert_int_equal(races_on_data(fake), 0);
}

/* What was never accessed before it was given back may not be used either. */
static void test_used_after_free(void **state)
{
	struct fake_trace *fake = begin();

	(void)state;
	fake_event(fake, 0, 5, CT_EV_MEMORY_ALLOCATED, 0, DATA, 64);
	fake_event(fake, 0, 15, CT_EV_MEMORY_FREED, 0, DATA, 64);
	fake_event(fake, 1, 20, CT_EV_ACCESS_READ, 0, DATA + 8, 4);
	assert_int_equal(count_races(fake), 1);
}

static void test_ignored(void **state)
{
	struct fake_trace *fake = begin_with_write();

	(void)state;
	fake_event(fake, 1, 20, CT_EV_IGNORE_BEGIN, 0, 0, 0);
	fake_event(fake, 1, 25, CT_EV_ACCESS_READ, 0, DATA, 4);
	fake_event(fake, 1, 30, CT_EV_IGNORE_END, 0, 0, 0);
	assert_int_equal(count_races(fake), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_between),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_load_before_store),
		cmocka_unit_test(test_release_sequence),
		cmocka_unit_test(test_fences),
		cmocka_unit_test(test_relaxed_in_between),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_atomic_against_plain),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_freed),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_used_after_free),
		cmocka_unit_test(test_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
