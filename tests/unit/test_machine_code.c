/*
 * model/machine_code: what becomes of a value that is read. Each case is a function's bytes, as
 * compilers made them; the access is its instruction at `offset`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/machine_code.h"

enum { START = 0x400000 };

/* The access that begins at `offset` of the bytes. */
static struct ct_machine_access look(const uint8_t *bytes, size_t length, uint64_t offset)
{
	const struct ct_machine_code code = {.bytes = bytes, .length = length, .start = START};
	struct ct_machine_access access;

	assert_true(ct_machine_access(&code, START + offset + 1, &access));
	return access;
}

#define LOOK(offset, ...)                                                                          \
	look((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), offset)

static void test_value_beside_another_may_be_dropped(void **state)
{
	struct ct_machine_access access;

	(void)state;
	/* mov eax, [rip]; or eax, edi; mov [rsi], eax; ret */
	access = LOOK(0, 0x8b, 0x05, 0, 0, 0, 0, 0x09, 0xf8, 0x89, 0x06, 0xc3);
	assert_false(access.used);
	/* mov eax, [rip]; imul eax, edi; mov [rsi], eax; ret */
	access = LOOK(0, 0x8b, 0x05, 0, 0, 0, 0, 0x0f, 0xaf, 0xc7, 0x89, 0x06, 0xc3);
	assert_false(access.used);
	/* mov eax, [rip]; and eax, edi; mov [rsi], eax; ret */
	access = LOOK(0, 0x8b, 0x05, 0, 0, 0, 0, 0x21, 0xf8, 0x89, 0x06, 0xc3);
	assert_false(access.used);
	/* mov eax, [rip]; cmovne edi, eax; mov [rsi], edi; ret */
	access = LOOK(0, 0x8b, 0x05, 0, 0, 0, 0, 0x0f, 0x45, 0xf8, 0x89, 0x3e, 0xc3);
	assert_false(access.used);
	/* mov eax, [rip]; cmovne eax, edi; mov [rsi], eax; ret */
	access = LOOK(0, 0x8b, 0x05, 0, 0, 0, 0, 0x0f, 0x45, 0xc7, 0x89, 0x06, 0xc3);
	assert_false(access.used);
}

/* "if (mine) return; if (flag) return;" is "or edi, [rip]; je" of gcc and clang: a jump does not
 * tell that the value was asked for. */
static void test_value_of_a_jump(void **state)
{
	(void)state;
	/* or edi, [rip]; je +1; ret; ret */
	assert_false(LOOK(0, 0x0b, 0x3d, 0, 0, 0, 0, 0x74, 0x01, 0xc3, 0xc3).used);
	/* cmp dword [rip], 0; mov [rsi], eax; ret */
	assert_false(LOOK(0, 0x83, 0x3d, 0, 0, 0, 0, 0, 0x89, 0x06, 0xc3).used);
	/* cmp dword [rip], 0; sete [rsi]; ret */
	assert_false(LOOK(0, 0x83, 0x3d, 0, 0, 0, 0, 0, 0x0f, 0x94, 0x06, 0xc3).used);
	/* mov eax, [rip]; test eax, eax; je +2; mov [rsi], eax; ret */
	assert_false(LOOK(0, 0x8b, 0x05, 0, 0, 0, 0, 0x85, 0xc0, 0x74, 2, 0x89, 0x06, 0xc3).used);
}

static void test_value_is_stored(void **state)
{
	struct ct_machine_access access;

	(void)state;
	/* mov eax, [rip]; and eax, 7; mov [rsi], eax; ret */
	access = LOOK(0, 0x8b, 0x05, 0, 0, 0, 0, 0x83, 0xe0, 7, 0x89, 0x06, 0xc3);
	assert_true(access.used);
	/* mov eax, [rip]; mov [rsp + 8], eax; ret */
	access = LOOK(0, 0x8b, 0x05, 0, 0, 0, 0, 0x89, 0x44, 0x24, 0x08, 0xc3);
	assert_false(access.used);
	/* mov rax, [rip]; mov ecx, [rax]; ret */
	access = LOOK(0, 0x48, 0x8b, 0x05, 0, 0, 0, 0, 0x8b, 0x08, 0xc3);
	assert_true(access.used);
	/* mov rax, [rip]; prefetcht0 [rax]; ret */
	access = LOOK(0, 0x48, 0x8b, 0x05, 0, 0, 0, 0, 0x0f, 0x18, 0x08, 0xc3);
	assert_false(access.used);
	/* mov eax, [rip]; xor eax, eax; mov [rsi], eax; ret */
	access = LOOK(0, 0x8b, 0x05, 0, 0, 0, 0, 0x31, 0xc0, 0x89, 0x06, 0xc3);
	assert_false(access.used);
}

/* Whether a callee takes it is for others to say: its address is told. */
static void test_value_is_handed_over(void **state)
{
	struct ct_machine_access access;

	(void)state;
	/* mov edi, [rip]; call +0x100; ret */
	access = LOOK(0, 0x8b, 0x3d, 0, 0, 0, 0, 0xe8, 0, 1, 0, 0, 0xc3);
	assert_false(access.used);
	assert_int_equal(access.handed_to, START + 11 + 0x100);
	/* mov r9d, [rip]; mov edi, edx; call +0x100; ret */
	access = LOOK(0, 0x44, 0x8b, 0x0d, 0, 0, 0, 0, 0x89, 0xd7, 0xe8, 0, 1, 0, 0, 0xc3);
	assert_false(access.used);
	assert_int_equal(access.handed_to, START + 14 + 0x100);
	/* mov ebx, [rip]; call +0x100; ret */
	access = LOOK(0, 0x8b, 0x1d, 0, 0, 0, 0, 0xe8, 0, 1, 0, 0, 0xc3);
	assert_false(access.used);
	assert_int_equal(access.handed_to, 0);
	/* mov edi, [rip]; call rax; ret */
	access = LOOK(0, 0x8b, 0x3d, 0, 0, 0, 0, 0xff, 0xd0, 0xc3);
	assert_true(access.used);
	/* mov rax, [rip]; call rax; ret */
	access = LOOK(0, 0x48, 0x8b, 0x05, 0, 0, 0, 0, 0xff, 0xd0, 0xc3);
	assert_true(access.used);
}

static void test_fence(void **state)
{
	(void)state;
	/* mov [rip], eax; ret */
	assert_false(LOOK(0, 0x89, 0x05, 0, 0, 0, 0, 0xc3).fenced);
	/* mov [rip], eax; mfence; ret */
	assert_true(LOOK(0, 0x89, 0x05, 0, 0, 0, 0, 0x0f, 0xae, 0xf0, 0xc3).fenced);
	/* mov [rip], eax; lock or qword [rsp], 0; ret */
	assert_true(LOOK(0, 0x89, 0x05, 0, 0, 0, 0, 0xf0, 0x48, 0x83, 0x0c, 0x24, 0, 0xc3).fenced);
	/* mov [rip], eax; xchg [rsi], eax; ret */
	assert_true(LOOK(0, 0x89, 0x05, 0, 0, 0, 0, 0x87, 0x06, 0xc3).fenced);
	/* mov [rip], eax; xchg edx, eax; ret */
	assert_false(LOOK(0, 0x89, 0x05, 0, 0, 0, 0, 0x87, 0xc2, 0xc3).fenced);
	/* mov [rip], eax; je +3; mfence; ret */
	assert_false(LOOK(0, 0x89, 0x05, 0, 0, 0, 0, 0x74, 3, 0x0f, 0xae, 0xf0, 0xc3).fenced);
}

static void test_address_out_of_the_code(void **state)
{
	static const uint8_t bytes[] = {0x06, 0x8b, 0x05, 0, 0, 0, 0};
	const struct ct_machine_code code = {bytes, sizeof(bytes), START};
	struct ct_machine_access access;

	(void)state;
	assert_false(ct_machine_access(&code, START, &access));
	assert_false(ct_machine_access(&code, START + 2, &access));
	assert_false(ct_machine_access(&code, START + sizeof(bytes) + 1, &access));
	assert_false(ct_machine_access(&code, 0, &access));
	assert_false(ct_machine_access(&code, UINT64_MAX, &access));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_value_beside_another_may_be_dropped),
		cmocka_unit_test(test_value_of_a_jump),
		cmocka_unit_test(test_value_is_stored),
		cmocka_unit_test(test_value_is_handed_over),
		cmocka_unit_test(test_fence),
		cmocka_unit_test(test_address_out_of_the_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
