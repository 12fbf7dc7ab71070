/* timing: locks made of a mutex and a condition are found, an interpreter's is called by its name,
 * and what only looks like one is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "report_symbols.h"
#include "timing/interpreter.h"
#include "timing/lanes.h"
#include "timing/parts.h"

enum { MUTEX = 0x100, CONDITION = 0x200, SWITCH_MUTEX = 0x300, SWITCH_CONDITION = 0x400 };
enum { TURNS = 40 };

#define MS UINT64_C(1000000)

/* A program that is written event by event, one every microsecond. */
struct script {
	struct fake_trace *fake;
	struct ct_symbols symbols;
	struct ct_naming naming;
	struct ct_timing timing;
	struct ct_part_interpreter *part;
	struct ct_lane_item items[3]; /* of the first thread's lane, where one is wanted */
	struct ct_lane lane;
	struct ct_lane_arrow arrows[2];
	struct ct_lanes lanes;
	uint64_t time;
};

static void start(struct script *script, uint32_t threads)
{
	*script = (struct script){.fake = fake_new()};
	for (uint32_t t = 1; t <= threads; t++)
		fake_thread(script->fake, 1, t);
}

static void event(struct script *script, size_t thread, uint16_t id, uint16_t flags,
		  uint64_t object, uint64_t arg)
{
	struct fake_stream *stream;

	script->time += 1000;
	fake_event(script->fake, thread, script->time, id, flags, object, arg);
	stream = &script->fake->streams[thread];
	stream->records[stream->count - 1].record.stack = 1;
}

static void lock(struct script *script, size_t thread, uint64_t mutex)
{
	event(script, thread, CT_EV_MUTEX_LOCK, 0, mutex, 0);
}

static void unlock(struct script *script, size_t thread, uint64_t mutex)
{
	event(script, thread, CT_EV_MUTEX_UNLOCK, 0, mutex, 0);
}

static void signal_one(struct script *script, size_t thread, uint64_t condition)
{
	event(script, thread, CT_EV_COND_SIGNAL, 0, condition, 0);
}

static void wait_begins(struct script *script, size_t thread, uint64_t condition, uint64_t mutex)
{
	event(script, thread, CT_EV_COND_WAIT, CT_F_REQUEST, condition, mutex);
}

static void wait_ends(struct script *script, size_t thread, uint64_t condition, uint64_t mutex)
{
	event(script, thread, CT_EV_COND_WAIT, CT_F_BLOCKED, condition, mutex);
}

static enum ct_status on_step(void *state, const struct ct_model *model, const struct ct_step *step)
{
	struct script *script = state;
	struct ct_span_sink sink = ct_part_interpreter_sink(script->part);
	struct ct_span sleep = {.thread = step->thread, .activity = CT_SLEEPS};
	enum ct_status status = CT_OK;

	if (step->effect == CT_EFFECT_SLEEP && !step->request)
		status = sink.span(sink.state, &sleep);
	return status ? status : sink.step(sink.state, model, step, step->record->time);
}

/* Runs the script; its calls come from the file `module`. */
static void run(struct script *script, const char *module)
{
	struct ct_observer observer = {.state = script, .step = on_step};

	symbols_frame_in(&script->symbols, 1, "take", module, 16);
	assert_int_equal(ct_part_interpreter_new(&script->timing, &script->part), CT_OK);
	script->timing.model = fake_run(script->fake, &observer);
	ct_naming_init(&script->naming, script->timing.model, &script->symbols);
	script->timing.naming = &script->naming;
}

static void finish(struct script *script)
{
	assert_int_equal(ct_part_interpreter_finish(script->part, &script->timing), CT_OK);
}

static void end(struct script *script)
{
	free(script->timing.interpreters);
	ct_part_interpreter_free(script->part);
	ct_naming_fini(&script->naming);
	fake_free(script->fake);
}

/* As CPython takes its lock: whoever took it tells so by a second condition. */
static void tell_taken(struct script *script, size_t thread)
{
	lock(script, thread, SWITCH_MUTEX);
	signal_one(script, thread, SWITCH_CONDITION);
	unlock(script, thread, SWITCH_MUTEX);
	unlock(script, thread, MUTEX);
}

static void give(struct script *script, size_t thread)
{
	lock(script, thread, MUTEX);
	signal_one(script, thread, CONDITION);
	unlock(script, thread, MUTEX);
}

static void take(struct script *script, size_t thread)
{
	lock(script, thread, MUTEX);
	unlock(script, thread, MUTEX);
}

/* Two threads that compute: each waits until the other gives up its turn. */
static void python_turns(struct script *script)
{
	lock(script, 0, MUTEX);
	tell_taken(script, 0);
	for (size_t turn = 0; turn < TURNS; turn++) {
		size_t has = turn % 2, wants = !has;

		lock(script, wants, MUTEX);
		wait_begins(script, wants, CONDITION, MUTEX);
		give(script, has);
		lock(script, has, SWITCH_MUTEX);
		wait_begins(script, has, SWITCH_CONDITION, SWITCH_MUTEX);
		wait_ends(script, wants, CONDITION, MUTEX);
		tell_taken(script, wants);
		wait_ends(script, has, SWITCH_CONDITION, SWITCH_MUTEX);
		unlock(script, has, SWITCH_MUTEX);
	}
}

static const struct ct_object *object_at(const struct script *script, uint64_t address)
{
	const struct ct_model *model = script->timing.model;

	for (size_t i = 0; i < model->object_count; i++)
		if (model->objects[i]->address == address)
			return model->objects[i];
	return NULL;
}

static void test_python(void **state)
{
	struct script script;
	const struct ct_interpreter *lock;

	(void)state;
	start(&script, 2);
	python_turns(&script);
	run(&script, "/usr/bin/python3.11");
	finish(&script);
	assert_int_equal(script.timing.interpreter_count, 1);
	lock = &script.timing.interpreters[0];
	assert_string_equal(lock->name, "Python's interpreter lock (GIL)");
	assert_ptr_equal(lock->mutex, object_at(&script, MUTEX));
	assert_ptr_equal(lock->condition, object_at(&script, CONDITION));
	assert_int_equal(lock->threads, 2);
	/* the first time it was taken no condition was known of it */
	assert_int_equal(lock->acquisitions, TURNS);
	assert_int_equal(lock->folded, script.timing.model->events - 4);
	assert_true(lock->at_once == 1.0);
	assert_in_range(lock->held_ns, 1, script.time);
	end(&script);
}

/* A thread's waits of 4 ms for the lock's objects, and 2 ms for another's. */
static void blocked(const struct script *script, struct ct_timing_thread *thread)
{
	static const uint64_t places[] = {SWITCH_MUTEX, CONDITION, 0x500, MUTEX};

	thread->blocked = calloc(4, sizeof(*thread->blocked));
	assert_non_null(thread->blocked);
	thread->blocked_count = 4;
	for (size_t i = 0; i < 4; i++) {
		uint64_t total = places[i] == CONDITION ? 38 * MS
				 : places[i] == 0x500	? 2 * MS
							: MS;
		enum ct_activity activity =
			places[i] == CONDITION ? CT_WAITS_CONDITION : CT_WAITS_LOCK;

		thread->blocked[i] = (struct ct_blocked){.activity = activity,
							 .object = object_at(script, places[i]),
							 .count = 1,
							 .total_ns = total,
							 .max_ns = total};
		thread->by_activity[activity] += total;
	}
	assert_non_null(thread->blocked[2].object);
}

static void timed_thread(struct script *script, size_t number, uint64_t cpu_ns)
{
	struct ct_timing_thread *thread = &script->timing.threads[number];

	*thread = (struct ct_timing_thread){.thread = script->timing.model->threads[number],
					    .present = true,
					    .begin_ns = 10 * MS,
					    .end_ns = 90 * MS,
					    .usage = {.cpu_ns = cpu_ns}};
	blocked(script, thread);
}

static void lanes(struct script *script)
{
	script->items[0] = (struct ct_lane_item){.activity = CT_WAITS_LOCK,
						 .object = object_at(script, SWITCH_MUTEX)->id + 1};
	script->items[1] = (struct ct_lane_item){.activity = CT_WAITS_LOCK,
						 .object = object_at(script, 0x500)->id + 1};
	script->lane = (struct ct_lane){.items = script->items, .item_count = 3};
	for (size_t i = 0; i < 2; i++)
		script->arrows[i] = (struct ct_lane_arrow){.activity = CT_WAITS_LOCK,
							   .object = script->items[i].object};
	script->lanes = (struct ct_lanes){.threads = &script->lane,
					  .thread_count = 1,
					  .arrows = script->arrows,
					  .arrow_count = 2};
	script->timing.lanes = &script->lanes;
}

static void timed(struct script *script, uint64_t cpu_ns)
{
	start(script, 2);
	lock(script, 0, 0x500);
	unlock(script, 0, 0x500);
	python_turns(script);
	run(script, "/usr/lib/libpython3.11.so.1.0");
	script->timing.threads = calloc(2, sizeof(*script->timing.threads));
	script->timing.locks = calloc(2, sizeof(*script->timing.locks));
	assert_non_null(script->timing.threads);
	assert_non_null(script->timing.locks);
	script->timing.thread_count = script->timing.lock_count = 2;
	script->timing.locks[0].object = object_at(script, SWITCH_MUTEX);
	script->timing.locks[1].object = object_at(script, 0x500);
	script->timing.locks[0].critical_ns = 2;
	script->timing.locks[1].critical_ns = 1;
	script->timing.critical.lock = &script->timing.locks[0];
	for (size_t t = 0; t < 2; t++)
		timed_thread(script, t, cpu_ns);
	lanes(script);
	finish(script);
}

static void untimed(struct script *script)
{
	for (size_t t = 0; t < 2; t++)
		free(script->timing.threads[t].blocked);
	free(script->timing.threads);
	free(script->timing.locks);
	end(script);
}

static void test_folded(void **state)
{
	struct script script;
	const struct ct_timing_thread *thread;
	struct ct_text text;

	(void)state;
	timed(&script, 40 * MS);
	assert_int_equal(script.items[0].activity, CT_WAITS_INTERPRETER);
	assert_int_equal(script.items[1].activity, CT_WAITS_LOCK);
	assert_int_equal(script.items[2].activity, CT_RUNS);
	assert_int_equal(script.arrows[0].activity, CT_WAITS_INTERPRETER);
	assert_int_equal(script.arrows[1].activity, CT_WAITS_LOCK);
	thread = &script.timing.threads[1];
	assert_int_equal(thread->blocked_count, 2);
	assert_int_equal(thread->blocked[0].activity, CT_WAITS_INTERPRETER);
	assert_int_equal(thread->blocked[0].count, 3);
	assert_int_equal(thread->blocked[0].total_ns, 40 * MS);
	assert_int_equal(thread->blocked[0].max_ns, 38 * MS);
	assert_ptr_equal(thread->blocked[1].object, object_at(&script, 0x500));
	assert_int_equal(thread->by_activity[CT_WAITS_INTERPRETER], 40 * MS);
	assert_int_equal(thread->by_activity[CT_WAITS_CONDITION], 0);
	assert_int_equal(thread->by_activity[CT_WAITS_LOCK], 2 * MS);
	assert_true(script.timing.locks[0].folded);
	assert_false(script.timing.locks[1].folded);
	assert_ptr_equal(script.timing.critical.lock, &script.timing.locks[1]);
	assert_int_equal(script.timing.interpreters[0].waits, 6);
	assert_int_equal(script.timing.interpreters[0].waited_ns, 80 * MS);
	assert_true(script.timing.interpreters[0].serialized);
	ct_text_init(&text);
	assert_int_equal(
		ct_interpreter_sentence(&script.timing.interpreters[0], &script.timing, &text),
		CT_OK);
	assert_string_equal(ct_text_str(&text),
			    "Python's interpreter lock (GIL) let 2 CPU-bound threads run one at a "
			    "time only: together they computed for 0.08 s in 0.08 s, and waited "
			    "for it 50 % of their lives.");
	ct_text_fini(&text);
	untimed(&script);
}

/* Two threads of 80 ms, of which one waited: whether the lock is told. */
static bool is_told(uint64_t waits, uint64_t waited_ns)
{
	struct ct_timing_thread threads[2] = {{.present = true, .end_ns = 80 * MS},
					      {.present = true, .end_ns = 80 * MS}};
	struct ct_blocked blocked = {
		.activity = CT_WAITS_CONDITION, .count = waits, .total_ns = waited_ns};
	struct script script;
	bool told;

	start(&script, 2);
	python_turns(&script);
	run(&script, "/usr/bin/python3.11");
	for (size_t t = 0; t < 2; t++)
		threads[t].thread = script.timing.model->threads[t];
	blocked.object = object_at(&script, CONDITION);
	threads[1].blocked = &blocked;
	threads[1].blocked_count = 1;
	threads[1].by_activity[CT_WAITS_CONDITION] = waited_ns;
	script.timing.threads = threads;
	script.timing.thread_count = 2;
	finish(&script);
	told = script.timing.interpreter_count == 1;
	end(&script);
	return told;
}

static void test_nobody_fought(void **state)
{
	(void)state;
	assert_true(is_told(10, 1000));
	assert_true(is_told(1, 16 * MS / 10));
	assert_false(is_told(9, 15 * MS / 10));
	assert_false(is_told(1, 1000));
}

/* They computed more than one processor can: code without the lock. */
static void test_not_serialized(void **state)
{
	struct script script;

	(void)state;
	timed(&script, 60 * MS);
	assert_int_equal(script.timing.interpreter_count, 1);
	assert_false(script.timing.interpreters[0].serialized);
	untimed(&script);
}

/* The same lock in a program of its own is what it is. */
static void test_own_lock(void **state)
{
	struct ct_timing_lock lock = {.folded = false};
	struct script script;

	(void)state;
	start(&script, 2);
	for (size_t turn = 0; turn < TURNS; turn++) {
		take(&script, turn % 2);
		give(&script, turn % 2);
	}
	run(&script, "/home/me/python3/bank");
	lock.object = object_at(&script, MUTEX);
	script.timing.locks = &lock;
	script.timing.lock_count = 1;
	finish(&script);
	assert_false(lock.folded);
	assert_int_equal(script.timing.interpreter_count, 1);
	assert_string_equal(script.timing.interpreters[0].name, "a lock made of `M1` and `CV1`");
	assert_int_equal(script.timing.interpreters[0].folded, 0);
	end(&script);
}

/* Runs what is in no way such a lock, in an interpreter's code even. */
static void expect_none(struct script *script)
{
	run(script, "/usr/bin/python3.11");
	finish(script);
	assert_int_equal(script->timing.interpreter_count, 0);
	end(script);
}

/* One thread takes from a queue what the other puts there. */
static void test_queue(void **state)
{
	struct script script;

	(void)state;
	start(&script, 2);
	for (size_t turn = 0; turn < TURNS; turn++) {
		lock(&script, 1, MUTEX);
		wait_begins(&script, 1, CONDITION, MUTEX);
		give(&script, 0);
		wait_ends(&script, 1, CONDITION, MUTEX);
		unlock(&script, 1, MUTEX);
	}
	expect_none(&script);
}

/* A pool: two workers take, the first thread puts. */
static void test_pool(void **state)
{
	struct script script;

	(void)state;
	start(&script, 3);
	for (size_t turn = 0; turn < TURNS; turn++) {
		give(&script, 0);
		take(&script, 1 + turn % 2);
	}
	expect_none(&script);
}

/* Whoever comes adds something, and every third time tells the others. */
static void test_seldom(void **state)
{
	struct script script;

	(void)state;
	start(&script, 2);
	for (size_t turn = 0; turn < TURNS; turn++) {
		take(&script, turn % 2);
		take(&script, turn % 2);
		give(&script, turn % 2);
	}
	expect_none(&script);
}

/* A semaphore of two places: both have one at a time. */
static void test_counting(void **state)
{
	struct script script;

	(void)state;
	start(&script, 2);
	for (size_t turn = 0; turn < TURNS; turn++) {
		take(&script, 0);
		take(&script, 1);
		give(&script, 0);
		give(&script, 1);
	}
	expect_none(&script);
}

/* A read-write lock: readers overlap, only the last one signals. */
static void test_readers(void **state)
{
	struct script script;

	(void)state;
	start(&script, 2);
	for (size_t turn = 0; turn < TURNS; turn++) {
		take(&script, 0);
		take(&script, 1);
		take(&script, 0); /* the first leaves: nobody is told */
		give(&script, 1);
	}
	expect_none(&script);
}

/* Who has it sleeps with it: no lock that is given up around what blocks. */
static void test_held_asleep(void **state)
{
	struct script script;

	(void)state;
	start(&script, 2);
	for (size_t turn = 0; turn < TURNS; turn++) {
		take(&script, turn % 2);
		event(&script, turn % 2, CT_EV_SLEEP, CT_F_REQUEST, 0, 1000);
		event(&script, turn % 2, CT_EV_SLEEP, CT_F_BLOCKED, 0, 1000);
		give(&script, turn % 2);
	}
	expect_none(&script);
}

/* Whoever has it, anyone may give it back. */
static void test_flag(void **state)
{
	struct script script;

	(void)state;
	start(&script, 2);
	for (size_t turn = 0; turn < TURNS; turn++) {
		take(&script, turn % 2);
		give(&script, (turn + 1) % 2);
	}
	expect_none(&script);
}

static void test_one_thread(void **state)
{
	struct script script;

	(void)state;
	start(&script, 2);
	for (size_t turn = 0; turn < TURNS; turn++) {
		take(&script, 0);
		give(&script, 0);
	}
	event(&script, 1, CT_EV_YIELD, 0, 0, 0);
	expect_none(&script);
}

static void test_few(void **state)
{
	struct script script;

	(void)state;
	start(&script, 2);
	for (size_t turn = 0; turn < 9; turn++) {
		take(&script, turn % 2);
		give(&script, turn % 2);
	}
	expect_none(&script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_python),	      cmocka_unit_test(test_folded),
		cmocka_unit_test(test_nobody_fought), cmocka_unit_test(test_not_serialized),
		cmocka_unit_test(test_own_lock),      cmocka_unit_test(test_queue),
		cmocka_unit_test(test_pool),	      cmocka_unit_test(test_counting),
		cmocka_unit_test(test_readers),	      cmocka_unit_test(test_held_asleep),
		cmocka_unit_test(test_flag),	      cmocka_unit_test(test_seldom),
		cmocka_unit_test(test_one_thread),    cmocka_unit_test(test_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
