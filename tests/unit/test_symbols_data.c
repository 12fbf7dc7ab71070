/*
 * model/symbols_data: what bytes of a program are called. The program is a library that this test
 * compiles as gcc and clang do, with little and much optimisation, in both forms of DWARF; it says
 * itself what is to be said of its variables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/symbols.h"
#include "self_trace.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One thing to be named, in the library as here; ends with size 0. */
struct expected {
	const void *address;
	size_t size;
	const char *name, *type, *fields;
	int line; /* 0: any; type 0 likewise: only DWARF 5 tells that one is atomic */
};

static const char source[] =
	"#include <stddef.h>\n"
	"struct expected {\n"
	"	const void *address; size_t size;\n"
	"	const char *name, *type, *fields; int line;\n"
	"};\n"
	"typedef unsigned short word;\n"
	"struct node { struct node *next; int value; };\n"
	"struct pair { char a, b; };\n"
	"struct account {\n"
	"	int id; word codes[3]; struct { char first[8]; } owner;\n"
	"	union { int number; double amount; }; struct pair pair;\n"
	"};\n"
	"struct flags { int before; unsigned ready : 1, done : 3, wide : 8; int alone : 2; };\n"
	"#line 100\n"
	"int counter = 1;\n"
	"static struct account accounts[4];\n"
	"static volatile int stop;\n"
	"_Atomic int hits;\n"
	"struct node *head;\n"
	"static word grid[2][3];\n"
	"static struct flags flags;\n"
	"const char *const *names;\n"
	"struct expected table[] = {\n"
	"	{&counter, 4, \"counter\", \"int\", 0, 100},\n"
	"	{(char *)&counter + 2, 1, \"counter\", \"int\", 0, 100},\n"
	"	{&accounts[3].id, 4, \"accounts[3].id\", \"int\", 0, 101},\n"
	"	{&accounts[1].codes[2], 2, \"accounts[1].codes[2]\", \"word\", 0, 101},\n"
	"	{&accounts[1].codes[1], 4, \"accounts[1].codes\", \"word [3]\", 0, 101},\n"
	"	{&accounts[2].owner.first[5], 1, \"accounts[2].owner.first[5]\", \"char\", 0, "
	"101},\n"
	"	{&accounts[0].number, 4, \"accounts[0].number\", \"int\", 0, 101},\n"
	"	{&accounts[0].amount, 8, \"accounts[0].amount\", \"double\", 0, 101},\n"
	"	{&accounts[0].pair, 2, \"accounts[0].pair\", \"struct pair\", 0, 101},\n"
	"	{&accounts[2], sizeof(accounts[2]), \"accounts[2]\", \"struct account\", 0, 101},\n"
	"	{&accounts[1], 2 * sizeof(accounts[1]), \"accounts\", \"struct account [4]\", 0, "
	"101},\n"
	"	{(void *)&stop, 4, \"stop\", \"volatile int\", 0, 102},\n"
	"	{(void *)&hits, 4, \"hits\", 0, 0, 103},\n"
	"	{&head, 8, \"head\", \"struct node *\", 0, 104},\n"
	"	{&grid[1][2], 2, \"grid[1][2]\", \"word\", 0, 105},\n"
	"	{(char *)&flags + 4, 4, \"flags\", \"struct flags\", \"ready, done, wide, alone\", "
	"106},\n"
	"	{(char *)&flags + 4, 1, \"flags\", \"struct flags\", \"ready, done, wide\", 106},\n"
	"	{&flags.before, 4, \"flags.before\", \"int\", 0, 106},\n"
	"	{&names, 8, \"names\", \"const char *const *\", 0, 107},\n"
	"	{0, 4, \"count::calls\", \"int\", 0, 0},\n"
	"	{0},\n"
	"};\n"
	"int *count(void) { static int calls; calls++; return &calls; }\n"
	"void fill(void) {\n"
	"	for (struct expected *at = table; at->size; at++)\n"
	"		if (!at->address) at->address = count();\n"
	"}\n"
	"void *make_node(void *(*get)(void)) {\n"
	"	struct node *node = get(); int *other = &counter;\n"
	"	if (node) node->value = *other;\n"
	"	return node;\n"
	"}\n"
	"int on_stack(void *(*get)(void), const int **out) {\n"
	"	int sum = 3;\n"
	"	*out = &sum; get();\n"
	"	{ volatile int later[4] = {1}; sum += later[sum - 3] - 1; }\n"
	"	return sum;\n"
	"}\n"
	"int unclear(void *(*get)(void)) {\n"
	"	struct node *node = get(); struct wide { long a, b; } *wide = (void *)node;\n"
	"	return node && wide->a;\n"
	"}\n";

static struct self_trace self;
static char folder[] = "/tmp/test_symbols_data.XXXXXX";

const struct ct_trace_stack *ct_trace_stack(const struct ct_trace *trace, uint32_t process,
					    uint32_t stack)
{
	assert_ptr_equal(trace, &self.trace);
	return self_trace_stack(&self, process, stack);
}

static void check_entry(struct ct_symbols *symbols, const struct expected *expected)
{
	struct ct_symbol_data data;

	if (!ct_symbols_data(symbols, 1, (uint64_t)expected->address, expected->size, 0, &data))
		fail_msg("%s has no name", expected->name);
	assert_string_equal(data.name, expected->name);
	assert_non_null(data.type);
	if (expected->type)
		assert_string_equal(data.type, expected->type);
	assert_true(!data.fields == !expected->fields);
	if (expected->fields)
		assert_string_equal(data.fields, expected->fields);
	assert_non_null(data.file);
	assert_int_equal(data.file[0], '/');
	if (expected->line)
		assert_int_equal(data.line, expected->line);
}

static uint64_t call_address;

static void *get_block(void)
{
	call_address = (uint64_t)__builtin_return_address(0);
	return NULL;
}

/* A field of a block, by the one type of its size that who allocated it knows. */
static void check_blocks(struct ct_symbols *symbols, void *library)
{
	void *(*make_node)(void *(*)(void));
	int (*unclear)(void *(*)(void));
	struct ct_symbol_data data;
	uint32_t stack;

	*(void **)&make_node = dlsym(library, "make_node");
	*(void **)&unclear = dlsym(library, "unclear");
	make_node(get_block);
	stack = self_trace_add(&self, &call_address, 1);
	assert_true(ct_symbols_block(symbols, 1, stack, 16, 8, 4, &data));
	assert_string_equal(data.name, "node.value");
	assert_string_equal(data.type, "int");
	assert_true(ct_symbols_block(symbols, 1, stack, 16, 0, 16, &data));
	assert_string_equal(data.name, "node");
	assert_false(ct_symbols_block(symbols, 1, stack, 24, 8, 4, &data));
	unclear(get_block);
	stack = self_trace_add(&self, &call_address, 1);
	assert_false(ct_symbols_block(symbols, 1, stack, 16, 8, 4, &data));
}

/* Only code whose accesses are recorded is asked for its variables. */
static void set_instrumented(uint64_t address)
{
	static struct ct_trace_instrumented instrumented;

	instrumented = (struct ct_trace_instrumented){.process = 1, .address = address};
	self.trace.instrumented = &instrumented;
	self.trace.instrumented_count = 1;
}

/* Any element of `later` could be at the address, but it cannot be named there. clang tells where
 * variables are from rsp on when it optimises: no guess is made then. */
static void check_local(struct ct_symbols *symbols, void *library, bool required)
{
	int (*on_stack)(void *(*)(void), const int **);
	struct ct_symbol_data data;
	const int *address;
	uint32_t stack;

	*(void **)&on_stack = dlsym(library, "on_stack");
	assert_int_equal(on_stack(get_block, &address), 3);
	stack = self_trace_add(&self, &call_address, 1);
	set_instrumented((uint64_t)&self);
	assert_false(ct_symbols_local(symbols, 1, stack, (uint64_t)address, 4, &data));
	set_instrumented(call_address);
	if (!ct_symbols_local(symbols, 1, stack, (uint64_t)address, 4, &data)) {
		assert_false(required);
		return;
	}
	assert_string_equal(data.name, "sum");
	assert_string_equal(data.function, "on_stack");
	assert_string_equal(data.type, "int");
	assert_false(ct_symbols_local(symbols, 1, stack, (uint64_t)address + 2, 4, &data));
	assert_false(ct_symbols_local(symbols, 1, stack, (uint64_t)address, 2, &data));
}

static void check_library(const char *path, bool optimised)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct expected *table;
	struct ct_symbols *symbols = NULL;
	void (*fill)(void);

	if (!library)
		fail_msg("%s", dlerror());
	table = dlsym(library, "table");
	*(void **)&fill = dlsym(library, "fill");
	fill();
	self_trace_init(&self);
	self_trace_map(&self, (uint64_t)table);
	assert_int_equal(ct_symbols_new(&self.trace, &symbols), CT_OK);
	for (size_t i = 0; table[i].size; i++)
		check_entry(symbols, &table[i]);
	check_blocks(symbols, library);
	check_local(symbols, library, !optimised);
	ct_symbols_free(symbols);
	dlclose(library);
}

/* False: there is no such compiler here. */
static bool compile(const char *compiler, const char *flags, const char *path)
{
	char command[1024];

	snprintf(command, sizeof(command), "command -v %s >/dev/null", compiler);
	if (system(command) != 0)
		return false;
	snprintf(command, sizeof(command), "%s %s -w -fPIC -shared -o %s %s/data.c", compiler,
		 flags, path, folder);
	if (system(command) != 0)
		fail_msg("%s", command);
	return true;
}

static void test_all_compilers(void **state)
{
	static const char *const compilers[] = {"gcc", "clang"};
	static const char *const flags[] = {"-O0 -gdwarf-4", "-O0 -gdwarf-5", "-O2 -gdwarf-4",
					    "-O2 -gdwarf-5"};
	size_t checked = 0;
	char path[256];

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "%s/%zu.so", folder, i);
		if (!compile(compilers[i / 4], flags[i % 4], path))
			continue;
		print_message("%s %s\n", compilers[i / 4], flags[i % 4]);
		check_library(path, strstr(flags[i % 4], "-O2"));
		checked++;
		unlink(path);
	}
	if (!checked)
		skip();
}

static int setup(void **state)
{
	char path[256];
	FILE *file;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/data.c", folder);
	file = fopen(path, "w");
	if (!file || fputs(source, file) == EOF || fclose(file) != 0)
		return -1;
	return 0;
}

static int teardown(void **state)
{
	char path[256];

	(void)state;
	snprintf(path, sizeof(path), "%s/data.c", folder);
	unlink(path);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_compilers)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
