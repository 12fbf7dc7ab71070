/* model/order and model/gate: by time, corrected by what cannot have been; skewed clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"

/* The times of all records in the order in which they are delivered, as text. */
static void order_of(struct fake_trace *fake, const struct ct_order_rules *rules, char *out)
{
	struct ct_order_source source = fake_source(fake);
	struct ct_order *order;
	const struct ct_record *record;
	size_t thread;

	assert_int_equal(ct_order_new(&source, rules, fake->trace.frequency, &order), CT_OK);
	*out = '\0';
	while (ct_order_next(order, &thread, &record) == CT_OK)
		out += sprintf(out, "%zu:%d ", thread, (int)record->time);
	ct_order_free(order);
}

static void test_by_time(void **state)
{
	struct fake_trace *fake = fake_new();
	char text[200];
	static const struct {
		size_t thread;
		uint64_t time;
	} records[] = {{0, 5}, {0, 6}, {0, 30}, {1, 1}, {1, 6}, {2, 2}, {2, 40}};

	(void)state;
	for (uint32_t i = 0; i < 4; i++)
		fake_thread(fake, 1, i + 1);
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		fake_event(fake, records[i].thread, records[i].time, CT_EV_MUTEX_LOCK, 0, 1, 0);
	order_of(fake, NULL, text);
	assert_string_equal(text, "1:1 2:2 0:5 0:6 1:6 0:30 2:40 ");
	fake_free(fake);
}

static void test_empty(void **state)
{
	struct fake_trace *fake = fake_new();
	char text[20];

	(void)state;
	order_of(fake, NULL, text);
	assert_string_equal(text, "");
	fake_thread(fake, 1, 1);
	order_of(fake, NULL, text);
	assert_string_equal(text, "");
	fake_free(fake);
}

/* Writes what the model was told: the threads in order. */
struct log {
	char text[4096];
};

static enum ct_status note(void *state, const struct ct_model *model, const struct ct_step *step)
{
	struct log *log = state;

	(void)model;
	sprintf(log->text + strlen(log->text), "%s%u:%s", *log->text ? " " : "",
		step->thread->number, step->info->name);
	/* a payload must still be there */
	if (step->record->payload_size >= sizeof(uint64_t))
		assert_memory_equal(step->record->payload, &step->record->object, sizeof(uint64_t));
	return CT_OK;
}

static void expect(struct fake_trace *fake, const char *wanted)
{
	struct log log = {{0}};
	struct ct_observer observer = {&log, note};

	fake_run(fake, &observer);
	assert_string_equal(log.text, wanted);
	fake_free(fake);
}

static void test_acquire_waits_for_release(void **state)
{
	struct fake_trace *fake = fake_new();
	size_t a = fake_thread(fake, 1, 1), b = fake_thread(fake, 1, 2);

	(void)state;
	fake_event(fake, a, 10, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, a, 105, CT_EV_COND_SIGNAL, 0, 128, 0);
	fake_event(fake, a, 110, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	fake_event(fake, b, 100, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, b, 107, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	expect(fake, "1:MUTEX_LOCK 1:COND_SIGNAL 1:MUTEX_UNLOCK 2:MUTEX_LOCK 2:MUTEX_UNLOCK");
}

static void test_both_ways_at_once(void **state)
{
	struct fake_trace *fake = fake_new();
	size_t a = fake_thread(fake, 1, 1), b = fake_thread(fake, 1, 2);

	/* each takes what the other one gives back afterwards: impossible, so time decides */
	(void)state;
	fake_event(fake, a, 10, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, a, 30, CT_EV_MUTEX_LOCK, 0, 72, 0);
	fake_event(fake, a, 32, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	fake_event(fake, b, 20, CT_EV_MUTEX_LOCK, 0, 72, 0);
	fake_event(fake, b, 31, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, b, 33, CT_EV_MUTEX_UNLOCK, 0, 72, 0);
	expect(fake, "1:MUTEX_LOCK 2:MUTEX_LOCK 2:MUTEX_LOCK 2:MUTEX_UNLOCK 1:MUTEX_LOCK "
		     "1:MUTEX_UNLOCK");
}

static void test_release_never_comes(void **state)
{
	struct fake_trace *fake = fake_new();
	size_t a = fake_thread(fake, 1, 1), b = fake_thread(fake, 1, 2);

	(void)state;
	fake_event(fake, a, 10, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, a, 90, CT_EV_COND_SIGNAL, 0, 128, 0);
	fake_event(fake, a, 110, CT_EV_COND_SIGNAL, 0, 128, 0);
	fake_event(fake, b, 100, CT_EV_MUTEX_LOCK, 0, 64, 0);
	expect(fake, "1:MUTEX_LOCK 1:COND_SIGNAL 2:MUTEX_LOCK 1:COND_SIGNAL");
}

static void test_release_too_late(void **state)
{
	struct fake_trace *fake = fake_new();
	size_t a = fake_thread(fake, 1, 1), b = fake_thread(fake, 1, 2);

	/* a second later is no error of the clock */
	(void)state;
	fake_event(fake, a, 10, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, a, 1000000100, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	fake_event(fake, b, 100, CT_EV_MUTEX_LOCK, 0, 64, 0);
	expect(fake, "1:MUTEX_LOCK 2:MUTEX_LOCK 1:MUTEX_UNLOCK");
}

static void test_wait_gives_back(void **state)
{
	struct fake_trace *fake = fake_new();
	size_t a = fake_thread(fake, 1, 1), b = fake_thread(fake, 1, 2);

	(void)state;
	fake_event(fake, a, 10, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, a, 101, CT_EV_COND_WAIT, CT_F_REQUEST, 128, 64);
	fake_event(fake, a, 300, CT_EV_COND_WAIT, CT_F_BLOCKED, 128, 64);
	fake_event(fake, b, 100, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, b, 301, CT_EV_MUTEX_UNLOCK, 0, 64, 0);
	expect(fake, "1:MUTEX_LOCK 1:COND_WAIT 2:MUTEX_LOCK 2:MUTEX_UNLOCK 1:COND_WAIT");
}

static void test_readers_need_not_wait(void **state)
{
	struct fake_trace *fake = fake_new();
	size_t a = fake_thread(fake, 1, 1), b = fake_thread(fake, 1, 2);

	(void)state;
	fake_event(fake, a, 10, CT_EV_RWLOCK_RDLOCK, 0, 64, 0);
	fake_event(fake, a, 20, CT_EV_RWLOCK_UNLOCK, 0, 64, 0);
	fake_event(fake, b, 11, CT_EV_RWLOCK_RDLOCK, 0, 64, 0);
	fake_event(fake, b, 12, CT_EV_RWLOCK_UNLOCK, 0, 64, 0);
	fake_event(fake, b, 19, CT_EV_RWLOCK_WRLOCK, 0, 64, 0);
	expect(fake, "1:RWLOCK_RDLOCK 2:RWLOCK_RDLOCK 2:RWLOCK_UNLOCK 1:RWLOCK_UNLOCK "
		     "2:RWLOCK_WRLOCK");
}

static void test_threads_begin_and_end(void **state)
{
	struct fake_trace *fake = fake_new();
	size_t a = fake_thread(fake, 1, 1), b = fake_thread(fake, 1, 2);
	struct ct_payload_rusage usage = {.object = 2};

	(void)state;
	fake_event(fake, a, 12, CT_EV_THREAD_CREATE, 0, 2, 0);
	fake_event(fake, a, 50, CT_EV_THREAD_JOIN, CT_F_REQUEST, 7000, 0);
	fake_event(fake, a, 99, CT_EV_THREAD_JOIN, CT_F_BLOCKED, 7000, 0);
	fake_start(fake, b, 10, 7000, 1);
	fake_event(fake, b, 100, CT_EV_COND_SIGNAL, 0, 128, 0);
	fake_payload(fake, b, 101, CT_EV_THREAD_EXIT, &usage, sizeof(usage));
	expect(fake, "1:THREAD_CREATE 2:THREAD_START 1:THREAD_JOIN 2:COND_SIGNAL 2:THREAD_EXIT "
		     "1:THREAD_JOIN");
}

/* Random programs on a few locks, their clocks disturbed: the model must never see two holders. */
struct holders {
	uint32_t holder[4];
	size_t acquisitions, wrong;
};

static enum ct_status check_holders(void *state, const struct ct_model *model,
				    const struct ct_step *step)
{
	struct holders *holders = state;
	uint32_t *holder = &holders->holder[step->record->object / 64 - 1];

	(void)model;
	if (step->effect == CT_EFFECT_ACQUIRE) {
		holders->acquisitions++;
		holders->wrong += *holder != 0;
		*holder = step->thread->number;
	} else {
		holders->wrong += *holder != step->thread->number;
		*holder = 0;
	}
	return CT_OK;
}

static uint32_t dice(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % sides;
}

/* Threads take and release one lock at a time; thread t's clock is t * 7 ticks ahead. */
static struct fake_trace *skewed_program(uint32_t seed)
{
	struct fake_trace *fake = fake_new();
	uint32_t holds[4] = {0}, holder[4] = {0};
	uint64_t now = 1000;

	for (uint32_t t = 0; t < 4; t++)
		fake_thread(fake, 1, t + 1);
	for (size_t i = 0; i < 400; i++) {
		uint32_t t = dice(&seed, 4), lock = dice(&seed, 4);

		now += 1 + dice(&seed, 20);
		if (holds[t]) {
			fake_event(fake, t, now + t * 7, CT_EV_MUTEX_UNLOCK, 0, holds[t] * 64, 0);
			holder[holds[t] - 1] = 0;
			holds[t] = 0;
		} else if (!holder[lock]) {
			fake_event(fake, t, now + t * 7, CT_EV_MUTEX_LOCK, 0, (lock + 1) * 64, 0);
			holder[lock] = 1;
			holds[t] = lock + 1;
		}
	}
	return fake;
}

static void test_skew_is_undone(void **state)
{
	size_t acquisitions = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= 200; seed++) {
		struct fake_trace *fake = skewed_program(seed);
		struct holders holders = {{0}, 0, 0};
		struct ct_observer observer = {&holders, check_holders};

		fake_run(fake, &observer);
		assert_int_equal(holders.wrong, 0);
		acquisitions += holders.acquisitions;
		fake_free(fake);
	}
	assert_true(acquisitions > 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_time),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_acquire_waits_for_release),
		cmocka_unit_test(test_both_ways_at_once),
		cmocka_unit_test(test_release_never_comes),
		cmocka_unit_test(test_release_too_late),
		cmocka_unit_test(test_wait_gives_back),
		cmocka_unit_test(test_readers_need_not_wait),
		cmocka_unit_test(test_threads_begin_and_end),
		cmocka_unit_test(test_skew_is_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
