/* record/unwind_memory: what may be read, and that asking never faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/unwind_memory.h"
#include "record/unwind_modules.h"

#include <stdlib.h>
#include <sys/mman.h>

static int function_of_this_module(void)
{
	return 1;
}

static void test_stack_is_read_from_its_pointer_up(void **state)
{
	uint64_t words[4] = {10, 11, 12, 13};
	uintptr_t at = (uintptr_t)words;
	struct ct_unwind_memory memory;
	uint64_t word = 0;

	(void)state;
	assert_true(ct_unwind_memory_init(&memory, at + 8, at + 24));
	assert_true(ct_unwind_memory_read(&memory, at + 8, &word));
	assert_int_equal(word, 11);
	assert_true(ct_unwind_memory_read(&memory, at + 16, &word));
	assert_int_equal(word, 12);
	assert_false(ct_unwind_memory_read(&memory, at, &word));
	assert_false(ct_unwind_memory_read(&memory, at + 24, &word));
	assert_false(ct_unwind_memory_read(&memory, at + 12, &word));
	assert_int_equal(word, 12);
}

static void test_modules_are_read(void **state)
{
	int (*function)(void) = function_of_this_module;
	struct ct_unwind_memory memory;
	uintptr_t at;
	uint64_t word = 0;

	(void)state;
	__builtin_memcpy(&at, &function, sizeof(at));
	assert_true(ct_unwind_memory_init(&memory, (uintptr_t)&word, (uintptr_t)(&word + 1)));
	assert_true(ct_unwind_memory_read(&memory, at & ~(uintptr_t)7, &word));
	assert_memory_equal(&word, (const void *)(at & ~(uintptr_t)7), sizeof(word));
}

static void test_nothing_else_is_read(void **state)
{
	void *heap = malloc(64);
	struct ct_unwind_memory memory;
	uint64_t word = 7;

	(void)state;
	assert_non_null(heap);
	assert_true(ct_unwind_memory_init(&memory, (uintptr_t)&word, (uintptr_t)(&word + 1)));
	assert_false(ct_unwind_memory_read(&memory, (uintptr_t)heap, &word));
	assert_false(ct_unwind_memory_read(&memory, 0, &word));
	assert_false(ct_unwind_memory_read(&memory, UINTPTR_MAX - 7, &word));
	assert_int_equal(word, 7);
	free(heap);
}

/* A page of our own module, taken away for a moment. */
static _Alignas(4096) char page[2 * 4096];

static void test_unreadable_pages_of_modules_are_not_read(void **state)
{
	uintptr_t at = (uintptr_t)page;
	struct ct_unwind_memory memory;
	uint64_t word;

	(void)state;
	assert_true(ct_unwind_memory_init(&memory, (uintptr_t)&word, (uintptr_t)(&word + 1)));
	assert_int_equal(mprotect(page + 4096, 4096, PROT_NONE), 0);
	assert_true(ct_unwind_memory_read(&memory, at, &word));
	assert_false(ct_unwind_memory_read(&memory, at + 4096, &word));
	assert_true(ct_unwind_memory_can_read(&memory, at + 4088, 8));
	assert_false(ct_unwind_memory_can_read(&memory, at + 4088, 9));
	assert_int_equal(mprotect(page + 4096, 4096, PROT_READ | PROT_WRITE), 0);
	assert_true(ct_unwind_memory_can_read(&memory, at, sizeof(page)));
	assert_false(ct_unwind_memory_can_read(&memory, at, UINTPTR_MAX));
}

static void test_a_stack_of_unknown_end_is_asked_for(void **state)
{
	char *stack = mmap(NULL, 2 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct ct_unwind_memory memory;
	uint64_t word = 1;

	(void)state;
	assert_true((void *)stack != MAP_FAILED);
	assert_int_equal(mprotect(stack + 4096, 4096, PROT_NONE), 0);
	assert_true(ct_unwind_memory_init(&memory, (uintptr_t)stack, 0));
	assert_true(ct_unwind_memory_read(&memory, (uintptr_t)stack + 4088, &word));
	assert_int_equal(word, 0);
	assert_false(ct_unwind_memory_read(&memory, (uintptr_t)stack + 4096, &word));
	assert_int_equal(munmap(stack, 2 * 4096), 0);
}

static void test_reading_does_not_go_on_for_ever(void **state)
{
	struct ct_unwind_memory memory;
	uint64_t word = 0, reads = 0;

	(void)state;
	assert_true(ct_unwind_memory_init(&memory, (uintptr_t)&word, (uintptr_t)(&word + 1)));
	while (reads < 10000000 && ct_unwind_memory_read(&memory, (uintptr_t)&word, &word))
		reads++;
	assert_in_range(reads, 10000, 1000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stack_is_read_from_its_pointer_up),
		cmocka_unit_test(test_modules_are_read),
		cmocka_unit_test(test_nothing_else_is_read),
		cmocka_unit_test(test_unreadable_pages_of_modules_are_not_read),
		cmocka_unit_test(test_a_stack_of_unknown_end_is_asked_for),
		cmocka_unit_test(test_reading_does_not_go_on_for_ever),
	};

	if (!ct_unwind_modules_init() || !ct_unwind_memory_works())
		return 77; /* libc before 2.35: skipped */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
