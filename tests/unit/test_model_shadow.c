/* model/shadow: which accesses stand for which, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format/ct_payload.h"
#include "model/lockset.h"
#include "model/shadow.h"

#define PLACE 0x10000

struct setup {
	struct ct_locksets locksets;
	struct ct_shadow *shadow;
};

static void begin(struct setup *setup, bool keep_all)
{
	assert_int_equal(ct_locksets_init(&setup->locksets), CT_OK);
	assert_int_equal(ct_shadow_new(&setup->locksets, keep_all, &setup->shadow), CT_OK);
}

static void end(struct setup *setup)
{
	ct_shadow_free(setup->shadow);
	ct_locksets_fini(&setup->locksets);
}

static void add(struct setup *setup, uint32_t thread, uint32_t position, uint8_t kind,
		uint64_t location, uint64_t size)
{
	struct ct_shadow_range range = {location, size};
	struct ct_shadow_piece piece;

	while (ct_shadow_next_piece(&range, &piece)) {
		const struct ct_shadow_entry entry = {
			.thread = thread, .position = position, .kind = kind, .mask = piece.mask};
		uint32_t *cell;

		assert_int_equal(ct_shadow_cell(setup->shadow, piece.location, &cell), CT_OK);
		assert_int_equal(ct_shadow_add(setup->shadow, cell, &entry), CT_OK);
	}
}

static size_t length(struct setup *setup, uint64_t location)
{
	const uint32_t *cell = ct_shadow_find(setup->shadow, location);
	size_t count = 0;

	for (uint32_t i = cell ? *cell : 0; i; i = ct_shadow_entry(setup->shadow, i)->next)
		count++;
	return count;
}

static void test_pieces(void **state)
{
	struct ct_shadow_range range = {PLACE + 6, 12};
	struct ct_shadow_piece piece;

	(void)state;
	assert_true(ct_shadow_next_piece(&range, &piece));
	assert_int_equal(piece.location, PLACE);
	assert_int_equal(piece.mask, 0xc0);
	assert_true(ct_shadow_next_piece(&range, &piece));
	assert_int_equal(piece.location, PLACE + 8);
	assert_int_equal(piece.mask, 0xff);
	assert_true(ct_shadow_next_piece(&range, &piece));
	assert_int_equal(piece.mask, 0x03);
	assert_false(ct_shadow_next_piece(&range, &piece));
}

static void test_newest_stands_for_older(void **state)
{
	struct setup setup;

	(void)state;
	begin(&setup, false);
	add(&setup, 1, 1, CT_ACCESS_WRITE, PLACE, 4);
	add(&setup, 1, 2, CT_ACCESS_WRITE, PLACE, 4);
	assert_int_equal(length(&setup, PLACE), 1);
	add(&setup, 1, 3, CT_ACCESS_READ, PLACE, 4);  /* another kind */
	add(&setup, 2, 1, CT_ACCESS_WRITE, PLACE, 4); /* another thread */
	assert_int_equal(length(&setup, PLACE), 3);
	add(&setup, 1, 4, CT_ACCESS_WRITE, PLACE, 2); /* two bytes of the old one are left */
	assert_int_equal(length(&setup, PLACE), 4);
	add(&setup, 1, 5, CT_ACCESS_WRITE, PLACE, 8);
	assert_int_equal(length(&setup, PLACE), 3);
	end(&setup);
}

static void test_text_keeps_all(void **state)
{
	struct setup setup;

	(void)state;
	begin(&setup, true);
	add(&setup, 1, 1, CT_ACCESS_WRITE, PLACE, 1);
	add(&setup, 1, 2, CT_ACCESS_WRITE, PLACE, 1);
	assert_int_equal(length(&setup, PLACE), 2);
	end(&setup);
}

/* However many access a cell, its list stays short and has the last write in it. */
/* An instruction that goes through a string byte by byte leaves one entry in each cell. */
static void test_bytes_of_one_access(void **state)
{
	struct setup setup;

	(void)state;
	begin(&setup, false);
	for (uint64_t i = 0; i < 16; i++)
		add(&setup, 1, 5, CT_ACCESS_READ, PLACE + i, 1);
	assert_int_equal(length(&setup, PLACE), 1);
	assert_int_equal(length(&setup, PLACE + 8), 1);
	assert_int_equal(ct_shadow_entry(setup.shadow, *ct_shadow_find(setup.shadow, PLACE))->mask,
			 0xff);
	add(&setup, 1, 6, CT_ACCESS_READ, PLACE, 1); /* another access */
	add(&setup, 2, 6, CT_ACCESS_READ, PLACE, 1);
	assert_int_equal(length(&setup, PLACE), 3);
	end(&setup);
}

static void test_bound(void **state)
{
	struct setup setup;
	bool found = false;
	uint32_t number;

	(void)state;
	begin(&setup, false);
	add(&setup, 999, 1, CT_ACCESS_WRITE, PLACE, 8);
	for (uint32_t thread = 0; thread < 500; thread++)
		add(&setup, thread, 1, CT_ACCESS_READ, PLACE, 8);
	assert_in_range(length(&setup, PLACE), 2, 16);
	number = *ct_shadow_find(setup.shadow, PLACE);
	assert_int_equal(ct_shadow_entry(setup.shadow, number)->thread, 499);
	for (; number; number = ct_shadow_entry(setup.shadow, number)->next)
		found |= ct_shadow_entry(setup.shadow, number)->thread == 999;
	assert_true(found);
	end(&setup);
}

static void test_void(void **state)
{
	struct setup setup;

	(void)state;
	begin(&setup, false);
	add(&setup, 1, 1, CT_ACCESS_WRITE, PLACE, 32);
	ct_shadow_void(setup.shadow, PLACE + 8, 8);
	assert_int_equal(length(&setup, PLACE), 1);
	assert_int_equal(length(&setup, PLACE + 8), 0);
	assert_int_equal(length(&setup, PLACE + 16), 1);
	ct_shadow_void(setup.shadow, PLACE + 18, 2);
	assert_int_equal(
		ct_shadow_entry(setup.shadow, *ct_shadow_find(setup.shadow, PLACE + 16))->mask,
		0xf3);
	ct_shadow_void(setup.shadow, 0, UINT64_MAX >> 16);
	assert_int_equal(length(&setup, PLACE), 0);
	assert_int_equal(length(&setup, PLACE + 16), 0);
	end(&setup);
}

/* As long as all cells of a page are alike they share a list; who changes one changes no other. */
static void test_whole_page(void **state)
{
	const struct ct_shadow_entry entry = {
		.thread = 1, .position = 1, .kind = CT_ACCESS_WRITE, .mask = UINT8_MAX};
	struct setup setup;
	uint32_t *list;

	(void)state;
	begin(&setup, false);
	assert_true(ct_shadow_is_untouched(setup.shadow, PLACE));
	list = ct_shadow_whole(setup.shadow, PLACE);
	assert_non_null(list);
	assert_int_equal(ct_shadow_add(setup.shadow, list, &entry), CT_OK);
	ct_shadow_spread(setup.shadow, PLACE);
	assert_int_equal(setup.shadow->entry_count, 2); /* one, and none */
	assert_int_equal(length(&setup, PLACE + 4088), 1);
	assert_int_equal(length(&setup, PLACE + 4096), 0);
	assert_non_null(ct_shadow_whole(setup.shadow, PLACE));

	add(&setup, 2, 1, CT_ACCESS_READ, PLACE + 8, 8);
	assert_int_equal(length(&setup, PLACE), 1);
	assert_int_equal(length(&setup, PLACE + 8), 2);
	assert_int_equal(length(&setup, PLACE + 16), 1);
	assert_null(ct_shadow_whole(setup.shadow, PLACE));

	ct_shadow_void(setup.shadow, PLACE + 20, 8);
	assert_int_equal(
		ct_shadow_entry(setup.shadow, *ct_shadow_find(setup.shadow, PLACE + 16))->mask,
		0x0f);
	assert_int_equal(
		ct_shadow_entry(setup.shadow, *ct_shadow_find(setup.shadow, PLACE + 32))->mask,
		0xff);
	ct_shadow_void(setup.shadow, PLACE, 4096);
	assert_int_equal(length(&setup, PLACE), 0);
	assert_int_equal(length(&setup, PLACE + 4088), 0);
	assert_non_null(ct_shadow_whole(setup.shadow, PLACE));
	end(&setup);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_newest_stands_for_older),
		cmocka_unit_test(test_text_keeps_all),
		cmocka_unit_test(test_bytes_of_one_access),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_void),
		cmocka_unit_test(test_whole_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
