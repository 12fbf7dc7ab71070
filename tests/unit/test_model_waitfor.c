/* model/waitfor: edges of each kind of wait, the knot against its definition on random states. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/waitfor.h"
#include "text_trace.h"

static struct ct_waitfor *waitfor_of(const struct ct_model *model)
{
	struct ct_waitfor *waitfor;

	assert_int_equal(ct_waitfor_new(model, &waitfor), CT_OK);
	assert_int_equal(ct_waitfor_stuck(waitfor), CT_OK);
	return waitfor;
}

/* The edges of a thread of a text trace as "TO/why", after which the trace is gone. */
static void check_edges(const char *events, const char *from, const char *wanted)
{
	static const char *const why[] = {[CT_WAITFOR_HOLDS] = "holds",
					  [CT_WAITFOR_JOINED] = "joined",
					  [CT_WAITFOR_CHILD] = "child",
					  [CT_WAITFOR_HELPER] = "helper",
					  [CT_WAITFOR_NOBODY] = "nobody"};
	struct ct_trace *trace = text_trace(events);
	struct ct_waitfor *waitfor;
	struct ct_model *model;
	struct ct_error error;
	char text[256] = "";

	assert_int_equal(ct_model_new(trace, &error, &model), CT_OK);
	assert_int_equal(ct_model_run(model, NULL, 0, &error), CT_OK);
	waitfor = waitfor_of(model);
	for (size_t i = 0; i < waitfor->edge_count; i++) {
		const struct ct_waitfor_edge *edge = &waitfor->edges[i];
		size_t length = strlen(text);

		if (strcmp(edge->from->name, from) == 0)
			snprintf(text + length, sizeof(text) - length, "%s%s/%s", length ? " " : "",
				 edge->to ? edge->to->name : "-", why[edge->why]);
	}
	assert_string_equal(text, wanted);
	ct_waitfor_free(waitfor);
	ct_model_free(model);
	ct_trace_free(trace);
}

static void test_edges(void **state)
{
	(void)state;
	check_edges("T1:acq(a) T2:req(a)", "T2", "T1/holds");
	check_edges("T1:acq(a) T1:rel(a) T2:req(a)", "T2", "-/nobody");
	check_edges("T1:acq(a) T1:req(a)", "T1", "T1/holds");
	check_edges("T1:racq(a) T3:racq(a) T2:req(a)", "T2", "T1/holds T3/holds");
	check_edges("T0:fork(T1) T0:req(join:T1)", "T0", "T1/joined");
	check_edges("T1:acq(a) T2:acq(b)", "T2", "");
	/* who signalled before is told, not everybody */
	check_edges("T2:sig(c) T3:acq(a) T1:acq(m) T1:wait(c.m)", "T1", "T2/helper");
	check_edges("T3:acq(a) T1:acq(m) T1:wait(c.m) T2:acq(b)", "T1", "T3/helper T2/helper");
	check_edges("T1:acq(m) T1:wait(c.m)", "T1", "-/nobody");
	check_edges("T3:acq(a) T2:acq(b) T1:req(pr:p:T2)", "T1", "T2/helper");
	check_edges("T2:pr(p.1) T3:pw(p.1) T1:pw(p.1) T3:pr(p.1) T1:req(pw:p:T2,T3)", "T1",
		    "T2/helper T3/helper");
}

static void test_held_tells_where(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_waitfor *waitfor;
	const struct ct_waitfor_edge *edges;
	const struct ct_model *model;
	size_t count;

	(void)state;
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_event(fake, 0, 5, CT_EV_MUTEX_LOCK, 0, 64, 0);
	fake_event(fake, 1, 8, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 64, 0);
	model = fake_run(fake, NULL);
	waitfor = waitfor_of(model);
	edges = ct_waitfor_of(waitfor, model->threads[1], &count);
	assert_int_equal(count, 1);
	assert_int_equal(edges->held->stack, 5);
	assert_false(edges->in_knot);
	assert_null(ct_waitfor_of(waitfor, model->threads[0], &count));
	assert_int_equal(count, 0);
	ct_waitfor_free(waitfor);
	fake_free(fake);
}

static void test_readers_are_not_waited_for_by_readers(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_waitfor *waitfor;

	(void)state;
	for (uint32_t t = 1; t <= 3; t++)
		fake_thread(fake, 1, t);
	fake_event(fake, 0, 5, CT_EV_RWLOCK_RDLOCK, 0, 64, 0);
	fake_event(fake, 1, 8, CT_EV_RWLOCK_RDLOCK, CT_F_REQUEST, 64, 0);
	fake_event(fake, 2, 9, CT_EV_RWLOCK_WRLOCK, CT_F_REQUEST, 64, 0);
	waitfor = waitfor_of(fake_run(fake, NULL));
	assert_int_equal(waitfor->edge_count, 2);
	assert_int_equal(waitfor->edges[0].why, CT_WAITFOR_NOBODY);
	assert_int_equal(waitfor->edges[1].why, CT_WAITFOR_HOLDS);
	ct_waitfor_free(waitfor);
	fake_free(fake);
}

static void test_once_waits_for_its_runner(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_waitfor *waitfor;

	/* main initialises and wants what T2 holds, who waits for the initialisation */
	(void)state;
	fake_thread(fake, 1, 1);
	fake_thread(fake, 1, 2);
	fake_event(fake, 0, 1, CT_EV_ONCE, CT_F_REQUEST, 64, 0);
	fake_event(fake, 1, 2, CT_EV_MUTEX_LOCK, 0, 128, 0);
	fake_event(fake, 1, 3, CT_EV_ONCE, CT_F_REQUEST, 64, 0);
	fake_event(fake, 0, 4, CT_EV_MUTEX_LOCK, CT_F_REQUEST, 128, 0);
	waitfor = waitfor_of(fake_run(fake, NULL));
	assert_int_equal(waitfor->stuck_count, 2);
	assert_int_equal(waitfor->cycle_count, 1);
	assert_int_equal(waitfor->cycles[0].length, 2);
	assert_int_equal(waitfor->cycles[0].edges[0]->from->number, 2); /* it waited first */
	ct_waitfor_free(waitfor);
	fake_free(fake);
}

enum { THREADS = 7 };

/* What thread t waits for: nothing, a lock (of its holder), a join, or any of some helpers. */
struct wait {
	enum { RUNS, ASKS, JOINS, NEEDS_ANY } kind;
	size_t other;
	bool helpers[THREADS];
};

static uint32_t dice(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % sides;
}

/* As text: thread t holds lock Lt; a thread that runs may do so for ever. */
static struct ct_trace *random_state(uint32_t seed, struct wait *waits)
{
	char text[2048];
	size_t length = 0;

	for (size_t t = 0; t < THREADS; t++)
		length += (size_t)sprintf(text + length, "T%zu:acq(L%zu) ", t, t);
	for (size_t t = 0; t < THREADS; t++) {
		struct wait *wait = &waits[t];
		const char *comma = "";

		*wait = (struct wait){.kind = dice(&seed, 5), .other = dice(&seed, THREADS)};
		if (wait->kind > NEEDS_ANY)
			wait->kind = ASKS;
		if (wait->kind == ASKS)
			length += (size_t)sprintf(text + length, "T%zu:req(L%zu) ", t, wait->other);
		if (wait->kind == JOINS)
			length += (size_t)sprintf(text + length, "T%zu:req(join:T%zu) ", t,
						  wait->other);
		if (wait->kind != NEEDS_ANY)
			continue;
		length += (size_t)sprintf(text + length, "T%zu:req(pr:p:", t);
		wait->helpers[wait->other] = true;
		wait->helpers[dice(&seed, THREADS)] = true;
		for (size_t u = 0; u < THREADS; u++) {
			if (!wait->helpers[u])
				continue;
			length += (size_t)sprintf(text + length, "%sT%zu", comma, u);
			comma = ",";
		}
		length += (size_t)sprintf(text + length, ") ");
	}
	return text_trace(text);
}

/* By definition: the largest set of threads of which nobody can be freed from outside. All subsets
 * are tried; the union of the good ones is good too. */
static unsigned knot_of(const struct wait *waits)
{
	unsigned knot = 0;

	for (unsigned set = 1; set < 1u << THREADS; set++) {
		bool good = true;

		for (size_t t = 0; good && t < THREADS; t++) {
			if (!(set >> t & 1))
				continue;
			good = waits[t].kind != RUNS && set >> waits[t].other & 1;
			for (size_t u = 0; waits[t].kind == NEEDS_ANY && u < THREADS; u++)
				good = good && (!waits[t].helpers[u] || set >> u & 1);
		}
		if (good)
			knot |= set;
	}
	return knot;
}

/* Each edge leads on to the next, all are of ownership, and no thread is in two circles. */
static size_t check_cycles(const struct ct_waitfor *waitfor)
{
	bool seen[THREADS] = {false};

	for (size_t i = 0; i < waitfor->cycle_count; i++) {
		const struct ct_waitfor_cycle *cycle = &waitfor->cycles[i];

		for (size_t k = 0; k < cycle->length; k++) {
			const struct ct_waitfor_edge *edge = cycle->edges[k];

			assert_ptr_equal(edge->to, cycle->edges[(k + 1) % cycle->length]->from);
			assert_true(edge->why == CT_WAITFOR_HOLDS ||
				    edge->why == CT_WAITFOR_JOINED);
			assert_true(edge->in_cycle && edge->in_knot);
			assert_false(seen[edge->from->id]);
			seen[edge->from->id] = true;
		}
	}
	return waitfor->cycle_count;
}

/* Whether some thread comes back to itself along locks and joins. */
static bool has_circle(const struct wait *waits)
{
	for (size_t start = 0; start < THREADS; start++) {
		size_t t = start;

		for (size_t n = 0; n < THREADS; n++) {
			if (waits[t].kind != ASKS && waits[t].kind != JOINS)
				break;
			t = waits[t].other;
			if (t == start)
				return true;
		}
	}
	return false;
}

static void test_knot_by_definition(void **state)
{
	size_t knots = 0, circles = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= 2000; seed++) {
		struct wait waits[THREADS];
		struct ct_trace *trace = random_state(seed, waits);
		unsigned wanted = knot_of(waits), found = 0;
		struct ct_waitfor *waitfor;
		struct ct_model *model;
		struct ct_error error;

		assert_int_equal(ct_model_new(trace, &error, &model), CT_OK);
		assert_int_equal(ct_model_run(model, NULL, 0, &error), CT_OK);
		waitfor = waitfor_of(model);
		for (size_t i = 0; i < waitfor->stuck_count; i++)
			found |= 1u << waitfor->stuck[i]->id;
		assert_int_equal(found, wanted);
		assert_int_equal(check_cycles(waitfor) > 0, has_circle(waits));
		knots += wanted != 0;
		circles += waitfor->cycle_count > 0;
		ct_waitfor_free(waitfor);
		ct_model_free(model);
		ct_trace_free(trace);
	}
	assert_true(knots > 200 && knots < 1950 && circles > 200 && circles < knots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_held_tells_where),
		cmocka_unit_test(test_readers_are_not_waited_for_by_readers),
		cmocka_unit_test(test_once_waits_for_its_runner),
		cmocka_unit_test(test_knot_by_definition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
