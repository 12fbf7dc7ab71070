/* timing/advice: each rule where it holds, and just where it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "timing/parts.h"

enum { THREADS = 20 };
#define MS 1000000ull

/* Two workers of 100 ms on two processors that compute half of it, and a lock they took. */
struct program {
	struct fake_trace *fake;
	struct ct_naming naming;
	struct ct_timing timing;
	struct ct_timing_thread threads[THREADS];
	struct ct_timing_process process;
	struct ct_blocked blocked[THREADS];
	struct ct_timing_lock lock;
	struct ct_lock_site site;
	struct ct_interpreter interpreter;
	uint64_t at_ns[THREADS];
};

static void set_up(struct program *program, size_t workers)
{
	struct ct_model *model;

	memset(program, 0, sizeof(*program));
	program->fake = fake_new();
	for (uint32_t t = 1; t <= THREADS; t++)
		fake_thread(program->fake, 1, t);
	fake_event(program->fake, 0, 1, CT_EV_MUTEX_LOCK, 0, 64, 0);
	model = fake_run(program->fake, NULL);
	ct_naming_init(&program->naming, model, NULL);
	for (size_t t = 0; t < THREADS; t++)
		program->threads[t] = (struct ct_timing_thread){
			.thread = model->threads[t],
			.end_ns = 100 * MS,
			.creation_ns = CT_TIME_UNKNOWN,
			.usage = {.cpu_ns = 50 * MS, .ready_ns = 0},
			.bound = CT_BOUND_CPU,
			.worker = true,
			.present = t < workers,
			.blocked = &program->blocked[t],
		};
	program->lock = (struct ct_timing_lock){
		.object = model->objects[0],
		.acquisitions = 1000,
		.hold = {.count = 1000, .mean_ns = 2500, .total_ns = 70 * MS},
		.sites = &program->site,
		.site_count = 1,
	};
	program->site.place = "bank.c:31";
	program->process = (struct ct_timing_process){
		.process = model->processes[0],
		.creation_ns = CT_TIME_UNKNOWN,
		.present = true,
	};
	program->timing = (struct ct_timing){
		.model = model,
		.naming = &program->naming,
		.wall_ns = 100 * MS,
		.cpus = 2,
		.threads = program->threads,
		.thread_count = THREADS,
		.processes = &program->process,
		.process_count = 1,
		.workers = workers,
		.locks = &program->lock,
		.lock_count = 1,
		.parallelism = {.mean = 2,
				.cores = 1,
				.at_ns = program->at_ns,
				.most = THREADS - 1},
	};
}

static void wait_for_lock(struct program *program, size_t workers, uint64_t each_ns)
{
	for (size_t t = 0; t < workers; t++) {
		program->blocked[t] = (struct ct_blocked){.activity = CT_WAITS_LOCK,
							  .object = program->lock.object,
							  .count = 1,
							  .total_ns = each_ns};
		program->threads[t].blocked_count = 1;
	}
	program->lock.contended = 500;
	program->lock.wait.total_ns = workers * each_ns;
}

static const struct ct_advice *told(struct program *program, const char *rule)
{
	for (size_t i = 0; i < program->timing.advice_count; i++) {
		const struct ct_advice *advice = &program->timing.advice[i];

		assert_true(advice->text && *advice->text && advice->help && *advice->help);
		if (!strcmp(advice->rule, rule))
			return advice;
	}
	return NULL;
}

static void advise(struct program *program)
{
	assert_int_equal(ct_timing_advise(&program->timing), CT_OK);
}

static void tear_down(struct program *program)
{
	for (size_t i = 0; i < program->timing.advice_count; i++) {
		free(program->timing.advice[i].text);
		free(program->timing.advice[i].help);
	}
	free(program->timing.advice);
	ct_naming_fini(&program->naming);
	fake_free(program->fake);
}

static void test_nothing_to_say(void **state)
{
	struct program program;

	(void)state;
	set_up(&program, 2);
	advise(&program);
	assert_int_equal(program.timing.advice_count, 0);
	tear_down(&program);
}

/* Whether "serialized-threads" is told after `change`. */
static bool is_serialized(void (*change)(struct program *program))
{
	struct program program;
	bool result;

	set_up(&program, 2);
	wait_for_lock(&program, 2, 40 * MS);
	change(&program);
	advise(&program);
	result = told(&program, "serialized-threads") != NULL;
	tear_down(&program);
	return result;
}

static void as_it_is(struct program *program)
{
	(void)program;
}

static void two_cores_busy(struct program *program)
{
	program->timing.parallelism.cores = 1.5;
}

static void one_processor(struct program *program)
{
	program->timing.cpus = 1;
}

/* One thread at a time had the lock nearly always, so that each waited just once. */
static void waits_little(struct program *program)
{
	wait_for_lock(program, 2, 3 * MS);
}

static void hardly_waits(struct program *program)
{
	wait_for_lock(program, 2, 1 * MS);
}

static void held_for_less(struct program *program)
{
	program->lock.hold.total_ns = 59 * MS;
}

static void readers_wait_little(struct program *program)
{
	static const struct ct_object readers = {.kind = CT_OBJECT_RWLOCK};

	program->lock.object = &readers;
	waits_little(program);
}

static void one_computes(struct program *program)
{
	program->threads[1].usage.cpu_ns = MS / 2;
}

static void short_run(struct program *program)
{
	program->timing.wall_ns = 9 * MS;
}

static void of_interpreter(struct program *program)
{
	program->lock.folded = true;
}

static void test_serialized_threads(void **state)
{
	struct program program;
	const struct ct_advice *advice;

	(void)state;
	assert_true(is_serialized(as_it_is));
	assert_false(is_serialized(two_cores_busy));
	assert_false(is_serialized(one_processor));
	assert_true(is_serialized(waits_little));
	assert_false(is_serialized(hardly_waits));
	assert_false(is_serialized(held_for_less));
	assert_false(is_serialized(readers_wait_little));
	assert_false(is_serialized(one_computes));
	assert_false(is_serialized(short_run));
	assert_false(is_serialized(of_interpreter));
	set_up(&program, 2);
	wait_for_lock(&program, 2, 40 * MS);
	advise(&program);
	advice = told(&program, "serialized-threads");
	assert_non_null(advice);
	assert_non_null(strstr(advice->text, "2 threads compute"));
	assert_non_null(strstr(advice->text, "M1"));
	assert_non_null(strstr(advice->text, " was held for 70 % of the elapsed time, and they "
					     "waited for it for 40 % of their lives"));
	assert_non_null(strstr(advice->text, "1.0 of 2 processors were busy"));
	assert_non_null(strstr(advice->help, "compute outside"));
	tear_down(&program);
}

static void test_interpreter(void **state)
{
	struct program program;
	const struct ct_advice *advice;

	(void)state;
	for (int serialized = 0; serialized < 2; serialized++) {
		set_up(&program, 2);
		for (size_t t = 0; t < 2; t++)
			program.threads[t].by_activity[CT_WAITS_INTERPRETER] = 45 * MS;
		program.interpreter = (struct ct_interpreter){
			.process = program.process.process,
			.name = "the GIL",
			.serialized = serialized,
			.folded = 1,
		};
		program.timing.interpreters = &program.interpreter;
		program.timing.interpreter_count = 1;
		advise(&program);
		advice = told(&program, "serialized-threads");
		assert_int_equal(advice != NULL, serialized);
		if (advice) {
			assert_non_null(strstr(advice->text, "waited for the GIL for 45 %"));
			assert_non_null(strstr(advice->help, "processes"));
		}
		tear_down(&program);
	}
}

/* A lock that the program made of a mutex and a condition: its threads wait for the condition, and
 * processes are no way out of it. */
static void test_own_lock(void **state)
{
	struct program program;
	const struct ct_advice *advice;

	(void)state;
	set_up(&program, 2);
	wait_for_lock(&program, 2, 45 * MS);
	program.timing.lock_count = 0; /* what is waited for is the condition */
	program.interpreter = (struct ct_interpreter){
		.process = program.process.process,
		.name = "a lock made of `m` and `c`",
		.condition = program.lock.object,
		.serialized = true,
	};
	program.timing.interpreters = &program.interpreter;
	program.timing.interpreter_count = 1;
	advise(&program);
	advice = told(&program, "serialized-threads");
	assert_non_null(advice);
	assert_non_null(strstr(advice->text, "waited for a lock made of `m` and `c` for 45 %"));
	assert_non_null(strstr(advice->help, "Have it for less"));
	assert_null(strstr(advice->help, "processes"));
	tear_down(&program);
}

/* `workers` threads, each `ready` ms without a processor, and 3 at once for `crowded` ms of 100. */
static bool is_oversubscribed(size_t workers, uint64_t ready, uint64_t crowded, uint32_t cpus)
{
	struct program program;
	bool result;

	set_up(&program, workers);
	program.timing.cpus = cpus;
	program.timing.parallelism.cores = 2;
	program.at_ns[2] = (100 - crowded) * MS;
	program.at_ns[3] = crowded / 2 * MS;
	program.at_ns[4] = (crowded - crowded / 2) * MS;
	for (size_t t = 0; t < workers; t++)
		program.threads[t].usage.ready_ns = ready * MS;
	advise(&program);
	result = told(&program, "oversubscribed") != NULL;
	tear_down(&program);
	return result;
}

static void test_oversubscribed(void **state)
{
	(void)state;
	assert_true(is_oversubscribed(4, 30, 25, 2));
	assert_false(is_oversubscribed(2, 30, 25, 2));
	assert_false(is_oversubscribed(4, 10, 25, 2));
	assert_false(is_oversubscribed(20, 30, 24, 2)); /* one after the other */
	assert_false(is_oversubscribed(4, 30, 25, 0));	/* unknown */
	assert_true(is_oversubscribed(4, 30, 0, 1));
}

/* `count` threads beside main, each of `cpu` us made in `creation` us, within `wall` us. */
static bool is_overhead(size_t count, uint64_t creation, uint64_t cpu, uint64_t wall)
{
	struct program program;
	bool result;

	set_up(&program, count + 1);
	program.timing.wall_ns = wall * 1000;
	for (size_t t = 1; t <= count; t++) {
		program.threads[t].begin_ns = t * creation * 1000;
		program.threads[t].creation_ns = creation * 1000;
		program.threads[t].usage.cpu_ns = cpu * 1000;
	}
	advise(&program);
	result = told(&program, "creation-overhead") != NULL;
	tear_down(&program);
	return result;
}

static void test_creation_overhead(void **state)
{
	(void)state;
	assert_true(is_overhead(10, 100, 200, 5000));
	assert_false(is_overhead(7, 100, 200, 5000));	/* few */
	assert_false(is_overhead(10, 100, 500, 5000));	/* worth it */
	assert_false(is_overhead(10, 100, 200, 20000)); /* little of the time */
}

static void test_creation_is_told_in_numbers(void **state)
{
	struct program program;
	const struct ct_advice *advice;

	(void)state;
	set_up(&program, 11);
	program.timing.wall_ns = 5 * MS;
	for (size_t t = 1; t <= 10; t++) {
		program.threads[t].begin_ns = 150000 * t;
		program.threads[t].creation_ns = 150000;
		program.threads[t].usage.cpu_ns = 250000;
	}
	program.threads[5].usage.cpu_ns = CT_TIME_UNKNOWN; /* counts for nothing */
	advise(&program);
	advice = told(&program, "creation-overhead");
	assert_non_null(advice);
	assert_non_null(strstr(advice->text,
			       "9 threads were started, which took 150.0 us each, to "
			       "compute for 250.0 us each; in 27 % of the elapsed time"));
	tear_down(&program);
}

/* Ten that are made at once take no longer than one. */
static void test_creation_at_once(void **state)
{
	struct program program;
	const struct ct_advice *advice;

	(void)state;
	for (uint64_t wall = 5; wall <= 15; wall += 5) {
		set_up(&program, 11);
		program.timing.wall_ns = wall * MS;
		for (size_t t = 1; t <= 10; t++) {
			program.threads[t].begin_ns = MS + 10000 * t;
			program.threads[t].creation_ns = MS;
			program.threads[t].usage.cpu_ns = MS;
		}
		advise(&program);
		advice = told(&program, "creation-overhead");
		assert_int_equal(advice != NULL, wall < 15);
		if (wall == 10)
			assert_non_null(strstr(advice->text, "in 11 % of the elapsed time"));
		tear_down(&program);
	}
}

/* To wait for a processor takes long, not to start. */
static void test_creation_without_processor(void **state)
{
	(void)state;
	for (uint64_t ready_us = 0; ready_us <= 400; ready_us += 400) {
		struct program program;

		set_up(&program, 11);
		program.timing.wall_ns = 5 * MS;
		for (size_t t = 1; t <= 10; t++) {
			program.threads[t].begin_ns = 100000 * t;
			program.threads[t].creation_ns = 100000;
			program.threads[t].usage =
				(struct ct_usage){.cpu_ns = 200000, .ready_ns = ready_us * 1000};
		}
		advise(&program);
		assert_int_equal(told(&program, "creation-overhead") != NULL, ready_us == 0);
		tear_down(&program);
	}
}

static void test_contended_lock(void **state)
{
	struct program program;
	const struct ct_advice *advice;

	(void)state;
	for (int change = 0; change < 5; change++) {
		set_up(&program, 2);
		program.timing.parallelism.cores = 2;
		wait_for_lock(&program, 2, 11 * MS);
		program.lock.acquisitions = change == 1 ? 99 : 1000;
		program.lock.contended = change == 1 ? 99 : change == 2 ? 99 : 100;
		if (change == 3) { /* others waited, who do not work */
			wait_for_lock(&program, 2, 9 * MS);
			program.lock.contended = 100;
			program.lock.wait.total_ns = 500 * MS;
		}
		if (change == 4)
			program.lock.folded = true;
		advise(&program);
		advice = told(&program, "contended-lock");
		assert_int_equal(advice != NULL, change == 0);
		if (advice) {
			assert_non_null(strstr(advice->text, "10 % of 1000 acquisitions"));
			assert_non_null(strstr(advice->text, "22.0 ms, 11 %"));
			assert_non_null(strstr(advice->text, "bank.c:31"));
			assert_non_null(strstr(advice->text, "2.5 us on average"));
		}
		tear_down(&program);
	}
}

/* Who gives it back and takes it again at once leaves the others waiting for many of its turns. */
static void test_starved(void **state)
{
	(void)state;
	for (uint64_t waited_ms = 29; waited_ms <= 30; waited_ms++) {
		struct program program;

		set_up(&program, 2);
		program.timing.parallelism.cores = 2;
		wait_for_lock(&program, 2, waited_ms * MS);
		program.lock.acquisitions = 1000;
		program.lock.contended = 3;
		advise(&program);
		assert_int_equal(told(&program, "contended-lock") != NULL, waited_ms == 30);
		tear_down(&program);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_to_say),
		cmocka_unit_test(test_serialized_threads),
		cmocka_unit_test(test_interpreter),
		cmocka_unit_test(test_own_lock),
		cmocka_unit_test(test_oversubscribed),
		cmocka_unit_test(test_creation_overhead),
		cmocka_unit_test(test_creation_is_told_in_numbers),
		cmocka_unit_test(test_creation_at_once),
		cmocka_unit_test(test_creation_without_processor),
		cmocka_unit_test(test_contended_lock),
		cmocka_unit_test(test_starved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
