/* model/replay: the threads go on in another order, and only as they could. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/replay_run.h"
#include "text_trace.h"

struct fixture {
	struct ct_trace *trace;
	struct ct_model *model;
	struct ct_replay *replay;
	struct ct_replay_run *run;
};

static enum ct_status step(void *state, const struct ct_model *model, const struct ct_step *step)
{
	(void)model;
	return ct_replay_step(state, step);
}

static struct fixture begin(const char *events)
{
	struct fixture fixture = {.trace = text_trace(events)};
	struct ct_observer observer = {.step = step};
	struct ct_error error;

	assert_int_equal(ct_model_new(fixture.trace, &error, &fixture.model), CT_OK);
	assert_int_equal(ct_replay_new(fixture.model, &fixture.replay), CT_OK);
	observer.state = fixture.replay;
	assert_int_equal(ct_model_run(fixture.model, &observer, 1, &error), CT_OK);
	assert_int_equal(ct_replay_finish(fixture.replay), CT_OK);
	assert_int_equal(ct_replay_run_new(fixture.replay, &fixture.run), CT_OK);
	ct_replay_begin(fixture.run);
	return fixture;
}

static void end(struct fixture *fixture)
{
	ct_replay_run_free(fixture->run);
	ct_replay_free(fixture->replay);
	ct_model_free(fixture->model);
	ct_trace_free(fixture->trace);
}

/* Everybody goes on, the thread of event `stop` (its number in the text) only to before it; then
 * that thread as well. Returns how many are stuck. */
static size_t stuck_if_late(struct fixture *fixture, uint64_t stop, bool *out_owned)
{
	uint32_t goals[8];
	size_t count = 0;

	memset(goals, 0xff, sizeof(goals));
	for (uint32_t i = 0; i < fixture->replay->op_count; i++)
		if (fixture->replay->ops[i].time == stop)
			goals[fixture->replay->ops[i].thread] = i;
	ct_replay_go(fixture->run, goals);
	ct_replay_go(fixture->run, NULL);
	*out_owned = false;
	if (!ct_replay_knot(fixture->run, out_owned))
		return 0;
	for (size_t i = 0; i < fixture->model->thread_count; i++)
		count += fixture->run->stuck[i];
	return count;
}

static size_t late(const char *events, uint64_t stop)
{
	struct fixture fixture = begin(events);
	bool owned;
	size_t count = stuck_if_late(&fixture, stop, &owned);

	end(&fixture);
	return count;
}

static void test_recorded_order(void **state)
{
	struct fixture fixture = begin("T1:swait(s) T1:post(t) T2:swait(t) T2:post(s)");

	(void)state;
	ct_replay_go(fixture.run, NULL); /* a unit that is not there */
	assert_true(fixture.run->done < fixture.replay->op_count);
	end(&fixture);
	fixture = begin("T1:fork(T2) T1:acq(m) T1:wait(c.m) T2:acq(m) T2:sig(c) T2:rel(m) "
			"T1:wake(c.m) T1:rel(m) T2:post(s) T1:swait(s) T2:pw(p.4) T1:pr(p.4) "
			"T1:join(T2)");
	ct_replay_go(fixture.run, NULL);
	assert_int_equal(fixture.run->done, fixture.replay->op_count);
	assert_int_equal(ct_replay_look(fixture.run, 0), CT_LOOK_OVER);
	for (size_t i = 0; i < fixture.run->done; i++)
		assert_int_equal(fixture.run->schedule[i], i);
	end(&fixture);
}

static void test_what_only_one_uses_is_left_out(void **state)
{
	struct fixture fixture = begin("T1:acq(a) T1:w(x) T1:rel(a) T2:r(y) T1:r(y) T2:post(s)");

	(void)state;
	assert_int_equal(fixture.replay->op_count, 0);
	end(&fixture);
}

static void test_late_signal_is_lost(void **state)
{
	(void)state;
	assert_int_equal(late("T1:acq(m) T1:wait(c.m) T2:acq(m) T2:sig(c) T2:rel(m) T1:wake(c.m) "
			      "T1:rel(m)",
			      1),
			 1);
}

static void test_read_pins_the_order(void **state)
{
	(void)state;
	/* T1 saw x unset: after T2's write it would see another value, and may not wait at all */
	assert_int_equal(late("T1:acq(m) T1:r(x) T1:wait(c.m) T2:acq(m) T2:w(x) T2:sig(c) "
			      "T2:rel(m) T1:wake(c.m) T1:rel(m)",
			      1),
			 0);
}

static void test_off_the_record_may_help(void **state)
{
	/* T3 reads another value when T2 comes late: it may post then */
	const char *events = "T1:post(s) T2:swait(s) T2:w(x) T3:r(x) T3:post(t) T1:swait(t)";

	(void)state;
	assert_int_equal(late(events, 2), 0);
}

static void test_units_are_counted(void **state)
{
	(void)state;
	/* the lock is held while waiting for a unit that its giver needs the lock for */
	assert_int_equal(late("T2:acq(m) T2:post(s) T2:rel(m) T1:acq(m) T1:swait(s) T1:rel(m)", 1),
			 2);
	assert_int_equal(late("T2:post(s) T2:acq(m) T2:rel(m) T1:acq(m) T1:swait(s) T1:rel(m)", 2),
			 0);
}

static void test_owners_alone(void **state)
{
	struct fixture fixture = begin("T1:fork(T2) T2:acq(a) T2:rel(a) T1:acq(a) T1:join(T2) "
				       "T1:rel(a)");
	bool owned;

	(void)state;
	assert_int_equal(stuck_if_late(&fixture, 2, &owned), 2);
	assert_true(owned);
	end(&fixture);
}

static void test_readers_share(void **state)
{
	(void)state;
	assert_int_equal(
		late("T1:racq(q) T1:post(s) T1:rrel(q) T2:racq(q) T2:swait(s) T2:rrel(q)", 1), 0);
	assert_int_equal(
		late("T1:acq(q) T1:post(s) T1:rel(q) T2:racq(q) T2:swait(s) T2:rrel(q)", 1), 2);
}

static void test_tries_never_wait(void **state)
{
	(void)state;
	assert_int_equal(late("T1:tacq(m) T1:post(s) T1:rel(m) T2:acq(m) T2:swait(s) T2:rel(m)", 1),
			 0);
	/* who failed to get the lock goes on only while its holder has it */
	assert_int_equal(late("T1:acq(m) T2:tfail(m) T2:post(s) T1:rel(m) T1:swait(s)", 1), 0);
}

static void test_bytes_of_two_writers(void **state)
{
	struct fixture fixture = begin("T1:pw(p.1) T2:pw(p.1) T3:pr(p.1) T3:pr(p.1)");
	bool owned;

	(void)state;
	assert_int_equal(stuck_if_late(&fixture, 1, &owned), 0);
	assert_int_equal(ct_replay_look(fixture.run, 2), CT_LOOK_OFF);
	end(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded_order),
		cmocka_unit_test(test_what_only_one_uses_is_left_out),
		cmocka_unit_test(test_late_signal_is_lost),
		cmocka_unit_test(test_read_pins_the_order),
		cmocka_unit_test(test_off_the_record_may_help),
		cmocka_unit_test(test_units_are_counted),
		cmocka_unit_test(test_owners_alone),
		cmocka_unit_test(test_readers_share),
		cmocka_unit_test(test_tries_never_wait),
		cmocka_unit_test(test_bytes_of_two_writers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
