/* access/trap: what a hold is made of, part by part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/trap/atomic_set.h"

#include <string.h>
#include <sys/mman.h>

#include "access/trap/budget.h"
#include "access/trap/caught.h"
#include "access/trap/company.h"
#include "access/trap/history.h"
#include "access/trap/patience.h"
#include "access/trap/value.h"
#include "record/process.h"

#define MS UINT64_C(1000000)

static struct ct_session session = {.frequency = 1000000000};
static struct ct_process_slot slot;
static uint32_t mark = 1;

static void test_atomic_set(void **state)
{
	(void)state;
	ct_atomic_set_add(0x10004, 4);
	assert_true(ct_atomic_set_has(0x10004, 4));
	assert_true(ct_atomic_set_has(0x10007, 1));
	assert_true(ct_atomic_set_has(0x10000, 8));
	assert_false(ct_atomic_set_has(0x10000, 4)); /* the neighbour in the same word */
	assert_false(ct_atomic_set_has(0x10008, 8));
	ct_atomic_set_add(0x10000, 1);
	assert_true(ct_atomic_set_has(0x10004, 4));
	ct_atomic_set_add(0x2000c, 8); /* two words */
	assert_true(ct_atomic_set_has(0x20010, 4));
	assert_false(ct_atomic_set_has(0x20014, 4));
	ct_atomic_set_add(UINTPTR_MAX, UINT32_MAX);
	assert_false(ct_atomic_set_has(0x30000, 0));
}

/* It may forget, but says nothing of what was never in it. */
static void test_atomic_set_full(void **state)
{
	(void)state;
	for (uintptr_t i = 0; i < 100000; i++)
		ct_atomic_set_add(0x1000000 + 16 * i, 8);
	assert_true(ct_atomic_set_has(0x1000000 + 16 * 99999, 8));
	for (uintptr_t i = 0; i < 100000; i++)
		assert_false(ct_atomic_set_has(0x1000008 + 16 * i, 8));
}

static void test_value(void **state)
{
	unsigned char *pages =
		mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t value = 1;

	(void)state;
	assert_ptr_not_equal(pages, MAP_FAILED);
	memset(pages, 0x11, 8192);
	pages[4095] = 0x42;
	assert_true(ct_value_read((uintptr_t)pages + 4095, 1, &value));
	assert_int_equal(value, 0x42);
	assert_true(ct_value_read((uintptr_t)pages + 4094, 4, &value));
	assert_int_equal(value, 0x11114211);
	assert_true(ct_value_read((uintptr_t)pages, 4096, &value));
	assert_int_equal(value, UINT64_C(0x1111111111111111));
	assert_int_equal(munmap(pages + 4096, 4096), 0);
	assert_false(ct_value_read((uintptr_t)pages + 4094, 4, &value));
	assert_int_equal(mprotect(pages, 4096, PROT_NONE), 0);
	assert_false(ct_value_read((uintptr_t)pages, 8, &value));
	assert_false(ct_value_read(8, 8, &value));
	munmap(pages, 4096);
}

static void test_caught_a_few_times(void **state)
{
	unsigned told = 0;

	(void)state;
	for (int i = 0; i < 10; i++) {
		uintptr_t a = i % 2 ? 0x1001 : 0x2001, b = i % 2 ? 0x2001 : 0x1001;

		told += ct_caught_wanted(a, b);
		ct_caught_count(a, b);
	}
	assert_int_equal(told, 3);
	assert_true(ct_caught_wanted(0x1001, 0x1001));
	for (uintptr_t i = 0; i < 2000; i++) { /* a table of bounded size: then it is enough */
		told += ct_caught_wanted(0x5000 + i, 0x6000 + i);
		ct_caught_count(0x5000 + i, 0x6000 + i);
	}
	assert_in_range(told, 200, 256 + 3);
}

static uint64_t longest(struct ct_patience with, unsigned times)
{
	uint64_t most = 0;

	for (unsigned i = 0; i < times; i++) {
		uint64_t time_ns = ct_patience_ns(&with);

		if (time_ns > most)
			most = time_ns;
	}
	return most;
}

static void test_patience(void **state)
{
	struct ct_patience with = {
		.pc = 0x7001, .history = CT_HISTORY_SHARED, .writes = true, .left_ns = 100 * MS};

	(void)state;
	assert_in_range(longest(with, 1), 1 * MS, 5 * MS);
	assert_in_range(longest(with, 200), MS / 20, 3 * MS / 2);
	assert_in_range(longest(with, 200), 1, 3 * MS / 20); /* it comes again and again */
	with.pc = 0x7002;
	with.left_ns = 1 * MS;
	assert_in_range(longest(with, 3), 1, MS / 16);
	with.left_ns = 1000;
	assert_int_equal(longest(with, 3), 0);
	with = (struct ct_patience){.pc = 0x7004, .writes = true, .left_ns = 100 * MS};
	with.creates = true;
	assert_in_range(longest(with, 3), 1, MS / 10);
	with = (struct ct_patience){.pc = 0x7005, .has_locks = true, .left_ns = 100 * MS};
	assert_in_range(longest(with, 3), 1, 2 * MS / 5);
}

static unsigned times_held(struct ct_patience with, unsigned times)
{
	unsigned held = 0;

	for (unsigned i = 0; i < times; i++)
		held += ct_patience_ns(&with) > 0;
	return held;
}

/* Where others hardly come, it is seldom, and short. */
static void test_patience_alone(void **state)
{
	struct ct_patience with = {.pc = 0x7101, .left_ns = 100 * MS};
	static const enum ct_history alone[] = {CT_HISTORY_OWN, CT_HISTORY_LOCKED,
						CT_HISTORY_GIVEN};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		with.history = alone[i];
		(void)ct_patience_ns(&with); /* the first use of the place */
		assert_in_range(longest(with, 50), 1, 3 * MS / 20);
		assert_in_range(times_held(with, 400), 40, 200);
	}
	with.history = CT_HISTORY_SHARED;
	assert_int_equal(times_held(with, 100), 100);
	with.history = CT_HISTORY_OWN;
	with.begins = true; /* somebody may come */
	assert_int_equal(times_held(with, 100), 100);
	with.pc = 0x7102;
	assert_in_range(longest(with, 1), 3 * MS / 10, 3 * MS / 2);
	with.history = CT_HISTORY_NEW;
	with.has_locks = true;
	assert_in_range(times_held(with, 400), 40, 200);
}

static void test_patience_late(void **state)
{
	struct ct_patience with = {.pc = 0x7201, .history = CT_HISTORY_SHARED, .left_ns = 100 * MS};

	(void)state;
	for (int i = 0; i < 30; i++)
		ct_patience_late(UINT64_MAX);
	assert_in_range(longest(with, 1), 9 * MS / 5, 3 * MS);
	for (int i = 0; i < 100; i++)
		ct_patience_late(0);
	assert_in_range(longest(with, 3), 1, 3 * MS / 2);
}

static enum ct_history note(uintptr_t start, uint32_t tid, struct ct_live *live, uint64_t lock)
{
	struct ct_held_access access = {
		.space = start < 0x9000 ? 3 : CT_COMPANY_OF_PROCESSES, .start = start, .tid = tid};

	live->held_count = lock != 0;
	live->held[0].object = lock;
	return ct_history_note(&access, live, 2);
}

static void test_history(void **state)
{
	static struct ct_live first = {.thread = 1}, second = {.thread = 2}, third = {.thread = 3};

	(void)state;
	assert_int_equal(note(0x1000, 11, &first, 0), CT_HISTORY_NEW);
	assert_int_equal(note(0x1000, 11, &first, 0), CT_HISTORY_OWN);
	assert_int_equal(note(0x1004, 11, &first, 0), CT_HISTORY_NEW); /* its neighbour */
	assert_int_equal(note(0x1000, 12, &second, 0), CT_HISTORY_SHARED);
	assert_int_equal(note(0x1000, 11, &first, 0), CT_HISTORY_SHARED);
	/* a lock, since there are two */
	assert_int_equal(note(0x2000, 11, &first, 0), CT_HISTORY_NEW);
	assert_int_equal(note(0x2000, 12, &second, 0xa0), CT_HISTORY_LOCKED);
	assert_int_equal(note(0x2000, 11, &first, 0xa0), CT_HISTORY_LOCKED);
	assert_int_equal(note(0x2000, 11, &first, 0xb0), CT_HISTORY_SHARED);
	assert_int_equal(note(0x2000, 11, &first, 0xa0), CT_HISTORY_SHARED);
	/* other processes have it */
	assert_int_equal(note(0x9000, 11, &first, 0), CT_HISTORY_SHARED);
	assert_int_equal(note(0x9008, 11, &first, 0xa0), CT_HISTORY_LOCKED);
	assert_int_equal(note(0x9008, 11, &first, 0), CT_HISTORY_SHARED);
	/* what the third has been given */
	assert_int_equal(note(0x3000, 11, &first, 0), CT_HISTORY_NEW);
	assert_int_equal(note(0x3000, 13, &third, 0), CT_HISTORY_GIVEN);
	assert_int_equal(note(0x3000, 13, &third, 0), CT_HISTORY_OWN);
	assert_int_equal(note(0x3000, 11, &first, 0), CT_HISTORY_SHARED);
}

static void test_budget(void **state)
{
	(void)state;
	ct_budget_init(0);
	assert_int_equal(ct_budget_allowed(), 0);
	ct_budget_init(10);
	assert_in_range(ct_budget_allowed(), 100 * MS, 110 * MS);
	ct_budget_use(30 * MS);
	assert_in_range(ct_budget_left(), 70 * MS, 80 * MS);
	ct_budget_late(20 * MS); /* less than was meant */
	assert_in_range(ct_budget_left(), 70 * MS, 80 * MS);
	ct_budget_late(100 * MS); /* much more: the half of it counts */
	assert_in_range(ct_budget_left(), 40 * MS, 50 * MS);
	ct_budget_init(10);
	ct_budget_use(30 * MS);
	session.processes = 2;
	ct_budget_forked(); /* a part of what its parent has left */
	assert_in_range(ct_budget_left(), 35 * MS, 40 * MS);
	ct_budget_use(1000 * MS);
	assert_int_equal(ct_budget_left(), 0);
	ct_budget_forked();
	assert_in_range(ct_budget_left(), 2 * MS, 10 * MS);
}

static bool shared_above(uintptr_t address, struct ct_hold_memory *out)
{
	*out = (struct ct_hold_memory){1, 2, address - 0x100000};
	return address >= 0x100000;
}

/* That ends soon: it may take several tries on a busy machine. */
static bool is_expected(const struct ct_process *process)
{
	struct ct_held_access place;

	for (int i = 0; i < 1000; i++) {
		ct_company_expect();
		if (ct_company_creates() && ct_company_place(process, 0x5000, &place))
			return true;
	}
	return false;
}

static void test_company(void **state)
{
	struct ct_lane lanes[3] = {{.used = 1}};
	struct ct_process process = {.number = 3,
				     .slot = &slot,
				     .mark = &mark,
				     .lanes = 3,
				     .lane_cap = 3,
				     .lane = lanes};
	struct ct_held_access own, other;

	(void)state;
	session.processes = 1;
	assert_false(ct_company_place(&process, 0x5000, &own));
	lanes[2].used = 1;
	assert_true(ct_company_place(&process, 0x5000, &own));
	process.image = 1; /* after exec */
	assert_true(ct_company_place(&process, 0x5000, &other));
	assert_true(own.space != other.space);
	lanes[2].used = 0;
	ct_company_set_shared(shared_above);
	assert_false(ct_company_place(&process, 0x5000, &own));
	assert_false(ct_company_place(&process, 0x100010, &own));
	session.processes = 2;
	assert_true(ct_company_place(&process, 0x100010, &own));
	process.number = 4;
	assert_true(ct_company_place(&process, 0x100010, &other));
	assert_true(own.space == other.space && own.start == 0x10 && other.start == 0x10);
	assert_false(ct_company_creates());
	assert_true(is_expected(&process));
	ct_company_set_shared(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_atomic_set),    cmocka_unit_test(test_atomic_set_full),
		cmocka_unit_test(test_value),	      cmocka_unit_test(test_caught_a_few_times),
		cmocka_unit_test(test_patience),      cmocka_unit_test(test_patience_alone),
		cmocka_unit_test(test_patience_late), cmocka_unit_test(test_history),
		cmocka_unit_test(test_budget),	      cmocka_unit_test(test_company),
	};

	ct_state.session = &session;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
