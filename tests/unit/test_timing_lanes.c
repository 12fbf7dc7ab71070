/* timing/lanes: spans that are joined keep their sums in bounded memory; regions; arrows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "timing/lanes.h"
#include "timing/parts.h"

struct fixture {
	struct fake_trace *fake;
	struct ct_timing *timing;
	struct ct_part_lanes *part;
	struct ct_span_sink sink;
};

static void begin(struct fixture *f, uint32_t threads)
{
	f->fake = fake_new();
	for (uint32_t t = 1; t <= threads; t++)
		fake_thread(f->fake, 1, t);
	f->timing = calloc(1, sizeof(*f->timing));
	assert_non_null(f->timing);
	f->timing->model = fake_model(f->fake);
}

static void begin_part(struct fixture *f)
{
	assert_int_equal(ct_part_lanes_new(f->timing, &f->part), CT_OK);
	f->sink = ct_part_lanes_sink(f->part);
}

static const struct ct_lanes *finish(struct fixture *f)
{
	assert_int_equal(ct_part_lanes_finish(f->part, f->timing), CT_OK);
	ct_part_lanes_free(f->part);
	return f->timing->lanes;
}

static void end(struct fixture *f)
{
	ct_timing_free(f->timing);
	fake_free(f->fake);
}

static void add(struct fixture *f, const struct ct_span *span)
{
	assert_int_equal(f->sink.span(f->sink.state, span), CT_OK);
}

static void spans_stay_as_they_are(void **state)
{
	struct fixture f;
	struct ct_span span = {.activity = CT_RUNS, .from_ns = 5, .to_ns = 8};
	const struct ct_lane *lane;

	(void)state;
	begin(&f, 1);
	begin_part(&f);
	span.thread = f.timing->model->threads[0];
	add(&f, &span);
	span = (struct ct_span){.thread = span.thread,
				.activity = CT_SLEEPS,
				.from_ns = 8,
				.to_ns = 20,
				.open = true};
	add(&f, &span);
	lane = &finish(&f)->threads[0];
	assert_int_equal(f.timing->lanes->quantum_ns, 0);
	assert_int_equal(lane->item_count, 2);
	assert_int_equal(lane->items[0].activity, CT_RUNS);
	assert_false(lane->items[0].mixed || lane->items[0].open);
	assert_int_equal(lane->items[1].to_ns, 20);
	assert_true(lane->items[1].open);
	end(&f);
}

/* The spans of a thread: `number` says how long and of what. Long ones, of short ones too many. */
static struct ct_span span_of(uint32_t number)
{
	static const enum ct_activity activities[] = {CT_RUNS,	 CT_WAITS_LOCK, CT_RUNS,
						      CT_SLEEPS, CT_RUNS,	CT_WAITS_PIPE};

	return (struct ct_span){.activity = activities[number % 6],
				.to_ns = number % 1000 == 7 ? 5000000 : 100 + number * 7919u % 900};
}

static void many_spans_are_joined(void **state)
{
	enum { THREADS = 100, SPANS = 50000 };
	static uint64_t truth[THREADS][CT_ACTIVITIES];
	struct fixture f;
	const struct ct_lanes *lanes;
	size_t items = 0, room = 0;

	(void)state;
	begin(&f, THREADS);
	begin_part(&f);
	for (size_t t = 0; t < THREADS; t++) {
		uint64_t now = 0;

		for (uint32_t i = 0; i < SPANS; i++) {
			struct ct_span span = span_of(i + (uint32_t)t);

			truth[t][span.activity] += span.to_ns;
			span.thread = f.timing->model->threads[t];
			span.from_ns = now;
			now = span.to_ns += now;
			add(&f, &span);
		}
	}
	lanes = finish(&f);
	assert_true(lanes->quantum_ns > 0);
	for (size_t t = 0; t < THREADS; t++) {
		const struct ct_lane *lane = &lanes->threads[t];
		uint64_t sums[CT_ACTIVITIES] = {0}, now = 0;

		for (size_t i = 0; i < lane->item_count; i++) {
			assert_int_equal(lane->items[i].from_ns, now);
			now = lane->items[i].to_ns;
			sums[lane->items[i].activity] += now - lane->items[i].from_ns;
		}
		for (size_t a = 0; a < CT_ACTIVITIES; a++) {
			uint64_t wrong = sums[a] > truth[t][a] ? sums[a] - truth[t][a]
							       : truth[t][a] - sums[a];

			assert_true(wrong <= 8 * lanes->quantum_ns);
			assert_true(!truth[t][a] == !sums[a]);
		}
		items += lane->item_count;
		room += lane->item_cap;
	}
	assert_in_range(items, CT_LANE_ITEMS / 20, CT_LANE_ITEMS);
	assert_true(room < 4 * (size_t)CT_LANE_ITEMS);
	end(&f);
}

/* Short waits between long stretches are not lost, though each is shorter than the quantum. */
static void short_waits_between_long_runs(void **state)
{
	enum { ROUNDS = CT_LANE_ITEMS / 10 * 3, LONG_NS = 9000, SHORT_NS = 200 };
	static const enum ct_activity activities[] = {CT_RUNS, CT_WAITS_LOCK, CT_SLEEPS,
						      CT_WAITS_LOCK};
	struct fixture f;
	const struct ct_lane *lane;
	uint64_t sums[CT_ACTIVITIES] = {0}, now = 0;

	(void)state;
	begin(&f, 1);
	begin_part(&f);
	for (size_t i = 0; i < (size_t)4 * ROUNDS; i++) {
		struct ct_span span = {.thread = f.timing->model->threads[0],
				       .activity = activities[i % 4],
				       .from_ns = now};

		now = span.to_ns = now + (i % 4 ? SHORT_NS : LONG_NS);
		add(&f, &span);
	}
	lane = &finish(&f)->threads[0];
	assert_in_range(f.timing->lanes->quantum_ns, 3 * SHORT_NS, LONG_NS - 1);
	for (size_t i = 0; i < lane->item_count; i++)
		sums[lane->items[i].activity] += lane->items[i].to_ns - lane->items[i].from_ns;
	assert_in_range(sums[CT_WAITS_LOCK], 2ul * ROUNDS * SHORT_NS - 10000,
			2ul * ROUNDS * SHORT_NS + 10000);
	assert_in_range(sums[CT_SLEEPS], (size_t)ROUNDS * SHORT_NS - 10000,
			(size_t)ROUNDS * SHORT_NS + 10000);
	end(&f);
}

static void longest_arrows_are_kept(void **state)
{
	struct fixture f;
	const struct ct_lanes *lanes;
	size_t count = CT_LANE_ARROWS + 1000;

	(void)state;
	begin(&f, 2);
	begin_part(&f);
	for (size_t i = 0; i < count; i++) {
		uint64_t from = i * 1000000, took = 1 + i * 7919 % count;
		struct ct_span span = {.thread = f.timing->model->threads[0],
				       .activity = CT_WAITS_LOCK,
				       .from_ns = from,
				       .to_ns = from + took,
				       .wake = {f.timing->model->threads[1], from + took - 1, 0}};

		add(&f, &span);
	}
	lanes = finish(&f);
	assert_int_equal(lanes->arrow_count, CT_LANE_ARROWS);
	assert_int_equal(lanes->arrows_left_out, 1000);
	for (size_t i = 0; i < lanes->arrow_count; i++) {
		assert_true(lanes->arrows[i].waited_ns > 1000);
		assert_true(!i || lanes->arrows[i].to_ns > lanes->arrows[i - 1].to_ns);
	}
	end(&f);
}

struct steps {
	struct fixture *f;
};

static enum ct_status give_step(void *state, const struct ct_model *model,
				const struct ct_step *step)
{
	struct steps *steps = state;

	return steps->f->sink.step(steps->f->sink.state, model, step, step->record->time);
}

/* One buffer holds two names; regions nest; the last one does not end. */
static void regions_have_names(void **state)
{
	struct fixture f;
	struct steps steps = {&f};
	struct ct_observer observer = {&steps, give_step};
	struct ct_trace_name name = {.process = 1, .object = 64, .time = 9, .name = "one"};
	const struct ct_lane *lane;
	struct ct_error error;

	(void)state;
	f.fake = fake_new();
	fake_thread(f.fake, 1, 1);
	fake_name(f.fake, &name);
	name.time = 29;
	name.name = "two";
	fake_name(f.fake, &name);
	fake_event(f.fake, 0, 5, CT_EV_REGION_END, 0, 0, 0);
	fake_event(f.fake, 0, 10, CT_EV_REGION_BEGIN, 0, 64, 0);
	fake_event(f.fake, 0, 12, CT_EV_REGION_BEGIN, 0, 64, 0);
	fake_event(f.fake, 0, 14, CT_EV_REGION_END, 0, 0, 0);
	fake_event(f.fake, 0, 20, CT_EV_REGION_END, 0, 0, 0);
	fake_event(f.fake, 0, 30, CT_EV_REGION_BEGIN, 0, 64, 0);
	f.timing = calloc(1, sizeof(*f.timing));
	assert_non_null(f.timing);
	f.timing->model = fake_model(f.fake);
	begin_part(&f);
	assert_int_equal(ct_model_run(f.fake->model, &observer, 1, &error), CT_OK);
	assert_int_equal(f.sink.end(f.sink.state, f.timing->model->threads[0], 44), CT_OK);
	lane = &finish(&f)->threads[0];
	assert_int_equal(lane->region_count, 2);
	assert_string_equal(lane->regions[0].name, "one");
	assert_int_equal(lane->regions[0].from_ns, 10);
	assert_int_equal(lane->regions[0].to_ns, 20);
	assert_string_equal(lane->regions[1].name, "two");
	assert_int_equal(lane->regions[1].to_ns, 44);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_stay_as_they_are),
		cmocka_unit_test(many_spans_are_joined),
		cmocka_unit_test(short_waits_between_long_runs),
		cmocka_unit_test(longest_arrows_are_kept),
		cmocka_unit_test(regions_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
