/* model/vclock: trees of clocks against plain arrays; differences; what is shared is not copied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/vclock.h"

enum { THREADS = 600, CLOCKS = 40, STEPS = 20000 };

static uint32_t seed;

static uint32_t below(uint32_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % limit;
}

/* A clock, and the same as a plain array. */
struct pair {
	struct ct_vclock clock;
	uint32_t epochs[THREADS];
};

static void join(struct pair *to, const struct pair *from)
{
	uint32_t own = to->epochs[to->clock.thread];

	assert_int_equal(ct_vclock_join(&to->clock, &from->clock), CT_OK);
	for (uint32_t t = 0; t < THREADS; t++)
		if (to->epochs[t] < from->epochs[t])
			to->epochs[t] = from->epochs[t];
	to->epochs[to->clock.thread] = own;
}

static void check(const struct pair *pair)
{
	for (uint32_t t = 0; t < THREADS; t++)
		assert_int_equal(ct_vclock_epoch(&pair->clock, t), pair->epochs[t]);
}

struct seen {
	uint32_t epochs[THREADS];
	size_t count;
};

static enum ct_status see(void *context, uint32_t thread, uint32_t epoch)
{
	struct seen *seen = context;

	seen->epochs[thread] = epoch;
	seen->count++;
	return CT_OK;
}

static void check_differences(const struct pair *before, const struct pair *now)
{
	struct seen seen = {.count = 0};
	size_t expected = 0;

	assert_int_equal(ct_vclock_differences(&before->clock, &now->clock, see, &seen), CT_OK);
	for (uint32_t t = 0; t < THREADS; t++) {
		/* own entries may be stale in either */
		if (t == before->clock.thread || t == now->clock.thread)
			continue;
		if (before->epochs[t] == now->epochs[t])
			continue;
		assert_int_equal(seen.epochs[t], now->epochs[t]);
		expected++;
	}
	assert_true(seen.count >= expected && seen.count <= expected + 2);
}

static void test_against_arrays(void **state)
{
	static struct pair pairs[CLOCKS];

	(void)state;
	seed = 7;
	for (uint32_t i = 0; i < CLOCKS; i++) {
		uint32_t thread = i * (THREADS / CLOCKS);

		memset(pairs[i].epochs, 0, sizeof(pairs[i].epochs));
		ct_vclock_init(&pairs[i].clock, thread);
		pairs[i].epochs[thread] = 1;
	}
	for (size_t step = 0; step < STEPS; step++) {
		struct pair *to = &pairs[below(CLOCKS)], *from = &pairs[below(CLOCKS)];

		if (below(4) == 0) {
			ct_vclock_tick(&to->clock);
			to->epochs[to->clock.thread]++;
		} else if (to != from) {
			join(to, from);
		}
		if (step % 100 == 0) {
			check(to);
			check_differences(from, to);
		}
	}
	for (uint32_t i = 0; i < CLOCKS; i++) {
		check(&pairs[i]);
		ct_vclock_fini(&pairs[i].clock);
	}
}

/* What brings nothing new leaves the clock as it is, also by identity. */
static void test_nothing_new(void **state)
{
	struct ct_vclock a, b, before;

	(void)state;
	ct_vclock_init(&a, 3);
	ct_vclock_init(&b, 300);
	assert_int_equal(ct_vclock_join(&a, &b), CT_OK);
	before = ct_vclock_copy(&a);
	assert_int_equal(ct_vclock_join(&a, &b), CT_OK);
	assert_true(ct_vclock_same(&a, &before));
	ct_vclock_fini(&a);
	ct_vclock_fini(&b);
	ct_vclock_fini(&before);
}

static enum ct_status refuse(void *context, uint32_t thread, uint32_t epoch)
{
	(void)context;
	(void)thread;
	(void)epoch;
	return CT_ENOTFOUND;
}

static void test_seeing_ends(void **state)
{
	struct ct_vclock a, b;

	(void)state;
	ct_vclock_init(&a, 0);
	ct_vclock_init(&b, 70);
	assert_int_equal(ct_vclock_differences(&a, &a, refuse, NULL), CT_OK);
	assert_int_equal(ct_vclock_join(&a, &b), CT_OK);
	assert_int_equal(ct_vclock_differences(&b, &a, refuse, NULL), CT_ENOTFOUND);
	ct_vclock_fini(&a);
	ct_vclock_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_arrays),
		cmocka_unit_test(test_nothing_new),
		cmocka_unit_test(test_seeing_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
