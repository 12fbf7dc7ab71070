/* base/arena and base/status: alignment, zeroing, sizes that cannot be, error texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
	*state = malloc(sizeof(struct ct_arena));
	ct_arena_init(*state);
	return 0;
}

static int teardown(void **state)
{
	ct_arena_fini(*state);
	free(*state);
	return 0;
}

/* Blocks of many sizes: aligned, zeroed, disjoint (each is filled and checked at the end). */
static void test_blocks_are_separate(void **state)
{
	enum { COUNT = 3000 };
	unsigned char *blocks[COUNT];
	size_t sizes[COUNT];

	srand(1);
	for (size_t i = 0; i < COUNT; i++) {
		sizes[i] = (size_t)rand() % (i % 50 == 0 ? 200000 : 100);
		blocks[i] = ct_arena_alloc(*state, sizes[i]);
		assert_non_null(blocks[i]);
		assert_int_equal((uintptr_t)blocks[i] % 16, 0);
		for (size_t k = 0; k < sizes[i]; k++) {
			assert_int_equal(blocks[i][k], 0);
			blocks[i][k] = (unsigned char)i;
		}
	}
	for (size_t i = 0; i < COUNT; i++)
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(blocks[i][k], (unsigned char)i);
}

static void test_empty_blocks_differ(void **state)
{
	void *a = ct_arena_alloc(*state, 0);
	void *b = ct_arena_alloc(*state, 0);

	assert_non_null(a);
	assert_non_null(b);
	assert_ptr_not_equal(a, b);
}

static void test_impossible_sizes(void **state)
{
	static const size_t sizes[] = {SIZE_MAX,      SIZE_MAX - 1, SIZE_MAX - 15,
				       SIZE_MAX - 40, PTRDIFF_MAX,  (size_t)PTRDIFF_MAX + 1};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		assert_null(ct_arena_alloc(*state, sizes[i]));
	assert_null(ct_arena_calloc(*state, SIZE_MAX / 2, 3));
	assert_null(ct_arena_calloc(*state, SIZE_MAX / 8 + 1, 8));
	assert_non_null(ct_arena_calloc(*state, 10, 8));
	assert_non_null(ct_arena_alloc(*state, 64));
}

static void test_big_blocks_keep_the_small_chunk(void **state)
{
	char *before = ct_arena_alloc(*state, 16);
	char *big = ct_arena_alloc(*state, 64u << 20);
	char *after = ct_arena_alloc(*state, 16);

	assert_non_null(big);
	big[(64u << 20) - 1] = 'x';
	assert_ptr_equal(after, before + 16);
}

static void test_strings(void **state)
{
	const char raw[3] = {'a', 'b', 'c'}; /* no terminator: strndup must not look for one */
	char *text;

	assert_string_equal(ct_arena_strdup(*state, "hello"), "hello");
	assert_string_equal(ct_arena_strdup(*state, ""), "");
	assert_string_equal(ct_arena_strndup(*state, raw, 3), "abc");
	assert_string_equal(ct_arena_strndup(*state, "hello", 2), "he");
	assert_string_equal(ct_arena_strndup(*state, "hi", SIZE_MAX), "hi");
	assert_memory_equal(ct_arena_memdup(*state, raw, 3), raw, 3);
	assert_non_null(ct_arena_memdup(*state, NULL, 0));
	text = ct_arena_printf(*state, "%s-%05d-%*s", "x", 42, 9000, "y");
	assert_non_null(text);
	assert_int_equal(strlen(text), 9008);
	assert_memory_equal(text, "x-00042-", 8);
}

static void test_fini_twice(void **state)
{
	assert_non_null(ct_arena_alloc(*state, 100));
	ct_arena_fini(*state);
	ct_arena_fini(*state);
	assert_non_null(ct_arena_alloc(*state, 100));
}

static void test_status_texts(void **state)
{
	(void)state;
	for (int i = CT_OK; i <= CT_EWRITE; i++) {
		assert_string_not_equal(ct_status_text((enum ct_status)i), "unknown error");
		for (int k = CT_OK; k < i; k++)
			assert_string_not_equal(ct_status_text((enum ct_status)i),
						ct_status_text((enum ct_status)k));
	}
	assert_string_equal(ct_status_text((enum ct_status)(CT_EWRITE + 1)), "unknown error");
}

static void test_error_set(void **state)
{
	struct ct_error err = {0};

	(void)state;
	assert_int_equal(ct_error_set(NULL, CT_EIO, "lost %d", 1), CT_EIO);
	assert_int_equal(ct_error_set(&err, CT_EFORMAT, "bad byte %d", 7), CT_EFORMAT);
	assert_int_equal(err.status, CT_EFORMAT);
	assert_string_equal(err.text, "bad byte 7");
	assert_int_equal(ct_error_set(&err, err.status, "file x: %s", err.text), CT_EFORMAT);
	assert_string_equal(err.text, "file x: bad byte 7");
}

/* A text that is too long never ends in the middle of a character. */
static void test_error_is_cut_at_a_character(void **state)
{
	static const char *const characters[] = {"a", "\xc3\xa9", "\xe2\x82\xac",
						 "\xf0\x9f\x98\x80"};
	struct ct_error err;

	(void)state;
	for (size_t c = 0; c < 4; c++) {
		for (int pad = 0; pad < 4; pad++) {
			char text[4096] = "";
			size_t width = c + 1;

			memset(text, '.', (size_t)pad);
			for (size_t at = (size_t)pad; at < 2000; at += width)
				memcpy(text + at, characters[c], width);
			ct_error_set(&err, CT_EIO, "%s", text);
			assert_in_range(strlen(err.text), 1023 - width + 1, 1023);
			assert_int_equal((strlen(err.text) - (size_t)pad) % width, 0);
			assert_memory_equal(err.text, text, strlen(err.text));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_blocks_are_separate, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty_blocks_differ, setup, teardown),
		cmocka_unit_test_setup_teardown(test_impossible_sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_big_blocks_keep_the_small_chunk, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_strings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fini_twice, setup, teardown),
		cmocka_unit_test(test_status_texts),
		cmocka_unit_test(test_error_set),
		cmocka_unit_test(test_error_is_cut_at_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
