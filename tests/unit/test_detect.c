/* detect: headlines and reasons on text traces, the closed world on recorded ones. The verdicts
 * themselves are in tests/scenarios. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "detect/detector.h"
#include "fake_trace.h"
#include "finding/headline.h"
#include "text_trace.h"

/* What a trace gives. */
struct result {
	struct ct_trace *trace; /* of text, or */
	struct fake_trace *fake;
	struct ct_model *model;
	struct ct_findings findings;
};

static struct result detect(struct ct_trace *trace, struct fake_trace *fake)
{
	struct result result = {.trace = trace, .fake = fake};
	struct ct_error error;

	if (fake)
		result.model = fake_model(fake);
	else
		assert_int_equal(ct_model_new(trace, &error, &result.model), CT_OK);
	ct_findings_init(&result.findings);
	assert_int_equal(ct_detect_all(result.model, &result.findings, &error), CT_OK);
	return result;
}

static void done(struct result *result)
{
	ct_findings_fini(&result->findings);
	if (result->fake) {
		fake_free(result->fake);
	} else {
		ct_model_free(result->model);
		ct_trace_free(result->trace);
	}
}

static const char *name_object(void *context, const struct ct_object *object)
{
	(void)context;
	return object->given_name ? object->given_name : "?";
}

/* One finding, with that rule and headline. */
static void check(struct result result, const char *rule, const char *headline)
{
	struct ct_text text;

	assert_int_equal(result.findings.count, 1);
	assert_string_equal(result.findings.items[0]->rule->id, rule);
	ct_text_init(&text);
	ct_finding_headline(result.findings.items[0], name_object, NULL, &text);
	assert_string_equal(ct_text_str(&text), headline);
	ct_text_fini(&text);
	done(&result);
}

static void test_headlines(void **state)
{
	(void)state;
	check(detect(text_trace("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T2:acq(b) T2:acq(a)"), 0),
	      "lock-order", "T1 takes `a` then `b`; T2 takes `b` then `a`");
	check(detect(text_trace("T1:acq(a) T2:acq(b) T1:req(b) T2:req(a)"), 0), "deadlock",
	      "T1 waits for `b` held by T2, which waits for `a` held by T1");
	check(detect(text_trace("T1:acq(a) T2:acq(b) T2:req(a) T1:req(b)"), 0), "deadlock",
	      "T2 waits for `a` held by T1, which waits for `b` held by T2");
	check(detect(text_trace("T0:fork(T1) T0:acq(a) T0:req(join:T1) T1:req(a)"), 0), "deadlock",
	      "T0 waits for T1, which waits for `a` held by T0");
	check(detect(text_trace("T1:acq(a) T1:req(a)"), 0), "self-deadlock",
	      "T1 waits for `a`, which it holds itself");
	check(detect(text_trace("T0:fork(T1) T1:acq(m) T1:wait(c.m) T1:req(wait:c) "
				"T0:req(join:T1)"),
		     0),
	      "stuck",
	      "T0 waits for T1; T1 waits for `c`: nobody is left who could wake one of them");
}

static void test_stacks_of_a_deadlock(void **state)
{
	struct result result =
		detect(text_trace("T1:acq(a) T2:acq(b) T1:req(b) T2:req(a) T3:req(a)"), NULL);
	const struct ct_finding *finding = result.findings.items[0];

	/* text stacks are numbered by location in order of first sight: the event's number */
	(void)state;
	assert_int_equal(finding->step_count, 2);
	assert_int_equal(finding->evidence, CT_OBSERVED);
	assert_int_equal(finding->severity, CT_ERROR);
	assert_int_equal(finding->steps[0].held_at.stack, 1);
	assert_int_equal(finding->steps[0].wanted_at.stack, 3);
	assert_int_equal(finding->steps[1].held_at.stack, 2);
	assert_int_equal(finding->steps[1].wanted_at.stack, 4);
	assert_string_equal(finding->steps[1].verb, "locks");
	assert_int_equal(finding->place_count, 1);
	assert_string_equal(finding->places[0].thread->name, "T3");
	assert_int_equal(finding->places[0].stack, 5);
	assert_true(ct_findings_fail(&result.findings));
	done(&result);
}

/* The only ruled-out pattern of the trace, and why. */
static void check_ruled_out(const char *events, const char *why, const char *guard)
{
	struct result result = detect(text_trace(events), NULL);
	const struct ct_finding *pattern;

	assert_int_equal(result.findings.count, 0);
	assert_int_equal(result.findings.ruled_out_count, 1);
	pattern = result.findings.ruled_out[0];
	assert_non_null(strstr(pattern->ruled_out, why));
	assert_int_equal(pattern->step_count, 2);
	assert_string_equal(pattern->guard ? pattern->guard->given_name : "", guard);
	done(&result);
}

static void test_reasons(void **state)
{
	(void)state;
	check_ruled_out("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:acq(b) T1:acq(a)",
			"single thread", "");
	check_ruled_out("T1:acq(g) T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:rel(g) "
			"T2:acq(g) T2:acq(b) T2:acq(a)",
			"guard lock", "g");
	check_ruled_out("T1:acq(g) T1:fork(T3) T3:acq(a) T3:acq(b) T3:rel(b) T3:rel(a) "
			"T1:join(T3) T1:rel(g) T2:acq(g) T2:acq(b) T2:acq(a)",
			"guard lock", "g");
	check_ruled_out("T0:fork(T1) T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T0:join(T1) "
			"T0:acq(b) T0:acq(a)",
			"ordered: one of the steps is always over before another begins, by "
			"pthread_join",
			"");
	check_ruled_out("T2:acq(m) T2:r(x) T2:wait(c.m) T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) "
			"T1:acq(m) T1:w(x) T1:sig(c) T1:rel(m) T2:wake(c.m) T2:r(x) T2:rel(m) "
			"T2:acq(b) T2:acq(a)",
			"by pthread_cond_wait", "");
	check_ruled_out("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:post(s) T2:swait(s) T2:acq(b) "
			"T2:acq(a)",
			"by sem_wait", "");
	check_ruled_out("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:pw(p.1) T2:pr(p.1) T2:acq(b) "
			"T2:acq(a)",
			"by read", "");
	check_ruled_out("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:fork(T2) T2:acq(b) T2:acq(a)",
			"by pthread_create", "");
	check_ruled_out("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T2:acq(b) T2:tacq(a)", "try-lock",
			"");
	check_ruled_out("T1:acq(a) T1:tmacq(b) T1:rel(b) T1:rel(a) T2:acq(b) T2:acq(a)",
			"time limit", "");
	check_ruled_out("T1:racq(a) T1:racq(b) T1:rrel(b) T1:rrel(a) T2:racq(b) T2:racq(a)",
			"read locks", "");
}

/* One more than the longest circle that is looked for. */
static void test_limits_are_told(void **state)
{
	enum { THREADS = 33 };
	char events[THREADS * 80], *at = events;
	struct result result;

	(void)state;
	for (int i = 0; i < THREADS; i++)
		at += sprintf(at, "T%d:acq(l%d) T%d:acq(l%d) T%d:rel(l%d) T%d:rel(l%d) ", i, i, i,
			      (i + 1) % THREADS, i, (i + 1) % THREADS, i, i);
	result = detect(text_trace(events), NULL);
	assert_int_equal(result.findings.count, 1);
	assert_int_equal(result.findings.items[0]->severity, CT_NOTE);
	assert_non_null(strstr(result.findings.items[0]->headline, "more than 32 locks"));
	assert_false(ct_findings_fail(&result.findings));
	done(&result);
}

/* Recorded: main joins T2, which waits on a condition that nobody will signal. */
static struct fake_trace *hung(void)
{
	struct fake_trace *fake = fake_new();

	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_event(fake, 0, 10, CT_EV_THREAD_CREATE, 0, 2, 0);
	fake_start(fake, 1, 20, 7000, 1);
	fake_event(fake, 1, 30, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 1, 40, CT_EV_COND_WAIT, CT_F_REQUEST, 128, 64);
	fake_event(fake, 0, 50, CT_EV_THREAD_JOIN, CT_F_REQUEST, 7000, 0);
	return fake;
}

static void check_count(struct fake_trace *fake, size_t count, const char *rule)
{
	struct result result = detect(NULL, fake);

	assert_int_equal(result.findings.count, count);
	if (count)
		assert_string_equal(result.findings.items[0]->rule->id, rule);
	done(&result);
}

static void test_stuck_when_all_wait(void **state)
{
	(void)state;
	check_count(hung(), 1, "stuck");
}

static void test_not_stuck(void **state)
{
	struct fake_trace *fake = hung();
	struct ct_payload_rusage status = {.object = 0};

	/* another thread runs */
	(void)state;
	fake_thread(fake, 1, 3);
	fake_start(fake, 2, 60, 8000, 1);
	check_count(fake, 0, NULL);
	/* it was created and nothing is known of it */
	fake = hung();
	fake_thread(fake, 1, 3);
	fake_event(fake, 1, 35, CT_EV_THREAD_CREATE, 0, 3, 0);
	check_count(fake, 0, NULL);
	/* records are missing */
	fake = hung();
	fake->trace.threads[1].discarded = 1;
	check_count(fake, 0, NULL);
	/* the wait is cancelled */
	fake = hung();
	fake_event(fake, 0, 45, CT_EV_THREAD_CANCEL, 0, 7000, 0);
	check_count(fake, 0, NULL);
	/* the process ended all the same */
	fake = hung();
	fake_payload(fake, 0, 70, CT_EV_PROCESS_EXIT, &status, sizeof(status));
	check_count(fake, 0, NULL);
}

static void test_limited_or_outside_waits(void **state)
{
	static const struct {
		uint16_t event, flags;
	} waits[] = {{CT_EV_COND_TIMEDWAIT, CT_F_REQUEST | CT_F_TIMED},
		     {CT_EV_SEMOP, CT_F_REQUEST}, /* of another program, perhaps */
		     {CT_EV_READ, CT_F_REQUEST}};

	(void)state;
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		struct fake_trace *fake = fake_new();

		fake_thread(fake, 1, 1);
		fake_event(fake, 0, 9, CT_EV_MUTEX_LOCK, 0, 64, 0);
		fake_event(fake, 0, 10, waits[i].event, waits[i].flags, 128, 64);
		check_count(fake, 0, NULL);
	}
}

static void test_shared_memory_is_open(void **state)
{
	struct fake_trace *fake = hung();

	(void)state;
	fake_map(fake, &(struct ct_trace_map){.process = 1,
					      .time = 1,
					      .start = 0,
					      .size = 4096,
					      .device = 8,
					      .inode = 3});
	check_count(fake, 0, NULL);
}

/* Recorded: the classic, by T2 and T3. */
static struct fake_trace *abba(void)
{
	struct fake_trace *fake = fake_new();

	for (uint32_t t = 1; t <= 3; t++)
		fake_thread(fake, 1, t);
	fake_event(fake, 0, 1, CT_EV_THREAD_CREATE, 0, 2, 0);
	fake_event(fake, 0, 2, CT_EV_THREAD_CREATE, 0, 3, 0);
	fake_event(fake, 1, 10, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 2, 11, CT_EV_MUTEX_LOCK, 0, 128, 0);
	fake_event(fake, 1, 12, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 128, 0);
	fake_event(fake, 2, 13, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 64, 0);
	return fake;
}

static void test_deadlock_stands_when_main_returns(void **state)
{
	struct fake_trace *fake = abba();
	struct ct_payload_rusage status = {.object = 0};

	(void)state;
	fake_payload(fake, 0, 90, CT_EV_PROCESS_EXIT, &status, sizeof(status));
	fake->trace.processes[0].ended = true;
	check_count(fake, 1, "deadlock");
}

static void test_lost_records_weaken(void **state)
{
	struct fake_trace *fake = abba();
	struct result result;

	(void)state;
	fake->trace.threads[1].discarded = 5;
	result = detect(NULL, fake);
	assert_int_equal(result.findings.count, 1);
	assert_int_equal(result.findings.items[0]->evidence, CT_POTENTIAL);
	assert_non_null(result.findings.items[0]->assumes);
	assert_false(ct_findings_fail(&result.findings));
	done(&result);
}

static void test_processes_wait_for_each_other(void **state)
{
	struct fake_trace *fake = fake_new();
	struct result result;

	/* main holds a shared lock and waits for its child, which wants that lock */
	(void)state;
	fake_process(fake, 2, 1, 1, 25, "./child");
	fake_thread(fake, 1, 1);
	fake_thread(fake, 2, 1);
	fake_map(fake, &(struct ct_trace_map){
			       .process = 1, .time = 1, .start = 0, .size = 4096, .inode = 3});
	fake_event(fake, 0, 10, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 0, 20, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_event(fake, 0, 24, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	fake_event(fake, 0, 40, CT_EV_WAITPID, CT_F_REQUEST, 101, 0);
	fake_event(fake, 1, 30, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 64, 0);
	result = detect(NULL, fake);
	assert_int_equal(result.findings.count, 1);
	assert_string_equal(result.findings.items[0]->rule->id, "deadlock");
	assert_int_equal(result.findings.items[0]->step_count, 2);
	done(&result);
}

static void test_join_of_itself_is_refused(void **state)
{
	struct fake_trace *fake = fake_new();

	(void)state;
	fake_thread(fake, 1, 1);
	fake_start(fake, 0, 1, 7000, 0);
	fake_event(fake, 0, 2, CT_EV_THREAD_JOIN, CT_F_REQUEST, 7000, 0);
	fake_fail(fake, 0, 3, CT_EV_THREAD_JOIN, 7000, EDEADLK);
	check_count(fake, 1, "self-deadlock");
	/* another thread's join that is refused says nothing here */
	fake = fake_new();
	fake_thread(fake, 1, 1);
	fake_start(fake, 0, 1, 7000, 0);
	fake_fail(fake, 0, 3, CT_EV_THREAD_JOIN, 8000, EDEADLK);
	check_count(fake, 0, NULL);
}

static void test_relock_of_a_lock_that_another_got(void **state)
{
	struct fake_trace *fake = fake_new();

	/* T2's acquisition shows that main does not hold it any more */
	(void)state;
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_event(fake, 0, 1, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 1, 2, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 0, 3, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 64, 0);
	check_count(fake, 0, NULL);
}

/* Nobody waits for what would be found. */
static void test_unwanted_work_ends(void **state)
{
	atomic_bool unwanted = true;
	struct fake_trace *fake = fake_new();
	struct ct_findings findings;
	struct ct_error error;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_model(fake)->unwanted = &unwanted;
	ct_findings_init(&findings);
	assert_int_equal(ct_detect_all(fake->model, &findings, &error), CT_EINTR);
	ct_findings_fini(&findings);
	fake_free(fake);
}

static bool count_down(void *state, uint64_t events)
{
	int *left = state;

	assert_true(events <= 1);
	return (*left)-- > 0;
}

/* Before the first event, and also once all have been seen. */
static void check_stop(int after, enum ct_status wanted, uint64_t seen)
{
	struct fake_trace *fake = fake_new();
	struct ct_findings findings;
	struct ct_error error;

	fake_thread(fake, 1, 1);
	fake_event(fake, 0, 1, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_model(fake)->progress = count_down;
	fake->model->progress_state = &after;
	ct_findings_init(&findings);
	assert_int_equal(ct_detect_all(fake->model, &findings, &error), wanted);
	assert_int_equal(fake->model->events, seen);
	ct_findings_fini(&findings);
	fake_free(fake);
}

static void test_progress_stops(void **state)
{
	(void)state;
	check_stop(0, CT_EINTR, 0);
	check_stop(2, CT_EINTR, 1);
	check_stop(1000, CT_OK, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headlines),
		cmocka_unit_test(test_stacks_of_a_deadlock),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_limits_are_told),
		cmocka_unit_test(test_stuck_when_all_wait),
		cmocka_unit_test(test_not_stuck),
		cmocka_unit_test(test_limited_or_outside_waits),
		cmocka_unit_test(test_shared_memory_is_open),
		cmocka_unit_test(test_deadlock_stands_when_main_returns),
		cmocka_unit_test(test_lost_records_weaken),
		cmocka_unit_test(test_processes_wait_for_each_other),
		cmocka_unit_test(test_join_of_itself_is_refused),
		cmocka_unit_test(test_relock_of_a_lock_that_another_got),
		cmocka_unit_test(test_unwanted_work_ends),
		cmocka_unit_test(test_progress_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
