/*
 * Runs instructions and their copies: both do the same to registers, flags and memory, and what
 * ct_site_accesses() says of them is where memory changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "access/trap/copies.h"
#include "access/trap/decode.h"
#include "access/trap/module.h"

enum { MEMORY = 4096, GAP = 256, R = CT_SITE_READS, W = CT_SITE_WRITES, RW = R | W };
enum { LOCKED = RW | CT_SITE_LOCKED };

struct processor {
	uint64_t general[16]; /* as in ucontext_t: r8 to r15, di, si, bp, bx, dx, ax, cx, sp */
	uint64_t flags;
	uint8_t vector[4][32];
};

struct processor copies_processor;
uint8_t copies_memory[MEMORY] __attribute__((aligned(64)));
void copies_run(const void *code);

/* Loads copies_processor, jumps to the code, and takes it from there again. */
__asm__(".text\n"
	".globl copies_run\n"
	"copies_run:\n"
	"push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
	"mov %rsp, copies_sp(%rip)\n"
	"mov %rdi, copies_code(%rip)\n"
	"lea copies_processor(%rip), %rax\n"
	"vmovdqu 136(%rax), %ymm0; vmovdqu 168(%rax), %ymm1\n"
	"vmovdqu 200(%rax), %ymm2; vmovdqu 232(%rax), %ymm3\n"
	"push 128(%rax); popfq\n"
	"mov (%rax), %r8; mov 8(%rax), %r9; mov 16(%rax), %r10; mov 24(%rax), %r11\n"
	"mov 32(%rax), %r12; mov 40(%rax), %r13; mov 48(%rax), %r14; mov 56(%rax), %r15\n"
	"mov 64(%rax), %rdi; mov 72(%rax), %rsi; mov 80(%rax), %rbp; mov 88(%rax), %rbx\n"
	"mov 96(%rax), %rdx; mov 112(%rax), %rcx; mov 104(%rax), %rax\n"
	"jmp *copies_code(%rip)\n"
	"copies_back:\n"
	"mov %rax, 104+copies_processor(%rip)\n"
	"lea copies_processor(%rip), %rax\n"
	"mov %r8, (%rax); mov %r9, 8(%rax); mov %r10, 16(%rax); mov %r11, 24(%rax)\n"
	"mov %r12, 32(%rax); mov %r13, 40(%rax); mov %r14, 48(%rax); mov %r15, 56(%rax)\n"
	"mov %rdi, 64(%rax); mov %rsi, 72(%rax); mov %rbp, 80(%rax); mov %rbx, 88(%rax)\n"
	"mov %rdx, 96(%rax); mov %rcx, 112(%rax)\n"
	"pushfq; pop 128(%rax)\n"
	"vmovdqu %ymm0, 136(%rax); vmovdqu %ymm1, 168(%rax)\n"
	"vmovdqu %ymm2, 200(%rax); vmovdqu %ymm3, 232(%rax)\n"
	"cld; vzeroupper\n"
	"mov copies_sp(%rip), %rsp\n"
	"pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
	"ret\n"
	".local copies_sp; .comm copies_sp, 8, 8\n"
	".local copies_code; .comm copies_code, 8, 8\n");

/*
 * name, instruction, what it does to memory, where (from the start of copies_memory), bytes.
 * At its beginning rdi, rsi, rbx, rbp, r12, r13 are 256, 512, 768, 1024, 1280, 1536 from there;
 * rcx is 3, r8 is 2, rax is 5.
 */
#define CASES(X)                                                                                   \
	X(load, "mov (%rdi), %rdx", R, 256, 8)                                                     \
	X(load_32, "mov 8(%rsi), %edx", R, 520, 4)                                                 \
	X(load_16, "mov 8(%rsi), %dx", R, 520, 2)                                                  \
	X(load_8, "mov -1(%rsi), %ah", R, 511, 1)                                                  \
	X(load_indexed, "mov 16(%rdi,%rcx,8), %r15", R, 296, 8)                                    \
	X(load_index_r8, "mov -128(%r13,%r8,4), %r15d", R, 1416, 4)                                \
	X(load_r12, "mov (%r12), %r9", R, 1280, 8)                                                 \
	X(load_frame, "mov 4(%rbp), %r9", R, 1028, 8)                                              \
	X(load_far, "mov 1000(%rbx), %r9", R, 1768, 8)                                             \
	X(load_relative, "mov 64+copies_memory(%rip), %r9", R, 64, 8)                              \
	X(store, "mov %rax, (%rdi)", W, 256, 8)                                                    \
	X(store_8, "mov %al, (%rdi,%rcx)", W, 259, 1)                                              \
	X(store_immediate, "movl $0x12345678, 4(%rdi)", W, 260, 4)                                 \
	X(store_relative, "movq $-3, 64+copies_memory(%rip)", W, 64, 8)                            \
	X(store_relative_8, "movb $7, 65+copies_memory(%rip)", W, 65, 1)                           \
	X(extend, "movzbl (%rdi), %edx", R, 256, 1)                                                \
	X(extend_signed, "movslq 4(%rdi), %rdx", R, 260, 4)                                        \
	X(add, "add %rax, (%rdi)", RW, 256, 8)                                                     \
	X(add_from, "add (%rdi), %rax", R, 256, 8)                                                 \
	X(add_relative, "addl $1, 128+copies_memory(%rip)", RW, 128, 4)                            \
	X(increment, "incl 4(%rbx)", RW, 772, 4)                                                   \
	X(carry, "adc %edx, (%rbx)", RW, 768, 4)                                                   \
	X(negate, "negq (%rbx)", RW, 768, 8)                                                       \
	X(invert, "notb (%rbx)", RW, 768, 1)                                                       \
	X(compare, "cmpl $3, (%rsi)", R, 512, 4)                                                   \
	X(compare_relative, "cmpq $3, 8+copies_memory(%rip)", R, 8, 8)                             \
	X(test, "testb $0x40, 1(%rsi)", R, 513, 1)                                                 \
	X(shift, "shll %cl, (%rsi)", RW, 512, 4)                                                   \
	X(shift_by, "sarq $5, (%rsi)", RW, 512, 8)                                                 \
	X(shift_double, "shld $4, %rax, (%rsi)", RW, 512, 8)                                       \
	X(shift_bmi, "shlx %rcx, (%rsi), %rdx", R, 512, 8)                                         \
	X(rotate, "rorw $3, (%rsi)", RW, 512, 2)                                                   \
	X(multiply, "mulq (%rsi)", R, 512, 8)                                                      \
	X(multiply_into, "imul $7, (%rsi), %edx", R, 512, 4)                                       \
	X(divide, "divl (%rsi)", R, 512, 4)                                                        \
	X(set, "sete (%rbx)", W, 768, 1)                                                           \
	X(move_if, "cmovne (%rbx), %edx", R, 768, 4)                                               \
	X(swap_bytes, "movbe (%rbx), %edx", R, 768, 4)                                             \
	X(swap_bytes_to, "movbe %rdx, (%rbx)", W, 768, 8)                                          \
	X(bit, "btl $5, (%rbx)", R, 768, 4)                                                        \
	X(bit_set, "btsl $6, (%rbx)", RW, 768, 4)                                                  \
	X(count_bits, "popcnt (%rbx), %rdx", R, 768, 8)                                            \
	X(sum, "crc32q (%rbx), %rdx", R, 768, 8)                                                   \
	X(locked_add, "lock addl $2, (%rdi)", LOCKED, 256, 4)                                      \
	X(locked_relative, "lock incl 16+copies_memory(%rip)", LOCKED, 16, 4)                      \
	X(locked_bit, "lock btsl $2, (%rdi)", LOCKED, 256, 4)                                      \
	X(exchange, "xchg %rdx, (%rdi)", LOCKED, 256, 8)                                           \
	X(exchange_add, "lock xadd %rdx, (%rdi)", LOCKED, 256, 8)                                  \
	X(exchange_if, "lock cmpxchg %rdx, (%rdi)", LOCKED, 256, 8)                                \
	X(exchange_if_alone, "cmpxchg %edx, (%rdi)", RW, 256, 4)                                   \
	X(exchange_pair, "lock cmpxchg16b (%rdi)", LOCKED, 256, 16)                                \
	X(vector_load, "movups (%rdi), %xmm1", R, 256, 16)                                         \
	X(vector_store, "movaps %xmm1, 16(%rdi)", W, 272, 16)                                      \
	X(vector_relative, "movdqa 32+copies_memory(%rip), %xmm2", R, 32, 16)                      \
	X(vector_past, "movntdq %xmm1, (%rdi)", W, 256, 16)                                        \
	X(scalar_load, "movss 4(%rdi), %xmm0", R, 260, 4)                                          \
	X(scalar_store, "movsd %xmm0, 8(%rdi)", W, 264, 8)                                         \
	X(scalar_add, "addsd (%rdi), %xmm0", R, 256, 8)                                            \
	X(half, "movhps %xmm0, 8(%rdi)", W, 264, 8)                                                \
	X(convert, "cvtsi2sdl 4(%rdi), %xmm0", R, 260, 4)                                          \
	X(convert_back, "cvttsd2si (%rdi), %rdx", R, 256, 8)                                       \
	X(compare_scalar, "ucomisd (%rdi), %xmm0", R, 256, 8)                                      \
	X(extract, "pextrw $2, %xmm0, (%rdi)", W, 256, 2)                                          \
	X(insert, "pinsrd $2, (%rdi), %xmm0", R, 256, 4)                                           \
	X(wide_load, "vmovdqu (%rdi), %ymm1", R, 256, 32)                                          \
	X(wide_store, "vmovdqu %ymm1, 3(%rdi)", W, 259, 32)                                        \
	X(wide_add, "vpaddd (%rdi), %ymm1, %ymm2", R, 256, 32)                                     \
	X(wide_relative, "vpxor 32+copies_memory(%rip), %ymm1, %ymm2", R, 32, 32)                  \
	X(broadcast, "vbroadcastss (%rdi), %ymm1", R, 256, 4)                                      \
	X(extract_half, "vextracti128 $1, %ymm1, (%rdi)", W, 256, 16)                              \
	X(string_store, "stosl", W, 256, 4)                                                        \
	X(string_fill, "rep stosq", W, 256, 24)                                                    \
	X(string_fill_8, "rep stosb", W, 256, 3)

#define CASE_CODE(name, text, ...)                                                                 \
	__asm__(".text\ncopies_case_" #name ": " text "\njmp copies_back\n");                      \
	extern const uint8_t copies_case_##name[];
CASES(CASE_CODE)
__asm__(".text\ncopies_case_move: movsb\njmp copies_back\n"
	"copies_case_move_all: rep movsw\njmp copies_back\n");
extern const uint8_t copies_case_move[], copies_case_move_all[];

struct one {
	const char *text;
	const uint8_t *code;
	uint8_t flags;
	uint16_t offset, size;
};

#define CASE_ROW(name, text, flags, offset, size) {text, copies_case_##name, flags, offset, size},
static const struct one cases[] = {CASES(CASE_ROW)};

static void begin(struct processor *processor)
{
	static const uint8_t bases[] = {8, 9, 11, 10, 4, 5}; /* di, si, bx, bp, r12, r13 */

	*processor = (struct processor){.flags = 0x203};
	for (unsigned i = 0; i < sizeof(bases); i++)
		processor->general[bases[i]] = (uintptr_t)&copies_memory[(size_t)GAP * (i + 1)];
	processor->general[14] = 3;
	processor->general[0] = 2;
	processor->general[13] = 5;
	processor->general[1] = 0x1122334455667788;
	for (unsigned i = 0; i < sizeof(processor->vector); i++)
		processor->vector[i / 32][i % 32] = (uint8_t)(i * 37 + 11);
	for (unsigned i = 0; i < MEMORY; i++)
		copies_memory[i] = (uint8_t)(i * 7 + i / 256 + 1);
}

static void run(const void *code, struct processor *out, uint8_t *out_memory)
{
	begin(&copies_processor);
	copies_run(code);
	*out = copies_processor;
	memcpy(out_memory, copies_memory, MEMORY);
}

static void make(const uint8_t *code, struct ct_site *site, struct ct_code *out)
{
	struct ct_decoder decoder;
	struct ct_instruction in;
	struct ct_module module;
	enum ct_trap_aside why;

	assert_true(ct_decoder_init(&decoder));
	assert_int_equal(ct_modules_find("main", 1, &module), 1);
	assert_true(ct_decode(&decoder, code, 16, &in));
	assert_true(in.flags & CT_INSTRUCTION_SITE);
	*site = in.site;
	*out = (struct ct_code){.count = 1};
	assert_true(ct_copies_make(&module, site, out, &why));
}

static unsigned accesses(const struct ct_site *site, const struct processor *processor,
			 struct ct_site_access out[2])
{
	ucontext_t context = {0};

	for (unsigned i = 0; i < 16; i++)
		context.uc_mcontext.gregs[i] = (greg_t)processor->general[i];
	context.uc_mcontext.gregs[REG_EFL] = (greg_t)processor->flags;
	return ct_site_accesses(site, &context, out);
}

static bool changes_only(const uint8_t *memory, const struct ct_site_access *access)
{
	struct processor fresh;

	begin(&fresh);
	for (unsigned i = 0; i < MEMORY; i++) {
		uintptr_t at = (uintptr_t)&copies_memory[i];

		if (memory[i] != copies_memory[i] &&
		    (!(access->flags & W) || at - access->address >= access->size))
			return false;
	}
	return true;
}

static void check_copy(const uint8_t *code, const struct ct_site_access *write)
{
	static uint8_t memory[2][MEMORY];
	static struct processor result[2];
	struct ct_code copies;
	struct ct_site site;

	make(code, &site, &copies);
	run(code, &result[0], memory[0]);
	run((const void *)site.copy, &result[1], memory[1]);
	assert_memory_equal(&result[0], &result[1], sizeof(result[0]));
	assert_memory_equal(memory[0], memory[1], MEMORY);
	assert_true(changes_only(memory[0], write));
	ct_copies_free(&copies);
}

static void test_copies(void **state)
{
	(void)state;
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2"))
		skip();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct one *one = &cases[i];
		struct ct_site_access found[2];
		struct processor fresh;
		struct ct_code copies;
		struct ct_site site;

		print_message("%s\n", one->text);
		make(one->code, &site, &copies);
		begin(&fresh);
		assert_int_equal(accesses(&site, &fresh, found), 1);
		assert_int_equal(found[0].address - (uintptr_t)copies_memory, one->offset);
		assert_int_equal(found[0].size, one->size);
		assert_int_equal(found[0].flags, one->flags);
		ct_copies_free(&copies);
		check_copy(one->code, &found[0]);
	}
}

static void check_move(const uint8_t *code, unsigned size)
{
	struct ct_site_access found[2];
	struct processor fresh;
	struct ct_code copies;
	struct ct_site site;

	make(code, &site, &copies);
	begin(&fresh);
	assert_int_equal(accesses(&site, &fresh, found), 2);
	assert_int_equal(found[0].address - (uintptr_t)copies_memory, 2 * GAP);
	assert_int_equal(found[1].address - (uintptr_t)copies_memory, GAP);
	assert_int_equal(found[0].flags, R);
	assert_int_equal(found[1].flags, W);
	assert_int_equal(found[0].size, size);
	assert_int_equal(found[1].size, size);
	ct_copies_free(&copies);
	check_copy(code, &found[1]);
}

/* movs reads here and writes there. */
static void test_moves(void **state)
{
	(void)state;
	if (!__builtin_cpu_supports("avx2"))
		skip();
	check_move(copies_case_move, 1);
	check_move(copies_case_move_all, 6);
}

/* Downwards or not at all: no access is told. */
static void test_repeated(void **state)
{
	struct ct_site_access found[2];
	struct processor fresh;
	struct ct_code copies;
	struct ct_site site;

	(void)state;
	make(copies_case_string_fill, &site, &copies);
	begin(&fresh);
	fresh.general[14] = 0;
	assert_int_equal(accesses(&site, &fresh, found), 0);
	fresh.general[14] = UINT64_MAX;
	assert_int_equal(accesses(&site, &fresh, found), 0);
	fresh.general[14] = 2;
	fresh.flags |= 0x400;
	assert_int_equal(accesses(&site, &fresh, found), 0);
	ct_copies_free(&copies);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
