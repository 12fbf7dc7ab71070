/*
 * timing/critical: the path that is found on the way against one that is found by walking back over
 * all spans, in random runs; and that what is kept does not grow with the run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/vec.h"
#include "critical_play.h"

enum { RUNS = 300 };

static enum ct_status keep_span(void *state, const struct ct_span *span)
{
	struct play *play = state;

	assert_int_equal(ct_vec_grow(&play->spans, &play->span_cap, play->span_count + 1,
				     sizeof(*play->spans)),
			 CT_OK);
	play->spans[play->span_count++] = *span;
	return CT_OK;
}

static enum ct_status count_links(void *state, const struct ct_model *model,
				  const struct ct_step *step, uint64_t time_ns)
{
	struct play *play = state;
	size_t links = ct_part_critical_links(play->part);

	(void)model;
	(void)step;
	(void)time_ns;
	if (links > play->most_links)
		play->most_links = links;
	return CT_OK;
}

static void watch(struct play *play)
{
	struct ct_span_sink sinks[2];
	struct ct_observer observer;
	struct ct_spans *spans;
	struct ct_error error;

	if (!play->fake->model)
		fake_model(play->fake);
	play->timing.model = play->fake->model;
	assert_int_equal(ct_part_critical_new(&play->timing, &play->part), CT_OK);
	sinks[0] = ct_part_critical_sink(play->part);
	sinks[1] = (struct ct_span_sink){.state = play, .span = keep_span, .step = count_links};
	assert_int_equal(ct_spans_new(play->timing.model, sinks, 2, &spans), CT_OK);
	observer = (struct ct_observer){.state = spans, .step = ct_spans_step};
	assert_int_equal(ct_model_run(play->fake->model, &observer, 1, &error), CT_OK);
	assert_int_equal(ct_spans_finish(spans), CT_OK);
	ct_spans_free(spans);
}

/* With a lock for each of those that were used, as the part for locks would have left them. */
static void finish(struct play *play)
{
	const struct ct_model *model = play->timing.model;
	struct ct_timing *timing = &play->timing;

	timing->locks = calloc(model->object_count + 1, sizeof(*timing->locks));
	assert_non_null(timing->locks);
	for (size_t i = 0; i < model->object_count; i++)
		if (model->objects[i]->kind == CT_OBJECT_MUTEX)
			timing->locks[timing->lock_count++].object = model->objects[i];
	assert_int_equal(ct_part_critical_finish(play->part, timing), CT_OK);
	ct_part_critical_free(play->part);
}

static void end_play(struct play *play)
{
	free(play->timing.locks);
	free(play->timing.critical.thread_ns);
	free(play->timing.critical.segments);
	free(play->holds);
	free(play->spans);
	fake_free(play->fake);
}

/* What walking back finds. */
struct expected {
	uint64_t threads[THREADS], held[LOCKS], waits;
};

static uint64_t common(uint64_t a, uint64_t b, uint64_t from, uint64_t to)
{
	uint64_t low = a > from ? a : from, high = b < to ? b : to;

	return high > low ? high - low : 0;
}

static void add_stretch(const struct play *play, size_t thread, uint64_t from, uint64_t to,
			struct expected *expected)
{
	expected->threads[thread] += to - from;
	for (size_t i = 0; i < play->hold_count; i++)
		if (play->holds[i].thread == thread)
			expected->held[play->holds[i].lock] +=
				common(play->holds[i].from, play->holds[i].to, from, to);
	for (size_t i = 0; i < play->span_count; i++)
		if (play->spans[i].thread->id == thread && play->spans[i].activity != CT_RUNS &&
		    !play->spans[i].wake.thread)
			expected->waits +=
				common(play->spans[i].from_ns, play->spans[i].to_ns, from, to);
}

static const struct ct_span *last_woken(const struct play *play, size_t thread, uint64_t until)
{
	const struct ct_span *last = NULL;

	for (size_t i = 0; i < play->span_count; i++) {
		const struct ct_span *span = &play->spans[i];

		if (span->thread->id == thread && span->wake.thread && span->to_ns <= until &&
		    (!last || span->to_ns > last->to_ns))
			last = span;
	}
	return last;
}

static struct expected walk_back(const struct play *play, size_t thread, uint64_t time)
{
	struct expected expected = {.waits = 0};

	while (true) {
		const struct ct_span *span = last_woken(play, thread, time);
		uint64_t from = span ? span->wake.time_ns : play->actors[thread].born;

		add_stretch(play, thread, from, time, &expected);
		if (!span && thread == 0)
			return expected;
		time = from;
		thread = span ? span->wake.thread->id
			      : play->timing.model->threads[thread]->creator->id;
	}
}

/* Segments follow each other without a gap, and add up to the same. */
static void check_segments(const struct ct_critical *critical, const struct expected *expected,
			   uint64_t end)
{
	uint64_t sums[THREADS] = {0}, at = 0;

	assert_false(critical->shortened);
	for (size_t i = 0; i < critical->segment_count; i++) {
		const struct ct_critical_segment *segment = &critical->segments[i];

		assert_int_equal(segment->from_ns, at);
		assert_true(segment->to_ns > segment->from_ns);
		assert_true(i == 0 || segment->thread != segment[-1].thread);
		sums[segment->thread->id] += segment->to_ns - segment->from_ns;
		at = segment->to_ns;
	}
	assert_int_equal(at, end);
	assert_memory_equal(sums, expected->threads, sizeof(sums));
}

static void check(const struct play *play)
{
	const struct ct_critical *critical = &play->timing.critical;
	const struct ct_span *last = &play->spans[0];
	struct expected expected;

	for (size_t i = 0; i < play->span_count; i++)
		if (play->spans[i].to_ns >= last->to_ns)
			last = &play->spans[i];
	/* the last event may be that of another thread, which ends at the same time */
	if (critical->segment_count)
		expected =
			walk_back(play, critical->segments[critical->segment_count - 1].thread->id,
				  last->to_ns);
	assert_true(critical->segment_count > 0);
	for (size_t t = 0; t < THREADS; t++)
		assert_int_equal(critical->thread_ns[t], expected.threads[t]);
	assert_int_equal(critical->length_ns, last->to_ns);
	assert_int_equal(critical->waits_ns, expected.waits);
	check_segments(critical, &expected, last->to_ns);
	for (size_t i = 0; i < play->timing.lock_count; i++) {
		const struct ct_timing_lock *lock = &play->timing.locks[i];

		assert_int_equal(lock->critical_ns,
				 expected.held[(lock->object->address - LOCK(0)) / 64]);
	}
}

static void test_random_runs(void **state)
{
	size_t changes = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= RUNS; seed++) {
		struct play play = {.seed = seed * 7919};

		play_perform(&play, 50 + 4 * (unsigned)seed);
		watch(&play);
		finish(&play);
		check(&play);
		changes += play.timing.critical.segment_count;
		end_play(&play);
	}
	assert_true(changes > 10 * RUNS); /* else nothing was tested */
}

/*
 * Two threads wake each other in turns, while main waits from the beginning, so that the very first
 * of the path is needed until the end. The records are made as they are asked for.
 */
struct ping_pong {
	unsigned wakes, round[3]; /* by thread: of its next records */
	unsigned made[3];	  /* records before the rounds; within a round */
	struct ct_payload_obj_arg payload;
};
enum { ROUND = 5, BEGIN = 10 };

static void make(struct ping_pong *game, uint64_t time, uint16_t event, uint16_t flags,
		 uint64_t object, struct ct_record *out_record)
{
	game->payload = (struct ct_payload_obj_arg){.object = object};
	*out_record = (struct ct_record){.time = time * TICK,
					 .object = object,
					 .payload = &game->payload,
					 .payload_size = sizeof(game->payload),
					 .event = event,
					 .flags = flags};
}

static bool next_of_main(struct ping_pong *game, struct ct_record *out_record)
{
	unsigned number = game->made[0]++;

	if (number < 2)
		make(game, 1 + number, CT_EV_THREAD_CREATE, 0, 2 + number, out_record);
	else
		make(game, 3, CT_EV_THREAD_JOIN, CT_F_REQUEST, 2, out_record);
	return number < 3;
}

static bool next_of_game(void *state, size_t thread, struct ct_record *out_record)
{
	struct ping_pong *game = state;
	unsigned round = game->round[thread];
	uint64_t begin = BEGIN + (uint64_t)ROUND * round;
	bool wakes = round % 2 + 1 == thread;

	if (thread == 0)
		return next_of_main(game, out_record);
	if (round == game->wakes)
		return false;
	if (wakes)
		make(game, begin + 4, CT_EV_SEM_POST, 0, SEM(3 - thread), out_record);
	else if (!game->made[thread])
		make(game, begin + 1, CT_EV_SEM_WAIT, CT_F_REQUEST, SEM(thread), out_record);
	else
		make(game, begin + 5, CT_EV_SEM_WAIT, CT_F_BLOCKED, SEM(thread), out_record);
	game->made[thread] = !wakes && !game->made[thread];
	game->round[thread] += !game->made[thread];
	return true;
}

static void prepare_game(struct play *play, struct ping_pong *game)
{
	struct ct_order_source source = {.state = game, .thread_count = 3, .next = next_of_game};
	struct ct_error error;

	play->fake = fake_new();
	for (uint32_t t = 1; t <= 3; t++)
		fake_thread(play->fake, 1, t);
	play->now = (BEGIN + (uint64_t)ROUND * game->wakes) * TICK;
	assert_int_equal(ct_model_new_from(&play->fake->trace, &source, &error, &play->fake->model),
			 CT_OK);
}

static void test_memory_is_bounded(void **state)
{
	enum { WAKES = 200000, SHOWN = 100000 };
	struct ping_pong game = {.wakes = WAKES};
	struct play play = {.seed = 1};
	struct ct_critical *critical = &play.timing.critical;

	(void)state;
	prepare_game(&play, &game);
	watch(&play);
	finish(&play);
	assert_true(play.most_links < 300);
	assert_true(critical->shortened);
	assert_int_equal(critical->segment_count, SHOWN);
	for (size_t i = 1; i < critical->segment_count; i++)
		assert_int_equal(critical->segments[i].from_ns, critical->segments[i - 1].to_ns);
	assert_int_equal(critical->segments[SHOWN - 1].to_ns, play.now);
	assert_int_equal(critical->length_ns, play.now);
	assert_int_equal(critical->waits_ns, 0);
	/* each has half of it, but for main's begin */
	assert_true(critical->thread_ns[1] > play.now * 2 / 5);
	assert_true(critical->thread_ns[2] > play.now * 2 / 5);
	end_play(&play);
}

/* A child process goes on from its parent's fork, the parent from its child's end; `first` is when
 * the child's first event is, before or after the fork has returned in the parent. */
static void check_fork(uint64_t first)
{
	struct ct_payload_rusage usage = {.object = 0};
	struct play play = {.seed = 1};
	const struct ct_critical *critical = &play.timing.critical;

	play.fake = fake_new();
	fake_thread(play.fake, 1, 1);
	fake_process(play.fake, 2, 1, 1, 205 * TICK, "./prog");
	fake_thread(play.fake, 2, 1);
	fake_event(play.fake, 0, TICK, CT_EV_SEM_INIT, 0, SEM(0), 0);
	fake_event(play.fake, 0, 200 * TICK, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_event(play.fake, 0, 210 * TICK, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	fake_event(play.fake, 0, 220 * TICK, CT_EV_WAITPID, CT_F_REQUEST, 101, 0);
	fake_event(play.fake, 1, first, CT_EV_SEM_INIT, 0, SEM(1), 0);
	fake_payload(play.fake, 1, 700 * TICK, CT_EV_PROCESS_EXIT, &usage, sizeof(usage));
	fake_event(play.fake, 0, 750 * TICK, CT_EV_WAITPID, CT_F_BLOCKED, 101, 0);
	fake_payload(play.fake, 0, 800 * TICK, CT_EV_PROCESS_EXIT, &usage, sizeof(usage));
	watch(&play);
	finish(&play);
	assert_int_equal(critical->length_ns, 800 * TICK);
	assert_int_equal(critical->thread_ns[0], (200 + 100) * TICK);
	assert_int_equal(critical->thread_ns[1], 500 * TICK);
	assert_int_equal(critical->segment_count, 3);
	end_play(&play);
}

static void test_fork(void **state)
{
	(void)state;
	check_fork(206 * TICK);
	check_fork(230 * TICK);
}

/* Of what libc starts the trace has no creator: who is in the call, as T2 of two that are, else the
 * main thread, which popen has let go before the shell's first event came. */
static void check_libc_child(uint16_t call, size_t caller, bool returns_before)
{
	struct ct_payload_rusage usage = {.object = 0};
	struct play play = {.seed = 1};
	const struct ct_critical *critical = &play.timing.critical;
	uint64_t returned = (returns_before ? 210 : 750) * TICK;

	play.fake = fake_new();
	fake_thread(play.fake, 1, 1);
	fake_thread(play.fake, 1, 2);
	fake_process(play.fake, 2, 1, 0, 205 * TICK, "sh");
	fake_thread(play.fake, 2, 1);
	fake_event(play.fake, 0, TICK, CT_EV_THREAD_CREATE, 0, 22, 0);
	fake_start(play.fake, 1, 2 * TICK, 22, 1);
	fake_event(play.fake, 0, (caller ? 230 : 200) * TICK, call, CT_F_REQUEST, 0, 0);
	fake_event(play.fake, 1, (caller ? 200 : 230) * TICK, call, CT_F_REQUEST, 0, 0);
	fake_event(play.fake, caller, returned, call, CT_F_BLOCKED, 0, 0);
	if (returns_before)
		fake_event(play.fake, caller, 220 * TICK, CT_EV_WAITPID, CT_F_REQUEST, 101, 0);
	fake_event(play.fake, 2, (returns_before ? 225 : 206) * TICK, CT_EV_SEM_INIT, 0, SEM(1), 0);
	fake_payload(play.fake, 2, 700 * TICK, CT_EV_PROCESS_EXIT, &usage, sizeof(usage));
	if (returns_before)
		fake_event(play.fake, caller, 750 * TICK, CT_EV_WAITPID, CT_F_BLOCKED, 101, 0);
	fake_payload(play.fake, caller, 800 * TICK, CT_EV_PROCESS_EXIT, &usage, sizeof(usage));
	watch(&play);
	finish(&play);
	assert_int_equal(critical->length_ns, 800 * TICK);
	assert_int_equal(critical->thread_ns[2], (returns_before ? 480 : 500) * TICK);
	assert_int_equal(critical->thread_ns[0] + critical->thread_ns[1],
			 (returns_before ? 320 : 300) * TICK);
	assert_true(critical->thread_ns[caller] >= 100 * TICK);
	end_play(&play);
}

static void test_libc_child(void **state)
{
	(void)state;
	check_libc_child(CT_EV_SYSTEM, 0, false);
	check_libc_child(CT_EV_SYSTEM, 1, false);
	check_libc_child(CT_EV_POPEN, 0, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_runs),
		cmocka_unit_test(test_memory_is_bounded),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_libc_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
