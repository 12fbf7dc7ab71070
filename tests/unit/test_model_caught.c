/* model/caught, model/traps and the findings made of them: meetings of two accesses, with records
 * that are lost, damaged or contradict each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "detect/detector.h"
#include "fake_trace.h"
#include "model/caught.h"
#include "model/lockset.h"
#include "model/traps.h"

enum { MEMORY = 0x5000, LOCK = 0x900, OTHER_LOCK = 0xa00, READ = 1, WRITE = 2 };

struct meeting {
	struct fake_trace *fake;
	struct ct_caught *caught;
	const struct ct_caught_pair *pairs;
	size_t count;
};

static enum ct_status step_on(void *state, const struct ct_model *model, const struct ct_step *step)
{
	(void)model;
	return ct_caught_step(state, step);
}

/* Threads 0 and 1 are main and T2 of process 1. */
static struct meeting two_threads(void)
{
	struct meeting m = {.fake = fake_new()};

	fake_thread(m.fake, 1, 1);
	fake_thread(m.fake, 1, 2);
	return m;
}

static struct ct_payload_caught held(uint64_t address, uint64_t number, uint8_t kind)
{
	return (struct ct_payload_caught){.object = address,
					  .number = number,
					  .before = 41,
					  .after = 41,
					  .size = 4,
					  .kind = kind,
					  .how = CT_CAUGHT_HELD};
}

static struct ct_payload_caught came(uint64_t address, uint64_t number, uint8_t kind)
{
	return (struct ct_payload_caught){.object = address,
					  .number = number,
					  .size = 4,
					  .kind = kind,
					  .how = CT_CAUGHT_CAME};
}

/* Its stack is `stack`. */
static void add(struct meeting *m, size_t thread, uint64_t time, uint32_t stack,
		const struct ct_payload_caught *caught)
{
	struct fake_stream *stream = &m->fake->streams[thread];

	fake_payload(m->fake, thread, time, CT_EV_ACCESS_CAUGHT, caught, sizeof(*caught));
	stream = &m->fake->streams[thread];
	stream->records[stream->count - 1].record.stack = stack;
}

/* main is held at a write at stack 1, T2 comes to a read at stack 2. */
static void add_meeting(struct meeting *m, uint64_t time, uint64_t number)
{
	const struct ct_payload_caught first = held(MEMORY, number, WRITE);
	const struct ct_payload_caught second = came(MEMORY, number, READ);

	add(m, 0, time + 5, 1, &first);
	add(m, 1, time, 2, &second);
}

static void run(struct meeting *m)
{
	struct ct_model *model = fake_model(m->fake);
	struct ct_observer observer = {.step = step_on};
	struct ct_error error;

	assert_int_equal(ct_caught_new(model, &m->caught), CT_OK);
	observer.state = m->caught;
	assert_int_equal(ct_model_run(model, &observer, 1, &error), CT_OK);
	m->pairs = ct_caught_pairs(m->caught, &m->count);
}

static void done(struct meeting *m)
{
	ct_caught_free(m->caught);
	fake_free(m->fake);
}

/* The number of pairs that come out. */
static void expect(struct meeting m, size_t count)
{
	run(&m);
	assert_int_equal(m.count, count);
	done(&m);
}

/* Of two sides as they are. */
static void expect_of(const struct ct_payload_caught *first, const struct ct_payload_caught *second,
		      size_t count)
{
	struct meeting m = two_threads();

	add(&m, 0, 105, 1, first);
	add(&m, 1, 100, 2, second);
	expect(m, count);
}

static void test_a_pair(void **state)
{
	struct meeting m = two_threads();

	(void)state;
	add_meeting(&m, 100, 1);
	run(&m);
	assert_int_equal(m.count, 1);
	assert_int_equal(m.pairs[0].count, 1);
	assert_int_equal(m.pairs[0].address, MEMORY);
	/* the one that was held is first, though its record is the later one */
	assert_int_equal(m.pairs[0].sides[0].thread->number, 1);
	assert_int_equal(m.pairs[0].sides[0].how, CT_CAUGHT_HELD);
	assert_int_equal(m.pairs[0].sides[0].kind, WRITE);
	assert_int_equal(m.pairs[0].sides[0].before, 41);
	assert_int_equal(m.pairs[0].sides[1].thread->number, 2);
	assert_int_equal(m.pairs[0].sides[1].stack, 2);
	assert_null(m.pairs[0].stack_owner);
	assert_false(ct_caught_given_up(m.caught));
	done(&m);
}

static void test_repeats(void **state)
{
	struct meeting m = two_threads();
	struct ct_payload_caught changed = held(MEMORY, 3, WRITE), other = came(MEMORY, 3, READ);

	(void)state;
	changed.after = 42;
	for (uint64_t i = 1; i <= 2; i++)
		add_meeting(&m, 100 * i, i);
	add(&m, 0, 305, 1, &changed);
	add(&m, 1, 300, 2, &other);
	add_meeting(&m, 400, 4);
	/* at another place it is another pair */
	changed.number = other.number = 5;
	add(&m, 0, 505, 7, &changed);
	add(&m, 1, 500, 2, &other);
	run(&m);
	assert_int_equal(m.count, 2);
	assert_int_equal(m.pairs[0].count, 4);
	assert_int_equal(m.pairs[0].sides[0].after, 42); /* the one that tells most */
	assert_int_equal(m.pairs[1].count, 1);
	done(&m);
}

static void test_what_is_no_race(void **state)
{
	const struct ct_payload_caught write = held(MEMORY, 1, WRITE);
	struct ct_payload_caught other = came(MEMORY, 1, READ), locked = write;

	(void)state;
	expect_of(&write, &other, 1);
	other.number = 2; /* the sides of two meetings, of which the others are lost */
	expect_of(&write, &other, 0);
	other = came(MEMORY + 4, 1, WRITE); /* the bytes beside */
	expect_of(&write, &other, 0);
	other = came(MEMORY - 4, 1, WRITE);
	expect_of(&write, &other, 0);
	other = came(MEMORY - 3, 1, WRITE);
	expect_of(&write, &other, 1);
	other = came(MEMORY + 3, 1, WRITE);
	expect_of(&write, &other, 1);
	other.size = 0; /* unknown: one byte at least */
	expect_of(&write, &other, 1);
	other = came(MEMORY, 1, 0); /* did nothing */
	expect_of(&write, &other, 0);
	locked.kind = WRITE | CT_CAUGHT_LOCKED;
	other = came(MEMORY, 1, READ | WRITE | CT_CAUGHT_LOCKED);
	expect_of(&locked, &other, 0);
	other.kind = READ;
	expect_of(&locked, &other, 1);
	locked.kind = READ;
	expect_of(&locked, &other, 0); /* two reads */
	locked = came(MEMORY, 1, WRITE);
	expect_of(&locked, &other, 0); /* nobody was held */
	locked = held(UINT64_MAX, 1, WRITE);
	locked.size = UINT16_MAX;
	other = came(0, 1, WRITE); /* memory does not begin anew after its end */
	expect_of(&locked, &other, 0);
}

/* Where the first common byte is, in the memory of the one that was held. */
static void test_first_byte(void **state)
{
	struct meeting m = two_threads();
	struct ct_payload_caught first = held(MEMORY, 1, WRITE);
	struct ct_payload_caught second = came(MEMORY + 2, 1, WRITE);

	(void)state;
	add(&m, 0, 105, 1, &first);
	add(&m, 1, 100, 2, &second);
	run(&m);
	assert_int_equal(m.count, 1);
	assert_int_equal(m.pairs[0].address, MEMORY + 2);
	done(&m);
}

static void test_hostile(void **state)
{
	struct meeting m = two_threads();
	const struct ct_payload_caught first = held(MEMORY, UINT64_MAX, 0xff);
	const struct ct_payload_caught second = came(MEMORY, UINT64_MAX, WRITE);

	(void)state;
	/* a thread does not meet itself */
	add(&m, 0, 100, 1, &first);
	add(&m, 0, 101, 1, &second);
	/* a third one of the same number */
	add(&m, 1, 102, 2, &second);
	/* too short */
	fake_payload(m.fake, 1, 103, CT_EV_ACCESS_CAUGHT, &first, sizeof(first) - 1);
	fake_payload(m.fake, 1, 104, CT_EV_ACCESS_TRAPS, &first, 8);
	expect(m, 0);
}

/* Also where the record has it that one kept the other out: something in it is wrong then. */
static void test_locks(void **state)
{
	const struct ct_payload_caught first = held(MEMORY, 1, WRITE);
	const struct ct_payload_caught second = came(MEMORY, 1, WRITE);
	struct meeting m = two_threads();

	(void)state;
	fake_event(m.fake, 0, 10, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	fake_event(m.fake, 1, 20, CT_EV_MUTEX_LOCK, 0, OTHER_LOCK, 0);
	add_meeting(&m, 100, 1);
	run(&m);
	assert_int_equal(m.count, 1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(ct_caught_lockset(m.caught, m.pairs[0].sides[i].lockset)->count,
				 1);
	done(&m);

	m = two_threads(); /* as if the lock had gone from one to the other in between */
	fake_event(m.fake, 1, 20, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	add(&m, 1, 100, 2, &second);
	fake_event(m.fake, 1, 101, CT_EV_MUTEX_UNLOCK, 0, LOCK, 0);
	fake_event(m.fake, 0, 102, CT_EV_MUTEX_LOCK, 0, LOCK, 0);
	add(&m, 0, 105, 1, &first);
	expect(m, 0);

	m = two_threads();
	fake_event(m.fake, 0, 10, CT_EV_RWLOCK_RDLOCK, 0, LOCK, 0);
	fake_event(m.fake, 1, 20, CT_EV_RWLOCK_RDLOCK, 0, LOCK, 0);
	add_meeting(&m, 100, 1);
	expect(m, 1);
}

static struct meeting two_processes(void)
{
	struct meeting m = {.fake = fake_new()};

	fake_process(m.fake, 2, 1, 1, 5, "./prog");
	fake_thread(m.fake, 1, 1);
	fake_thread(m.fake, 2, 1);
	fake_event(m.fake, 0, 2, CT_EV_FORK, CT_F_REQUEST, 0, 0);
	fake_event(m.fake, 0, 8, CT_EV_FORK, CT_F_BLOCKED, 101, 0);
	return m;
}

static void add_map(struct meeting *m, uint32_t process, uint64_t start, uint64_t offset)
{
	const struct ct_trace_map map = {.process = process,
					 .time = 20,
					 .start = start,
					 .size = 4096,
					 .device = 7,
					 .inode = 9,
					 .offset = offset};

	fake_map(m->fake, &map);
}

static void test_processes(void **state)
{
	const struct ct_payload_caught first = held(0x7000010, 1, WRITE);
	const struct ct_payload_caught second = came(0x8001010, 1, WRITE);
	struct meeting m = two_processes();

	(void)state;
	/* each has its own memory at one address */
	add_meeting(&m, 100, 1);
	expect(m, 0);

	m = two_processes();
	add_map(&m, 1, 0x7000000, 4096);
	add_map(&m, 2, 0x8001000, 4096);
	add(&m, 0, 105, 1, &first);
	add(&m, 1, 100, 2, &second);
	run(&m);
	assert_int_equal(m.count, 1);
	assert_int_equal(m.pairs[0].address, 0x7000010);
	done(&m);

	m = two_processes();
	add_map(&m, 1, 0x7000000, 4096);
	add_map(&m, 2, 0x8001000, 0); /* the same file elsewhere */
	add(&m, 0, 105, 1, &first);
	add(&m, 1, 100, 2, &second);
	expect(m, 0);
}

static void test_finding(void **state)
{
	struct meeting m = two_threads();
	struct ct_findings findings;
	const struct ct_race *race;
	struct ct_error error;

	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		add_meeting(&m, 100 * i, i);
	ct_findings_init(&findings);
	assert_int_equal(ct_detect_all(fake_model(m.fake), &findings, &error), CT_OK);
	assert_int_equal(findings.count, 1);
	assert_string_equal(findings.items[0]->rule->id, "data-race");
	/* of code that nobody can look at, nothing is sure */
	assert_int_equal(findings.items[0]->evidence, CT_POTENTIAL);
	assert_int_equal(findings.items[0]->severity, CT_NOTE);
	assert_non_null(findings.items[0]->assumes);
	race = findings.items[0]->race;
	assert_non_null(race);
	assert_true(race->caught);
	assert_int_equal(race->more, 2);
	assert_int_equal(race->sides[0].how, CT_CAUGHT_HELD);
	assert_int_equal(race->sides[0].before, 41);
	assert_int_equal(race->sides[1].kind, CT_ACCESS_READ);
	ct_findings_fini(&findings);
	done(&m);
}

/* `address` is kept by reference. */
static void add_code(struct meeting *m, uint32_t stack, const uint64_t *address)
{
	const struct ct_trace_stack item = {.frames = address, .depth = 1};

	assert_int_equal(ct_trace_add_stack(&m->fake->trace, 1, stack, &item), CT_OK);
}

/* Instructions of one statement, whose line is not known, make one finding. The side whose code
 * stands first is the first one, whichever was held. */
static void test_one_statement(void **state)
{
	static const uint64_t code[] = {0x100f, 0x101e, 0x2000}; /* the last is another one's */
	static const uint32_t stacks[][2] = {{1, 2}, {2, 2}, {2, 1}, {3, 1}};
	struct meeting m = two_threads();
	struct ct_reader *reader = &m.fake->reader;
	struct ct_findings findings;
	struct ct_error error;

	(void)state;
	ct_arena_init(&reader->arena);
	ct_map_init(&reader->stack_index);
	for (uint32_t i = 0; i < 3; i++)
		add_code(&m, i + 1, &code[i]);
	for (uint64_t i = 0; i < 4; i++) {
		const struct ct_payload_caught first = held(MEMORY, i + 1, WRITE);
		const struct ct_payload_caught second = came(MEMORY, i + 1, WRITE);

		add(&m, 0, 100 * i + 105, stacks[i][0], &first);
		add(&m, 1, 100 * i + 100, stacks[i][1], &second);
	}
	ct_findings_init(&findings);
	assert_int_equal(ct_detect_all(fake_model(m.fake), &findings, &error), CT_OK);
	assert_int_equal(findings.count, 2);
	assert_int_equal(findings.items[0]->race->more + findings.items[1]->race->more, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct ct_race *race = findings.items[i]->race;

		assert_true(race->sides[0].place.stack <= race->sides[1].place.stack);
		assert_int_equal(race->sides[race->held].how, CT_CAUGHT_HELD);
		assert_int_equal(race->held, race->sides[1].place.stack == 3);
	}
	ct_findings_fini(&findings);
	ct_map_fini(&reader->stack_index);
	free(reader->stacks);
	ct_arena_fini(&reader->arena);
	done(&m);
}

static void add_traps(struct meeting *m, size_t thread, uint64_t time,
		      const struct ct_payload_traps *traps)
{
	fake_payload(m->fake, thread, time, CT_EV_ACCESS_TRAPS, traps, sizeof(*traps));
}

static void test_traps(void **state)
{
	struct ct_payload_traps first = {.places = 400, .held_ns = 5, .allowed_ns = 100};
	struct ct_payload_traps second = {.object = CT_TRAP_SECCOMP,
					  .places = 412,
					  .held = 2,
					  .held_ns = 10,
					  .allowed_ns = 50};
	struct ct_payload_traps none = {.object = UINT64_MAX};
	struct meeting m = two_processes();
	struct ct_traps traps;

	(void)state;
	add_traps(&m, 0, 100, &first);
	add_traps(&m, 0, 200, &second); /* what it said before is in it */
	add_traps(&m, 1, 300, &none);
	add_meeting(&m, 400, 1);
	run(&m);
	ct_traps_sum(m.fake->model, &traps);
	assert_int_equal(traps.programs, 2);
	assert_int_equal(traps.with, 1);
	assert_int_equal(traps.aside, 2);
	assert_int_equal(traps.reasons, 1 << CT_TRAP_SECCOMP | 1 << 0);
	assert_int_equal(traps.places, 412);
	assert_int_equal(traps.held, 2);
	assert_int_equal(traps.held_ns, 10);
	assert_int_equal(traps.allowed_ns, 50);
	assert_int_equal(traps.caught, 2);
	done(&m);

	m = two_processes(); /* sums of damaged records do not begin anew */
	second.held_ns = UINT64_MAX;
	add_traps(&m, 0, 100, &second);
	add_traps(&m, 1, 200, &second);
	run(&m);
	ct_traps_sum(m.fake->model, &traps);
	assert_int_equal(traps.held_ns, UINT64_MAX);
	done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_pair),		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_what_is_no_race), cmocka_unit_test(test_first_byte),
		cmocka_unit_test(test_hostile),		cmocka_unit_test(test_locks),
		cmocka_unit_test(test_processes),	cmocka_unit_test(test_finding),
		cmocka_unit_test(test_one_statement),	cmocka_unit_test(test_traps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
