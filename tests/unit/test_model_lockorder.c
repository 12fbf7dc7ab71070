/* model/lockorder: cycles of random programs against a naive enumeration by definition; limits,
 * reasons of what is ruled out, plain edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/lockorder.h"

enum { THREADS = 5, LOCKS = 4, EVENTS_MAX = 120, CYCLES_MAX = 4096 };

enum op { LOCK, READ_LOCK, TRY_LOCK, TIMED_LOCK, UNLOCK, CREATE, JOIN };

struct event {
	enum op op;
	size_t thread, object;	 /* object: lock, or thread for CREATE and JOIN */
	uint8_t held[LOCKS];	 /* of the thread, before: 0 no, 1 to read, 2 to write */
	size_t taken_at[LOCKS];	 /* event that took it */
	bool before[EVENTS_MAX]; /* must-happens-before, filled by close_order */
};

struct program {
	struct event events[EVENTS_MAX];
	size_t count;
	size_t creator[THREADS], created_at[THREADS], joined_at[THREADS]; /* SIZE_MAX: never */
	size_t joiner[THREADS];
};

static uint32_t dice(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % sides;
}

/* What the random walk knows of the program's present. */
struct present {
	uint8_t held[THREADS][LOCKS];
	size_t taken_at[THREADS][LOCKS];
	size_t budget[THREADS];
	bool lives[THREADS];
};

static bool is_free(const struct present *now, size_t lock, bool to_read)
{
	for (size_t t = 0; t < THREADS; t++)
		if (now->held[t][lock] > (to_read ? 1 : 0))
			return false;
	return true;
}

static size_t any_held(const struct present *now, size_t thread, uint32_t *seed)
{
	size_t start = dice(seed, LOCKS);

	for (size_t i = 0; i < LOCKS; i++)
		if (now->held[thread][(start + i) % LOCKS])
			return (start + i) % LOCKS;
	return LOCKS;
}

static void put(struct program *program, struct present *now, size_t thread, enum op op,
		size_t object)
{
	struct event *event = &program->events[program->count];

	*event = (struct event){.op = op, .thread = thread, .object = object};
	memcpy(event->held, now->held[thread], sizeof(event->held));
	memcpy(event->taken_at, now->taken_at[thread], sizeof(event->taken_at));
	if (op <= TIMED_LOCK) {
		now->held[thread][object] = op == READ_LOCK ? 1 : 2;
		now->taken_at[thread][object] = program->count;
	} else if (op == UNLOCK) {
		now->held[thread][object] = 0;
	}
	program->count++;
}

static bool can_join(const struct program *program, const struct present *now, size_t thread,
		     size_t other)
{
	return program->created_at[other] != SIZE_MAX && !now->lives[other] &&
	       program->joined_at[other] == SIZE_MAX && other != thread;
}

/* Mostly a child of its own, so that locks are held around whole threads. */
static size_t whom_to_join(const struct program *program, const struct present *now, size_t thread,
			   uint32_t *seed)
{
	for (size_t t = 0; t < THREADS && dice(seed, 8); t++)
		if (program->creator[t] == thread && can_join(program, now, thread, t))
			return t;
	return dice(seed, THREADS);
}

/* One step of one thread; nothing if what the dice say is not possible. */
static void step(struct program *program, struct present *now, uint32_t *seed)
{
	static const enum op locking[] = {LOCK,	     LOCK,	LOCK,	  LOCK,	     LOCK,
					  READ_LOCK, READ_LOCK, TRY_LOCK, TIMED_LOCK};
	size_t thread = dice(seed, THREADS), other = dice(seed, THREADS), lock;
	enum op op;

	if (!now->lives[thread])
		return;
	if (now->budget[thread] == 0) {
		lock = any_held(now, thread, seed);
		if (lock < LOCKS)
			put(program, now, thread, UNLOCK, lock);
		else
			now->lives[thread] = false;
		return;
	}
	now->budget[thread]--;
	switch (dice(seed, 13)) {
	case 0:
	case 8:
		if (other && program->created_at[other] == SIZE_MAX) {
			program->creator[other] = thread;
			program->created_at[other] = program->count;
			now->lives[other] = true;
			put(program, now, thread, CREATE, other);
		}
		return;
	case 1:
	case 9:
		other = whom_to_join(program, now, thread, seed);
		if (can_join(program, now, thread, other)) {
			program->joined_at[other] = program->count;
			program->joiner[other] = thread;
			put(program, now, thread, JOIN, other);
		}
		return;
	case 2:
	case 3:
		lock = any_held(now, thread, seed);
		if (lock < LOCKS)
			put(program, now, thread, UNLOCK, lock);
		return;
	default:
		lock = dice(seed, LOCKS);
		op = locking[dice(seed, sizeof(locking) / sizeof(locking[0]))];
		if (!now->held[thread][lock] && is_free(now, lock, op == READ_LOCK))
			put(program, now, thread, op, lock);
	}
}

static void make_program(struct program *program, uint32_t seed)
{
	struct present now = {0};

	memset(program, 0, sizeof(*program));
	for (size_t t = 0; t < THREADS; t++) {
		now.budget[t] = 12 + dice(&seed, 28);
		program->created_at[t] = program->joined_at[t] = SIZE_MAX;
	}
	now.lives[0] = true;
	/* thread 1 has no creator half of the time: nothing orders it */
	if (dice(&seed, 2)) {
		now.lives[1] = true;
		program->created_at[1] = EVENTS_MAX;
	}
	for (size_t i = 0; i < 600 && program->count < EVENTS_MAX; i++)
		step(program, &now, &seed);
}

/* Must-happens-before by definition: thread order, create, join; closed transitively. */
static void close_order(struct program *program)
{
	for (size_t b = 0; b < program->count; b++) {
		struct event *event = &program->events[b];

		for (size_t a = 0; a < b; a++) {
			const struct event *first = &program->events[a];

			if (first->thread == event->thread ||
			    (first->op == CREATE && first->object == event->thread) ||
			    (event->op == JOIN && event->object == first->thread) ||
			    (event->op == JOIN && first->op == CREATE &&
			     event->object == first->object))
				event->before[a] = true;
		}
		for (size_t a = b; a-- > 0;)
			for (size_t c = 0; event->before[a] && c < a; c++)
				event->before[c] |= program->events[a].before[c];
	}
}

/* Locks that a thread's creator held from its creation until it joined it itself, and, as long as
 * that was so, those that guard the creator. out: lock -> holder + 1, in the mode of `out_mode`. */
struct guards {
	size_t holder[8 * LOCKS], lock[8 * LOCKS];
	uint8_t mode[8 * LOCKS];
	size_t count;
};

static void guards_of(const struct program *program, size_t thread, struct guards *out)
{
	while (program->created_at[thread] < EVENTS_MAX && program->joined_at[thread] != SIZE_MAX &&
	       program->joiner[thread] == program->creator[thread]) {
		const struct event *create = &program->events[program->created_at[thread]];
		const struct event *join = &program->events[program->joined_at[thread]];

		for (size_t l = 0; l < LOCKS; l++) {
			if (!create->held[l] || !join->held[l] ||
			    create->taken_at[l] != join->taken_at[l])
				continue;
			out->holder[out->count] = create->thread;
			out->lock[out->count] = l;
			out->mode[out->count++] = create->held[l];
		}
		thread = program->creator[thread];
	}
}

static bool exclude(uint8_t a, uint8_t b)
{
	return a && b && a + b > 2;
}

/* Whether some lock keeps the two requests from being under way at once. */
static bool guarded(const struct program *program, const struct event *a, const struct event *b)
{
	struct guards left = {.count = 0}, right = {.count = 0};

	for (size_t l = 0; l < LOCKS; l++) {
		struct guards *sides[] = {&left, &right};
		const struct event *events[] = {a, b};

		for (size_t i = 0; i < 2; i++) {
			if (!events[i]->held[l])
				continue;
			sides[i]->holder[sides[i]->count] = events[i]->thread;
			sides[i]->lock[sides[i]->count] = l;
			sides[i]->mode[sides[i]->count++] = events[i]->held[l];
		}
	}
	guards_of(program, a->thread, &left);
	guards_of(program, b->thread, &right);
	for (size_t i = 0; i < left.count; i++)
		for (size_t k = 0; k < right.count; k++)
			if (left.lock[i] == right.lock[k] && left.holder[i] != right.holder[k] &&
			    exclude(left.mode[i], right.mode[k]))
				return true;
	return false;
}

/* Sorted event numbers of a cycle, packed: found by both sides, compared as a sorted list. */
struct cycles {
	uint64_t keys[CYCLES_MAX];
	size_t count;
};

static int by_key(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

static void add_key(struct cycles *cycles, const size_t *numbers, size_t length)
{
	uint64_t sorted[THREADS], key = 0;

	for (size_t i = 0; i < length; i++)
		sorted[i] = numbers[i] + 1;
	qsort(sorted, length, sizeof(*sorted), by_key);
	for (size_t i = 0; i < length; i++)
		key = key << 8 | sorted[i];
	for (size_t i = 0; i < cycles->count; i++)
		if (cycles->keys[i] == key)
			return;
	assert_true(cycles->count < CYCLES_MAX);
	cycles->keys[cycles->count++] = key;
}

static bool blocks(const struct event *asks, const struct event *holds)
{
	return exclude(asks->op == READ_LOCK ? 1 : 2, holds->held[asks->object]);
}

/* All choices of requests of different threads, each tested by the definition alone. */
static void enumerate(const struct program *program, size_t *path, size_t length,
		      struct cycles *out)
{
	const struct event *last = &program->events[path[length - 1]];

	if (length >= 2 && blocks(last, &program->events[path[0]]))
		add_key(out, path, length);
	for (size_t i = 0; length < THREADS && i < program->count; i++) {
		const struct event *next = &program->events[i];
		bool fits = next->op <= READ_LOCK && blocks(last, next);

		for (size_t k = 0; fits && k < length; k++) {
			const struct event *other = &program->events[path[k]];

			fits = other->thread != next->thread && other->object != next->object &&
			       !program->events[i].before[path[k]] && !other->before[i] &&
			       !guarded(program, other, next);
		}
		if (!fits)
			continue;
		path[length] = i;
		enumerate(program, path, length + 1, out);
	}
}

static void expected_cycles(struct program *program, struct cycles *out)
{
	size_t path[THREADS];

	close_order(program);
	for (path[0] = 0; path[0] < program->count; path[0]++)
		if (program->events[path[0]].op <= READ_LOCK)
			enumerate(program, path, 1, out);
}

static uint64_t address_of(size_t lock)
{
	return 4096 + 64 * lock;
}

static struct fake_trace *trace_of(const struct program *program)
{
	static const struct {
		uint16_t event, flags;
	} records[] = {[LOCK] = {CT_EV_RWLOCK_WRLOCK, 0},
		       [READ_LOCK] = {CT_EV_RWLOCK_RDLOCK, 0},
		       [TRY_LOCK] = {CT_EV_RWLOCK_TRYWRLOCK, CT_F_TRY},
		       [TIMED_LOCK] = {CT_EV_RWLOCK_TIMEDWRLOCK, CT_F_TIMED},
		       [UNLOCK] = {CT_EV_RWLOCK_UNLOCK, 0},
		       [CREATE] = {CT_EV_THREAD_CREATE, 0},
		       [JOIN] = {CT_EV_THREAD_JOIN, 0}};
	struct fake_trace *fake = fake_new();

	/* of a text trace: pthread_t is the thread's number */
	fake->trace.text = true;
	for (uint32_t t = 0; t < THREADS; t++)
		fake_thread(fake, 1, t + 1);
	for (size_t i = 0; i < program->count; i++) {
		const struct event *event = &program->events[i];
		bool thread = event->op >= CREATE;

		fake_event(fake, event->thread, i + 1, records[event->op].event,
			   records[event->op].flags,
			   thread ? event->object + 1 : address_of(event->object), 0);
	}
	return fake;
}

static struct ct_lockorder *run(struct fake_trace *fake)
{
	struct ct_model *model = fake_model(fake);
	struct ct_lockorder *order;
	struct ct_observer observer;
	struct ct_error error;

	assert_int_equal(ct_lockorder_new(model, &order), CT_OK);
	observer = ct_lockorder_observer(order);
	assert_int_equal(ct_model_run(model, &observer, 1, &error), CT_OK);
	assert_int_equal(ct_lockorder_cycles(order), CT_OK);
	return order;
}

/* Those are held against another definition, in tests/prediction. */
static bool has_join(const struct ct_lock_cycle *cycle)
{
	for (size_t i = 0; i < cycle->length; i++)
		if (!cycle->steps[i].dependency->lock)
			return true;
	return false;
}

/* The places are all different, as the stack is the time. */
static void found_cycles(struct fake_trace *fake, struct cycles *out)
{
	struct ct_lockorder *order = run(fake);

	for (size_t i = 0; i < order->cycle_count; i++) {
		const struct ct_lock_cycle *cycle = order->cycles[i];
		size_t numbers[CT_LOCKORDER_LENGTH];

		if (has_join(cycle))
			continue;
		for (size_t k = 0; k < cycle->length; k++)
			numbers[k] = cycle->steps[k].request->time - 1;
		add_key(out, numbers, cycle->length);
	}
	assert_false(order->cycles_hit || order->work_hit || order->places_hit ||
		     order->length_hit);
	ct_lockorder_free(order);
}

static void test_against_definition(void **state)
{
	static struct program program;
	static struct cycles wanted, found;
	size_t total = 0, longest = 0, with_cycle = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= 3000; seed++) {
		struct fake_trace *fake;

		make_program(&program, seed);
		wanted.count = found.count = 0;
		expected_cycles(&program, &wanted);
		fake = trace_of(&program);
		found_cycles(fake, &found);
		fake_free(fake);
		qsort(wanted.keys, wanted.count, sizeof(*wanted.keys), by_key);
		qsort(found.keys, found.count, sizeof(*found.keys), by_key);
		if (wanted.count != found.count)
			fprintf(stderr, "seed %u: %zu cycles, found %zu\n", seed, wanted.count,
				found.count);
		assert_int_equal(found.count, wanted.count);
		if (wanted.count)
			assert_memory_equal(found.keys, wanted.keys,
					    wanted.count * sizeof(*wanted.keys));
		total += wanted.count;
		with_cycle += wanted.count > 0;
		for (size_t i = 0; i < wanted.count; i++)
			longest = wanted.keys[i] >> 16 ? 3 : longest;
	}
	/* the programs are of use only if many have cycles, and many have none */
	assert_true(total > 1000);
	assert_true(with_cycle > 300 && with_cycle < 2900);
	assert_int_equal(longest, 3);
}

/* A thread takes and releases locks in the order of the text: "ab" is a, then b. */
static uint64_t nest(struct fake_trace *fake, size_t thread, uint64_t time, const char *locks)
{
	size_t count = strlen(locks);

	for (size_t i = 0; i < count; i++)
		fake_event(fake, thread, ++time, CT_EV_MUTEX_LOCK, 0,
			   64 * (uint64_t)(unsigned char)locks[i], 0);
	for (size_t i = count; i-- > 0;)
		fake_event(fake, thread, ++time, CT_EV_MUTEX_UNLOCK, 0,
			   64 * (uint64_t)(unsigned char)locks[i], 0);
	return time;
}

static void test_plain_edges(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_lockorder *order;
	uint64_t time;

	(void)state;
	for (uint32_t t = 0; t < 2; t++)
		fake_thread(fake, 1, t + 1);
	time = nest(fake, 0, 0, "abc");
	time = nest(fake, 0, time, "ab");
	nest(fake, 1, time, "ba");
	order = run(fake);
	assert_int_equal(order->edge_count, 4); /* a-b, a-c, b-c of main, b-a of T2 */
	for (size_t i = 0; i < order->edge_count; i++) {
		const struct ct_lock_edge *edge = order->edges[i];
		bool between = edge->from->address + edge->to->address == 64 * ('a' + 'b');

		assert_int_equal(edge->in_cycle, between);
		assert_int_equal(edge->count, between && edge->thread->number == 1 ? 2 : 1);
		assert_true(edge->from_stack && edge->from_stack < edge->to_stack);
	}
	ct_lockorder_free(order);
	fake_free(fake);
}

/* Two threads take all pairs of 45 locks, the one this way, the other that way. */
static struct fake_trace *many_cycles(void)
{
	struct fake_trace *fake = fake_new();
	uint64_t time = 0;

	for (uint32_t t = 0; t < 2; t++)
		fake_thread(fake, 1, t + 1);
	for (char a = 'A'; a < 'Z' + 20; a++)
		for (char b = 'A'; b < a; b++) {
			time = nest(fake, 0, time, (char[]){a, b, 0});
			time = nest(fake, 1, time, (char[]){b, a, 0});
		}
	return fake;
}

static void test_just_below_the_limit(void **state)
{
	struct fake_trace *fake = many_cycles();
	struct ct_lockorder *order = run(fake);

	(void)state;
	assert_int_equal(order->cycle_count, 45 * 44 / 2);
	assert_false(order->cycles_hit);
	ct_lockorder_free(order);
	fake_free(fake);
}

static void test_limit_of_places(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_lockorder *order;
	uint64_t time = 0;

	(void)state;
	for (uint32_t t = 0; t < 2; t++)
		fake_thread(fake, 1, t + 1);
	for (size_t i = 0; i < 2 * CT_LOCKORDER_PLACES; i++)
		time = nest(fake, 0, time, "ab");
	nest(fake, 1, time, "ba");
	order = run(fake);
	assert_true(order->places_hit);
	assert_int_equal(order->dependencies[0]->request_count, CT_LOCKORDER_PLACES);
	assert_true(order->dependencies[0]->requests_cut);
	assert_int_equal(order->dependencies[0]->count, 2 * CT_LOCKORDER_PLACES);
	assert_int_equal(order->cycle_count, CT_LOCKORDER_PLACES);
	ct_lockorder_free(order);
	fake_free(fake);
}

static void test_limit_of_held(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_lockorder *order;

	(void)state;
	fake_thread(fake, 1, 1);
	for (uint64_t i = 1; i <= 2 * CT_LOCKORDER_HELD; i++)
		fake_event(fake, 0, i, CT_EV_MUTEX_LOCK, 0, 64 * i, 0);
	order = run(fake);
	assert_true(order->held_hit);
	assert_int_equal(order->dependencies[order->dependency_count - 1]->held_count,
			 CT_LOCKORDER_HELD);
	ct_lockorder_free(order);
	fake_free(fake);
}

/* Threads that do the same over many locks: more cycles than can be listed, an end all the same. */
static void test_work_is_bounded(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_lockorder *order;
	uint64_t time = 0;

	(void)state;
	for (uint32_t t = 0; t < 8; t++)
		fake_thread(fake, 1, t + 1);
	for (uint32_t t = 0; t < 8; t++)
		for (char a = 'A'; a < 'A' + 20; a++)
			for (char b = 'A'; b < 'A' + 20; b++)
				if (a != b)
					time = nest(fake, t, time, (char[]){a, b, 0});
	order = run(fake);
	assert_int_equal(order->cycle_count, CT_LOCKORDER_CYCLES);
	assert_true(order->cycles_hit);
	for (size_t i = 0; i < order->cycle_count; i++)
		assert_int_equal(order->cycles[i]->length, 2); /* the shortest come first */
	ct_lockorder_free(order);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_definition),   cmocka_unit_test(test_plain_edges),
		cmocka_unit_test(test_just_below_the_limit), cmocka_unit_test(test_limit_of_places),
		cmocka_unit_test(test_limit_of_held),	     cmocka_unit_test(test_work_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
