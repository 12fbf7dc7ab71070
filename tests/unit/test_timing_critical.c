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
#include "fake_trace.h"
#include "timing/critical.h"

enum { THREADS = 5, SEMAPHORES = 3, LOCKS = 2, RUNS = 300 };
#define SEM(i) (1000u + 64u * (unsigned)(i))
#define LOCK(i) (5000u + 64u * (unsigned)(i))
#define BARRIER 8000u /* of two */
/* Times lie so far apart that clocks cannot be meant to disagree. */
#define TICK 10000u

struct hold {
	size_t thread;
	int lock;
	uint64_t from, to;
};

/* What the program will do next. */
struct actor {
	enum { UNBORN, RUNS_ON, WAITS_SEM, WAITS_LOCK, WAITS_BARRIER, SLEEPS, WOKEN, ENDED } state;
	int object;	  /* that it waits for */
	uint16_t woken;	  /* the call that it waits in */
	uint32_t address; /* its object */
	uint64_t born, locked_at;
	int locked; /* lock + 1 that it holds */
};

struct play {
	struct fake_trace *fake;
	struct actor actors[THREADS];
	int units[SEMAPHORES], owners[LOCKS]; /* thread + 1 */
	struct hold *holds;
	size_t hold_count, hold_cap;
	uint64_t now, seed;
	/* seen */
	struct ct_span *spans;
	size_t span_count, span_cap;
	struct ct_timing timing;
	struct ct_part_critical *part;
	size_t most_links;
};

static uint32_t pick(struct play *play, uint32_t below)
{
	play->seed = play->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(play->seed >> 33) % below;
}

static void say(struct play *play, size_t thread, uint16_t event, uint16_t flags, uint64_t object)
{
	fake_event(play->fake, thread, play->now, event, flags, object, 0);
}

static void end_hold(struct play *play, size_t thread)
{
	struct actor *actor = &play->actors[thread];

	assert_int_equal(ct_vec_grow(&play->holds, &play->hold_cap, play->hold_count + 1,
				     sizeof(*play->holds)),
			 CT_OK);
	play->holds[play->hold_count++] =
		(struct hold){thread, actor->locked - 1, actor->locked_at, play->now};
	play->owners[actor->locked - 1] = 0;
	actor->locked = 0;
}

/* The first that waits for the object has it now; it shows when it runs again. */
static bool wake(struct play *play, int state, int object)
{
	for (size_t t = 0; t < THREADS; t++) {
		struct actor *actor = &play->actors[t];

		if ((int)actor->state != state || actor->object != object)
			continue;
		if (state == WAITS_LOCK)
			play->owners[object] = (int)t + 1;
		actor->locked = state == WAITS_LOCK ? object + 1 : actor->locked;
		actor->state = WOKEN;
		return true;
	}
	return false;
}

static void wait_for(struct play *play, size_t thread, uint16_t call, int state, int object,
		     uint32_t address)
{
	struct actor *actor = &play->actors[thread];

	say(play, thread, call, CT_F_REQUEST, address);
	*actor = (struct actor){.state = state,
				.object = object,
				.woken = call,
				.address = address,
				.born = actor->born,
				.locked = actor->locked,
				.locked_at = actor->locked_at};
}

static void come_to_barrier(struct play *play, size_t thread)
{
	bool last = wake(play, WAITS_BARRIER, 0);

	wait_for(play, thread, CT_EV_BARRIER_WAIT, last ? WOKEN : WAITS_BARRIER, 0, BARRIER);
}

static void create_next(struct play *play, size_t thread)
{
	for (size_t t = 1; t < THREADS; t++) {
		if (play->actors[t].state != UNBORN)
			continue;
		fake_event(play->fake, thread, play->now, CT_EV_THREAD_CREATE, 0, t + 1, 0);
		play->actors[t].born = play->now;
		play->actors[t].state = RUNS_ON;
		play->now += TICK * (1 + pick(play, 5));
		fake_start(play->fake, t, play->now, t + 1, (uint32_t)thread + 1);
		return;
	}
}

static void take_lock(struct play *play, size_t thread, int lock)
{
	struct actor *actor = &play->actors[thread];

	if (actor->locked) {
		int given = actor->locked - 1;

		say(play, thread, CT_EV_MUTEX_UNLOCK, 0, LOCK(given));
		end_hold(play, thread);
		wake(play, WAITS_LOCK, given);
		return;
	}
	if (play->owners[lock]) {
		wait_for(play, thread, CT_EV_MUTEX_LOCK, WAITS_LOCK, lock, LOCK(lock));
		return;
	}
	say(play, thread, CT_EV_MUTEX_LOCK, 0, LOCK(lock));
	play->owners[lock] = (int)thread + 1;
	actor->locked = lock + 1;
	actor->locked_at = play->now;
}

static void use_semaphore(struct play *play, size_t thread, int semaphore, bool post)
{
	if (post) {
		say(play, thread, CT_EV_SEM_POST, 0, SEM(semaphore));
		if (!wake(play, WAITS_SEM, semaphore))
			play->units[semaphore]++;
	} else if (play->units[semaphore]) {
		say(play, thread, CT_EV_SEM_WAIT, 0, SEM(semaphore));
		play->units[semaphore]--;
	} else {
		wait_for(play, thread, CT_EV_SEM_WAIT, WAITS_SEM, semaphore, SEM(semaphore));
	}
}

/* One step of a thread that can go on. */
static void act(struct play *play, size_t thread)
{
	struct actor *actor = &play->actors[thread];
	int object = (int)pick(play, SEMAPHORES);

	if (actor->state == SLEEPS) {
		say(play, thread, CT_EV_SLEEP, CT_F_BLOCKED, 0);
		actor->state = RUNS_ON;
		return;
	}
	if (actor->state == WOKEN) {
		say(play, thread, actor->woken, CT_F_BLOCKED, actor->address);
		if (actor->woken == CT_EV_MUTEX_LOCK)
			actor->locked_at = play->now;
		actor->state = RUNS_ON;
		return;
	}
	switch (pick(play, 11)) {
	case 0:
		create_next(play, thread);
		return;
	case 1:
		say(play, thread, CT_EV_SLEEP, CT_F_REQUEST, 0);
		actor->state = SLEEPS;
		return;
	case 2:
	case 3:
	case 4:
		use_semaphore(play, thread, object, true);
		return;
	case 5:
	case 6:
		/* who sleeps on a semaphore with a lock may stop all others */
		if (!actor->locked)
			use_semaphore(play, thread, object, false);
		return;
	case 7:
		if (!actor->locked)
			come_to_barrier(play, thread);
		return;
	default:
		take_lock(play, thread, (int)pick(play, LOCKS));
		return;
	}
}

static bool can_act(const struct actor *actor)
{
	return actor->state == RUNS_ON || actor->state == SLEEPS || actor->state == WOKEN;
}

/* Where all wait for each other, a signal ends the wait of one: nobody of the program did. */
static void go_on(struct play *play, size_t thread)
{
	struct actor *actor = &play->actors[thread];

	for (size_t t = 0; t < THREADS; t++)
		if (can_act(&play->actors[t]))
			return;
	if (actor->state != WAITS_SEM)
		return;
	fake_fail(play->fake, thread, play->now, CT_EV_SEM_WAIT, SEM(actor->object), 4);
	actor->state = RUNS_ON;
}

static void perform(struct play *play, unsigned steps)
{
	play->fake = fake_new();
	for (uint32_t t = 1; t <= THREADS; t++)
		fake_thread(play->fake, 1, t);
	play->actors[0].state = RUNS_ON;
	play->now = TICK;
	fake_event(play->fake, 0, play->now, CT_EV_BARRIER_INIT, 0, BARRIER, 2);
	for (unsigned i = 0; i < steps; i++) {
		size_t thread = pick(play, THREADS);

		play->now += TICK * (1 + pick(play, 20));
		if (can_act(&play->actors[thread]))
			act(play, thread);
		else
			go_on(play, thread);
	}
	/* the last event is one of a thread that runs */
	for (size_t t = THREADS; t-- > 0;) {
		play->now += TICK;
		if (can_act(&play->actors[t]))
			act(play, t);
	}
	for (size_t t = 0; t < THREADS; t++) {
		if (!play->actors[t].locked || play->actors[t].state == WOKEN)
			continue;
		end_hold(play, t);
		play->holds[play->hold_count - 1].to = UINT64_MAX;
	}
}

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

		perform(&play, 50 + 4 * (unsigned)seed);
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
