/*
 * model/plain: which accesses of machine code are proven to be plain. This test compiles programs
 * with gcc and clang in many ways, decodes their functions, and asks about each access to memory
 * but the stack. plain_programs.h says what is expected.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format/ct_access.h"
#include "format/ct_trap.h"
#include "model/plain.h"
#include "model/symbols.h"
#include "plain_programs.h"
#include "reader/reader.h"

#include <Zydis/Zydis.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One way to make the program. */
struct build {
	const char *compiler, *source, *flags;
	bool gcc, debug, as_written, tells_atomic;
};

/* The program, as the trace knows it. */
struct program {
	struct ct_trace trace;
	struct ct_trace_module module;
	const uint8_t *code; /* of one function */
	size_t length;
	uint64_t start;
};

static struct ct_trace_stack stack;
static uint64_t frame;
static char folder[] = "/tmp/test_plain.XXXXXX";

const struct ct_trace_stack *ct_trace_stack(const struct ct_trace *trace, uint32_t process,
					    uint32_t id)
{
	(void)trace;
	return process == 1 && id == 1 ? &stack : NULL;
}

static bool is_on_stack(const ZydisDecodedOperandMem *memory)
{
	return memory->base == ZYDIS_REGISTER_RSP || memory->base == ZYDIS_REGISTER_RBP ||
	       memory->segment == ZYDIS_REGISTER_FS;
}

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* What an instruction accesses, if it is memory other than the stack. */
static bool access_of(const ZydisDecodedInstruction *instruction,
		      const ZydisDecodedOperand *operands, uint64_t address,
		      struct ct_plain_access *out)
{
	*out = (struct ct_plain_access){.process = 1, .stack = 1};
	for (unsigned int i = 0; i < instruction->operand_count_visible; i++) {
		const ZydisDecodedOperand *operand = &operands[i];
		ZyanU64 absolute;

		if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY ||
		    operand->mem.type != ZYDIS_MEMOP_TYPE_MEM || is_on_stack(&operand->mem))
			continue;
		out->size = operand->size / 8;
		if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ)
			out->kind |= CT_ACCESS_READ;
		if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			out->kind |= CT_ACCESS_WRITE;
		if (ZYAN_SUCCESS(
			    ZydisCalcAbsoluteAddress(instruction, operand, address, &absolute)))
			out->address = absolute;
		if (instruction->attributes & ZYDIS_ATTRIB_HAS_LOCK ||
		    instruction->mnemonic == ZYDIS_MNEMONIC_XCHG)
			out->kind |= CT_CAUGHT_LOCKED;
	}
	return out->kind != 0;
}

/* The access met by others than in judge(). */
static void check_pairs(struct ct_plain *plain, const struct ct_plain_access *access,
			const struct ct_plain_verdict *judged)
{
	struct ct_plain_access sides[2] = {*access, *access};
	struct ct_plain_verdict verdict;

	sides[1].stack = 2; /* not known */
	sides[1].kind = CT_ACCESS_WRITE;
	ct_plain_judge(plain, sides, &verdict);
	assert_int_equal(verdict.observed, judged->observed);
	assert_true(verdict.told == (judged->sides[0] != CT_PLAIN_ATOMIC));
	if (access->kind != CT_ACCESS_READ || access->size < 2)
		return;
	/* of what is read, the part that is written may not be what was asked for */
	sides[1].size--;
	ct_plain_judge(plain, sides, &verdict);
	assert_false(verdict.observed);
	sides[1].size++;
	sides[1].address++;
	ct_plain_judge(plain, sides, &verdict);
	assert_false(verdict.observed);
}

/* Met by an atomic instruction on the same bytes: a race without doubt if the access is plain, and
 * was asked for. */
static struct ct_plain_verdict judge(struct ct_plain *plain, const struct ct_plain_access *access)
{
	struct ct_plain_access sides[2] = {*access, *access};
	struct ct_plain_verdict verdict;

	sides[1].stack = 2; /* that is not known */
	sides[1].kind = CT_ACCESS_READ | CT_ACCESS_WRITE | CT_CAUGHT_LOCKED;
	ct_plain_judge(plain, sides, &verdict);
	assert_int_equal(verdict.sides[1], CT_PLAIN_ATOMIC);
	assert_true(verdict.told == (verdict.sides[0] == CT_PLAIN_PROVEN));
	assert_true(verdict.told || !verdict.observed);
	assert_true(!verdict.told || verdict.observed == !verdict.reason);
	check_pairs(plain, access, &verdict);
	return verdict;
}

/* Whether the two are told: the access and itself, or one of which nothing is known. */
static bool is_told(struct ct_plain *plain, const struct ct_plain_access *access, bool itself)
{
	struct ct_plain_access sides[2] = {*access, *access};
	struct ct_plain_verdict verdict;

	sides[1].stack = itself ? 1 : 2;
	ct_plain_judge(plain, sides, &verdict);
	return verdict.told;
}

static void check_told(const struct build *build, struct ct_plain *plain,
		       const struct ct_plain_access *access, const char *name)
{
	bool said = starts(name, "said_") || (starts(name, "typed_") && build->tells_atomic);
	bool atomic = starts(name, "atomic_") && build->tells_atomic && access->address;

	if (build->debug && said)
		assert_true(is_told(plain, access, false));
	if (build->debug && said && is_told(plain, access, true))
		fail_msg("%s %s: %s: told", build->compiler, build->flags, name);
	if (starts(name, "told_"))
		assert_true(is_told(plain, access, true));
	if (build->debug && atomic && is_told(plain, access, false))
		fail_msg("%s %s: %s: told", build->compiler, build->flags, name);
}

/* How many accesses (or reads) of a function are proven to be plain; of those, *out_sure are told
 * as races without doubt. */
static int count_proven(const struct build *build, struct program *program, struct ct_plain *plain,
			const char *name, bool reads, int *out_sure, bool *out_change)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction instruction;
	const uint8_t both = CT_ACCESS_READ | CT_ACCESS_WRITE;
	ZydisDecoder decoder;
	int proven = 0;

	*out_sure = 0;
	*out_change = false;
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	for (size_t at = 0; at < program->length; at += instruction.length) {
		struct ct_plain_verdict verdict;
		struct ct_plain_access access;

		if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, program->code + at,
							 program->length - at, &instruction,
							 operands)))
			fail_msg("code at %zx", at);
		if (!access_of(&instruction, operands, program->start + at, &access) ||
		    (reads && access.kind != CT_ACCESS_READ))
			continue;
		*out_change |= access.kind == both;
		for (int end = 0; end < 2; end++) {
			frame = program->start + at + (end ? instruction.length : 1);
			verdict = judge(plain, &access);
			proven += verdict.sides[0] == CT_PLAIN_PROVEN;
			*out_sure += verdict.observed;
			check_told(build, plain, &access, name);
		}
	}
	return proven;
}

static void check_function(const struct build *build, struct program *program,
			   struct ct_plain *plain, const char *name)
{
	bool change, expected;
	bool ahead = starts(name, "ahead_");
	bool reads = starts(name, "read_") || starts(name, "copy_") || ahead;
	int sure, proven = count_proven(build, program, plain, name, reads, &sure, &change);

	if (starts(name, "write_"))
		expected = build->debug;
	else if (reads)
		expected = build->debug && build->tells_atomic;
	else if (starts(name, "change_"))
		expected = build->debug || (build->gcc && change);
	else if (starts(name, "mixed_"))
		expected = build->debug && build->as_written;
	else
		expected = false;
	if (!build->debug && strcmp(name, "doubt_assembly") == 0)
		return; /* the one that only its source tells */
	if (starts(name, "read_") && expected && !build->as_written)
		return; /* its line may be another one, or it is left out */
	if (ahead && !build->as_written) {
		assert_int_equal(sure, 0);
		return;
	}
	if ((proven > 0) != expected)
		fail_msg("%s %s: %s: %d proven", build->compiler, build->flags, name, proven);
	if (sure == 0 && expected)
		fail_msg("%s %s: %s: not without doubt", build->compiler, build->flags, name);
}

static bool is_asked_about(const char *name)
{
	return starts(name, "write_") || starts(name, "read_") || starts(name, "copy_") ||
	       starts(name, "change_") || starts(name, "ahead_") || starts(name, "mixed_") ||
	       starts(name, "atomic_") || starts(name, "doubt_") || starts(name, "said_") ||
	       starts(name, "typed_") || starts(name, "told_");
}

/* The functions of the table `from`, in the code of the program that is the same but stripped. */
static size_t check_functions(const struct build *build, struct program *program,
			      struct ct_plain *plain, Elf *from)
{
	Elf_Scn *section = NULL;
	size_t checked = 0;

	while ((section = elf_nextscn(from, section)) != NULL) {
		Elf_Data *data = elf_getdata(section, NULL);
		GElf_Shdr header;
		GElf_Sym symbol;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
			const char *name = elf_strptr(from, header.sh_link, symbol.st_name);
			Elf_Scn *text = elf_getscn(from, symbol.st_shndx);
			GElf_Shdr at;

			if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || !is_asked_about(name))
				continue;
			assert_non_null(gelf_getshdr(text, &at));
			program->start = symbol.st_value;
			program->length = symbol.st_size;
			program->code = (const uint8_t *)elf_getdata(text, NULL)->d_buf +
					(symbol.st_value - at.sh_addr);
			check_function(build, program, plain, name);
			checked++;
		}
	}
	return checked;
}

static void check_program(const struct build *build, const char *path, const char *named)
{
	struct program program = {.module = {.process = 1, .end = UINT64_MAX, .path = path}};
	struct ct_symbols *symbols = NULL;
	struct ct_plain *plain = NULL;
	int fd = open(named, O_RDONLY | O_CLOEXEC);
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	assert_non_null(elf);
	program.trace.modules = &program.module;
	program.trace.module_count = 1;
	stack = (struct ct_trace_stack){.frames = &frame, .depth = 1, .modules = 1};
	assert_int_equal(ct_symbols_new(&program.trace, &symbols), CT_OK);
	assert_int_equal(ct_plain_new(symbols, &plain), CT_OK);
	assert_true(check_functions(build, &program, plain, elf) > 8);
	ct_plain_free(plain);
	ct_symbols_free(symbols);
	elf_end(elf);
	close(fd);
}

static void run(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

/* False: there is no such compiler here. */
static bool check_build(const struct build *build)
{
	char command[1024], path[256], stripped[256];

	snprintf(command, sizeof(command), "command -v %s >/dev/null", build->compiler);
	if (system(command) != 0)
		return false;
	snprintf(path, sizeof(path), "%s/program", folder);
	snprintf(stripped, sizeof(stripped), "%s/stripped", folder);
	snprintf(command, sizeof(command), "%s %s -w -no-pie -Wl,--build-id=none -o %s %s/%s",
		 build->compiler, build->flags, path, folder, build->source);
	run(command);
	check_program(build, path, path);
	if (build->debug) {
		struct build bare = *build;

		bare.debug = false;
		snprintf(command, sizeof(command), "strip -o %s %s", stripped, path);
		run(command);
		check_program(&bare, stripped, path);
	}
	return true;
}

static void check_compiler(const char *compiler, const char *source, bool cpp)
{
	static const char *const levels[] = {"-O0", "-O2", "-O1", "-O3"};
	bool gcc = starts(compiler, "g");
	char flags[64];

	for (size_t i = 0; i < (cpp ? 4 : 8); i++) {
		bool five = i % 2;
		struct build build = {.compiler = compiler,
				      .source = source,
				      .flags = flags,
				      .gcc = gcc,
				      .debug = true,
				      .as_written = i < 2 && (gcc || five),
				      .tells_atomic = five || cpp};

		snprintf(flags, sizeof(flags), "%s -gdwarf-%d%s", levels[i / 2], five ? 5 : 4,
			 cpp ? " -std=c++20" : "");
		if (!check_build(&build))
			skip();
	}
}

static void test_gcc(void **state)
{
	(void)state;
	check_compiler("gcc", "plain.c", false);
}

static void test_clang(void **state)
{
	(void)state;
	check_compiler("clang", "plain.c", false);
}

static void test_gcc_cpp(void **state)
{
	(void)state;
	check_compiler("g++", "plain.cpp", true);
}

static void test_clang_cpp(void **state)
{
	(void)state;
	check_compiler("clang++", "plain.cpp", true);
}

static void write_file(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	write_file("plain.c", ct_plain_c);
	write_file("hidden.h", ct_plain_header);
	write_file("plain.cpp", ct_plain_cpp);
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {"plain.c", "hidden.h", "plain.cpp", "program",
					    "stripped"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char path[256];

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gcc),
		cmocka_unit_test(test_clang),
		cmocka_unit_test(test_gcc_cpp),
		cmocka_unit_test(test_clang_cpp),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
