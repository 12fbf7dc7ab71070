/* base/map: random histories against a plain array, hostile keys, names both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 512 };

/* Few distinct keys, among them both ends of the range and addresses with a large stride. */
static uint64_t key_at(size_t i)
{
	if (i < 8)
		return i;
	if (i < 16)
		return UINT64_MAX - (i - 8);
	return UINT64_C(0x7f0000000000) + (i << 12);
}

static void check_against(const struct ct_map *map, const bool *present, const uint64_t *values)
{
	size_t count = 0;
	size_t seen = 0;
	size_t cursor = 0;
	uint64_t sum = 0;
	uint64_t key;
	uint64_t value;

	for (size_t i = 0; i < KEYS; i++) {
		value = 12345;
		assert_int_equal(ct_map_get(map, key_at(i), &value), present[i]);
		assert_int_equal(value, present[i] ? values[i] : 12345);
		count += present[i];
		sum += present[i] ? key_at(i) * 31 + values[i] : 0;
	}
	assert_int_equal(ct_map_count(map), count);
	while (ct_map_next(map, &cursor, &key, &value)) {
		seen++;
		sum -= key * 31 + value;
	}
	assert_int_equal(seen, count);
	assert_int_equal(sum, 0);
	assert_false(ct_map_next(map, &cursor, &key, &value));
}

static void test_random_history(void **state)
{
	bool present[KEYS] = {false};
	uint64_t values[KEYS] = {0};
	struct ct_map map;

	(void)state;
	srand(3);
	ct_map_init(&map);
	check_against(&map, present, values);
	for (int step = 0; step < 40000; step++) {
		size_t i = (size_t)rand() % KEYS;
		int removing = step / 4000 % 2; /* grows and shrinks in turn */

		if (rand() % 4 < 1 + 2 * removing) {
			assert_int_equal(ct_map_remove(&map, key_at(i)), present[i]);
			present[i] = false;
		} else {
			values[i] = (uint64_t)rand();
			assert_int_equal(ct_map_put(&map, key_at(i), values[i]), CT_OK);
			present[i] = true;
		}
		if (step % 100 == 0)
			check_against(&map, present, values);
	}
	check_against(&map, present, values);
	ct_map_fini(&map);
}

static void test_get_without_value(void **state)
{
	struct ct_map map;

	(void)state;
	ct_map_init(&map);
	assert_false(ct_map_get(&map, 5, NULL));
	assert_false(ct_map_remove(&map, 5));
	assert_int_equal(ct_map_put(&map, 5, 1), CT_OK);
	assert_true(ct_map_get(&map, 5, NULL));
	ct_map_fini(&map);
}

/* Addresses with a stride, which a weak hash would pile up: low bits must spread evenly. */
static void test_addresses_spread(void **state)
{
	(void)state;
	for (unsigned int shift = 0; shift < 50; shift++) {
		unsigned int bucket[256] = {0};
		unsigned int fullest = 0;

		for (uint64_t i = 0; i < 4096; i++)
			bucket[ct_map_mix(i << shift) & 255]++;
		for (size_t b = 0; b < 256; b++)
			fullest = bucket[b] > fullest ? bucket[b] : fullest;
		assert_in_range(fullest, 16, 40); /* the mean is 16 */
	}
}

static void test_many_keys(void **state)
{
	struct ct_map map;
	uint64_t value = 0;

	(void)state;
	ct_map_init(&map);
	for (uint64_t i = 0; i < 300000; i++)
		assert_int_equal(ct_map_put(&map, i * 4096, i), CT_OK);
	for (uint64_t i = 0; i < 300000; i++) {
		assert_true(ct_map_get(&map, i * 4096, &value));
		assert_int_equal(value, i);
	}
	assert_int_equal(ct_map_count(&map), 300000);
	ct_map_fini(&map);
}

static void name_of(uint32_t i, char *out_text, size_t size_bytes)
{
	out_text[0] = '\0';
	if (i) /* the first one is the empty string */
		snprintf(out_text, size_bytes, "name %u", i);
}

static void test_names(void **state)
{
	enum { COUNT = 20000 };
	struct ct_arena arena;
	struct ct_names names;
	uint32_t id = 77;
	char text[32];

	(void)state;
	ct_arena_init(&arena);
	ct_names_init(&names, &arena);
	assert_false(ct_names_find(&names, "x", &id));
	assert_int_equal(id, 77);
	assert_null(ct_names_text(&names, 0));
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < COUNT; i++) {
			name_of(i, text, sizeof(text));
			assert_int_equal(ct_names_intern(&names, text, &id), CT_OK);
			assert_int_equal(id, i);
		}
	}
	memset(text, 0, sizeof(text)); /* the table must have its own copies */
	assert_int_equal(ct_names_count(&names), COUNT);
	assert_string_equal(ct_names_text(&names, 0), "");
	assert_string_equal(ct_names_text(&names, 19999), "name 19999");
	assert_null(ct_names_text(&names, COUNT));
	assert_true(ct_names_find(&names, "name 123", &id));
	assert_int_equal(id, 123);
	assert_false(ct_names_find(&names, "name 20000", &id));
	ct_names_fini(&names);
	ct_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_history),
		cmocka_unit_test(test_get_without_value),
		cmocka_unit_test(test_addresses_spread),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
