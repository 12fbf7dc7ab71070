/* model/symbols: this executable's own functions, lines and variables; files that must not be used.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/symbols.h"
#include "self_trace.h"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct self_trace self;

const struct ct_trace_stack *ct_trace_stack(const struct ct_trace *trace, uint32_t process,
					    uint32_t stack)
{
	assert_ptr_equal(trace, &self.trace);
	return self_trace_stack(&self, process, stack);
}

static struct ct_symbols *open_symbols(void)
{
	struct ct_symbols *symbols = NULL;

	assert_int_equal(ct_symbols_new(&self.trace, &symbols), CT_OK);
	return symbols;
}

static size_t frames_of(struct ct_symbols *symbols, uint64_t address,
			const struct ct_frame **out_frames)
{
	return ct_symbols_stack(symbols, 1, self_trace_add(&self, &address, 1), out_frames);
}

static const char *base_name(const char *path)
{
	return path ? strrchr(path, '/') + 1 : NULL;
}

/* Where a call stands in the code; the line is that of the macro. */
static __attribute__((noinline)) uint64_t return_address(void)
{
	return (uint64_t)__builtin_return_address(0);
}

static int call_line, inner_line, outer_line;

static __attribute__((noinline)) uint64_t plain(void)
{
	uint64_t address;

	call_line = __LINE__, address = return_address();
	__asm__ volatile("" : "+r"(address));
	return address;
}

static inline __attribute__((always_inline)) uint64_t inner(void)
{
	uint64_t address;

	inner_line = __LINE__, address = return_address();
	__asm__ volatile("" : "+r"(address));
	return address;
}

static inline __attribute__((always_inline)) uint64_t middle(void)
{
	return inner() + 0;
}

static __attribute__((noinline)) uint64_t outer(void)
{
	uint64_t address;

	outer_line = __LINE__, address = middle();
	__asm__ volatile("" : "+r"(address));
	return address;
}

static jmp_buf back;
static volatile uint64_t last_address;
static int last_line;

static __attribute__((noinline, noreturn)) void leave(void)
{
	last_address = (uint64_t)__builtin_return_address(0);
	longjmp(back, 1);
}

static __attribute__((noinline)) void ends_with_a_call(void)
{
	last_line = __LINE__, leave();
}

/* The return address of a call that does not return is in the next function. */
static void test_call_at_the_end(void **state)
{
	struct ct_symbols *symbols = open_symbols();
	const struct ct_frame *frames;

	(void)state;
	if (setjmp(back) == 0)
		ends_with_a_call();
	assert_int_equal(frames_of(symbols, last_address, &frames), 1);
	assert_string_equal(frames[0].function, "ends_with_a_call");
	assert_int_equal(frames[0].line, last_line);
	ct_symbols_free(symbols);
}

static void test_plain_function(void **state)
{
	uint64_t address = plain();
	struct ct_symbols *symbols = open_symbols();
	const struct ct_frame *frames;

	(void)state;
	assert_int_equal(frames_of(symbols, address, &frames), 1);
	assert_string_equal(frames[0].function, "plain");
	assert_string_equal(base_name(frames[0].file), "test_symbols.c");
	assert_int_equal(frames[0].file[0], '/');
	assert_int_equal(frames[0].line, call_line);
	assert_string_equal(frames[0].module, self.path);
	assert_int_equal(frames[0].offset, address - self.modules[0].bias);
	assert_int_equal(frames[0].inlined, 0);
	ct_symbols_free(symbols);
}

static void test_inlined_functions(void **state)
{
	uint64_t addresses[] = {outer(), plain()};
	struct ct_symbols *symbols = open_symbols();
	const struct ct_frame *frames, *again;
	uint32_t stack = self_trace_add(&self, addresses, 2);

	(void)state;
	assert_int_equal(ct_symbols_stack(symbols, 1, stack, &frames), 4);
	assert_string_equal(frames[0].function, "inner");
	assert_int_equal(frames[0].line, inner_line);
	assert_int_equal(frames[0].inlined, 1);
	assert_string_equal(frames[1].function, "middle");
	assert_int_equal(frames[1].inlined, 1);
	assert_string_equal(frames[2].function, "outer");
	assert_int_equal(frames[2].line, outer_line);
	assert_int_equal(frames[2].inlined, 0);
	assert_string_equal(base_name(frames[2].file), "test_symbols.c");
	assert_string_equal(frames[3].function, "plain");
	assert_int_equal(ct_symbols_stack(symbols, 1, stack, &again), 4);
	assert_ptr_equal(frames, again);
	ct_symbols_free(symbols);
}

static void test_unknown_places(void **state)
{
	struct ct_symbols *symbols = open_symbols();
	const struct ct_frame *frames;
	uint64_t nowhere[] = {0, 1, UINT64_MAX};

	(void)state;
	assert_int_equal(ct_symbols_stack(symbols, 1, 0, &frames), 0);
	assert_int_equal(ct_symbols_stack(symbols, 1, 9999, &frames), 0);
	assert_int_equal(ct_symbols_stack(symbols, 7, 1, &frames), 0);
	assert_int_equal(ct_symbols_stack(symbols, 1, self_trace_add(&self, nowhere, 3), &frames),
			 3);
	for (int i = 0; i < 3; i++) {
		assert_null(frames[i].function);
		assert_null(frames[i].file);
		assert_null(frames[i].module);
		assert_int_equal(frames[i].offset, nowhere[i]);
	}
	ct_symbols_free(symbols);
}

/* A stack sees the modules of its own image that were there when it was captured, newest first. */
static void test_which_module(void **state)
{
	uint64_t address = plain();
	struct ct_symbols *symbols;
	const struct ct_frame *frames;
	uint32_t first, both, other;

	(void)state;
	first = self_trace_add(&self, &address, 1);
	self.modules[1] = self.modules[0];
	self.modules[1].path = "/nowhere/library.so";
	self.trace.module_count = 2;
	both = self_trace_add(&self, &address, 1);
	other = self_trace_add(&self, &address, 1);
	self.stacks[other - 1].image = 1;
	symbols = open_symbols();
	assert_int_equal(ct_symbols_stack(symbols, 1, first, &frames), 1);
	assert_string_equal(frames[0].function, "plain");
	assert_int_equal(ct_symbols_stack(symbols, 1, both, &frames), 1);
	assert_null(frames[0].function);
	assert_string_equal(frames[0].module, "/nowhere/library.so");
	assert_int_equal(ct_symbols_stack(symbols, 1, other, &frames), 1);
	assert_null(frames[0].module);
	ct_symbols_free(symbols);
}

/* What is asked of an unusable file: module and offset, one warning however often it is asked. */
static void check_refused(const char *expected_warning)
{
	uint64_t addresses[] = {plain(), outer()};
	struct ct_symbols *symbols = open_symbols();
	const struct ct_frame *frames;
	const char *const *lines;

	assert_int_equal(ct_symbols_stack(symbols, 1, self_trace_add(&self, addresses, 2), &frames),
			 2);
	assert_null(frames[0].function);
	assert_null(frames[0].file);
	assert_string_equal(frames[0].module, self.modules[0].path);
	assert_int_equal(frames[1].offset, addresses[1] - self.modules[0].bias);
	assert_null(ct_symbols_variable(symbols, 1, (uint64_t)&self, 0));
	assert_int_equal(ct_symbols_warnings(symbols, &lines), expected_warning != NULL);
	if (expected_warning) {
		char line[8192];

		snprintf(line, sizeof(line), "%s: %s; its functions are not named",
			 self.modules[0].path, expected_warning);
		assert_string_equal(lines[0], line);
	}
	ct_symbols_free(symbols);
}

static void test_changed_file(void **state)
{
	(void)state;
	self.build_ids[0][3] ^= 1;
	check_refused("changed since it ran (build-id differs)");
	self.build_ids[0][3] ^= 1;
	self.modules[0].build_id_length++;
	check_refused("changed since it ran (build-id differs)");
}

static void test_unreadable_files(void **state)
{
	char path[] = "/tmp/test_symbols.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "#!/bin/sh\n", 10), 10);
	close(fd);
	self.modules[0].path = path;
	check_refused("is not an executable or library");
	assert_int_equal(unlink(path), 0);
	check_refused("cannot be read");
	assert_int_equal(mkfifo(path, 0600), 0);
	check_refused("cannot be read");
	assert_int_equal(unlink(path), 0);
	self.modules[0].path = "/tmp";
	check_refused("cannot be read");
}

static void test_vdso(void **state)
{
	(void)state;
	self.modules[0].path = "linux-vdso.so.1";
	check_refused(NULL);
	self.modules[0].path = "[vdso]";
	check_refused(NULL);
	self.modules[0].path = "";
	check_refused(NULL);
}

/* Two processes ran one file: it is opened, and warned of, once. */
static void test_one_warning_for_all(void **state)
{
	uint64_t address = plain();
	struct ct_symbols *symbols;
	const struct ct_frame *frames;
	const char *const *lines;

	(void)state;
	self.modules[0].path = "/nowhere/program";
	self.modules[1] = self.modules[0];
	self.modules[1].start = 4096;
	self.modules[1].end = 8192;
	self.trace.module_count = 2;
	symbols = open_symbols();
	assert_int_equal(frames_of(symbols, address, &frames), 1);
	assert_int_equal(frames_of(symbols, 4100, &frames), 1);
	assert_string_equal(frames[0].module, "/nowhere/program");
	assert_int_equal(ct_symbols_warnings(symbols, &lines), 1);
	ct_symbols_free(symbols);
}

/* The kernel's mark at the end of a path; the same file stands there again. */
static void test_deleted_mark(void **state)
{
	char path[sizeof(self.path) + 16];
	struct ct_symbols *symbols;
	const struct ct_frame *frames;

	(void)state;
	snprintf(path, sizeof(path), "%s (deleted)", self.path);
	self.modules[0].path = path;
	symbols = open_symbols();
	assert_int_equal(frames_of(symbols, plain(), &frames), 1);
	assert_string_equal(frames[0].function, "plain");
	ct_symbols_free(symbols);
}

/* libc usually has no DWARF; its dynamic symbols name what is public. */
static void test_library_function(void **state)
{
	uint64_t address = (uint64_t)dlsym(RTLD_DEFAULT, "getpagesize") + 5;
	struct ct_symbols *symbols;
	const struct ct_frame *frames;

	(void)state;
	self_trace_map(&self, address);
	symbols = open_symbols();
	assert_int_equal(frames_of(symbols, address, &frames), 1);
	assert_non_null(frames[0].function);
	assert_non_null(strstr(frames[0].function, "getpagesize"));
	assert_int_equal(frames[0].offset, address - self.modules[1].bias);
	ct_symbols_free(symbols);
}

struct pool {
	int size;
	pthread_mutex_t lock;
	struct {
		pthread_cond_t full, empty;
	} changed;
	union {
		sem_t slots;
		long number;
	};
	pthread_mutex_t shards[4];
};

/* As std::array<struct fork, 2> and std::mutex are made. */
struct fork {
	int taken;
	struct {
		pthread_mutex_t _M_mutex;
	} lock;
};

static struct {
	struct fork _M_elems[2];
} table;

typedef pthread_mutex_t row[3];

static pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t forks[5];
static struct pool pool, pools[3];
static pthread_spinlock_t spin[2];
static pthread_mutex_t grid[2][3];
static row rows[2];
pthread_rwlock_t exported;

static __attribute__((noinline)) pthread_mutex_t *local_lock(void)
{
	static pthread_mutex_t lock[2];

	return &lock[1];
}

static void test_variables(void **state)
{
	const struct {
		const void *address;
		const char *name;
	} rows_of_table[] = {
		{&accounts, "accounts"},
		{&exported, "exported"},
		{&forks[0], "forks[0]"},
		{&forks[3], "forks[3]"},
		{(void *)&spin[1], "spin[1]"},
		{&pool.size, "pool.size"},
		{&pool.lock, "pool.lock"},
		{&pool.changed.empty, "pool.changed.empty"},
		{&pool.slots, "pool.slots"},
		{&pool.shards[2], "pool.shards[2]"},
		{&pools[2].lock, "pools[2].lock"},
		{&pools[1].shards[3], "pools[1].shards[3]"},
		{&grid[1][2], "grid[1][2]"},
		{&rows[1][0], "rows[1][0]"},
		{&table._M_elems[1].lock, "table[1].lock"},
		{local_lock(), "local_lock::lock[1]"},
	};
	struct ct_symbols *symbols = open_symbols();

	(void)state;
	for (size_t i = 0; i < sizeof(rows_of_table) / sizeof(rows_of_table[0]); i++) {
		uint64_t address = (uint64_t)rows_of_table[i].address;
		const char *name = ct_symbols_variable(symbols, 1, address, 0);

		assert_non_null(name);
		assert_string_equal(name, rows_of_table[i].name);
		assert_ptr_equal(ct_symbols_variable(symbols, 1, address, 0), name);
	}
	ct_symbols_free(symbols);
}

/* What was unloaded before a stack was captured, or an object came to be, is not there. */
static void test_unloaded_module(void **state)
{
	uint64_t address = plain();
	struct ct_symbols *symbols;
	const struct ct_frame *frames;
	uint32_t before, after;

	(void)state;
	before = self_trace_add(&self, &address, 1);
	after = self_trace_add(&self, &address, 1);
	self.stacks[after - 1].unloads = 1;
	self.modules[0].unload = 1;
	self.modules[0].end_time = 500;
	symbols = open_symbols();
	assert_int_equal(ct_symbols_stack(symbols, 1, before, &frames), 1);
	assert_string_equal(frames[0].function, "plain");
	assert_int_equal(ct_symbols_stack(symbols, 1, after, &frames), 1);
	assert_null(frames[0].module);
	assert_non_null(ct_symbols_variable(symbols, 1, (uint64_t)&accounts, 499));
	assert_null(ct_symbols_variable(symbols, 1, (uint64_t)&accounts, 500));
	ct_symbols_free(symbols);
}

static void test_no_variables(void **state)
{
	struct ct_symbols *symbols = open_symbols();
	pthread_mutex_t on_stack;
	void *on_heap = malloc(64);

	(void)state;
	assert_null(ct_symbols_variable(symbols, 1, (uint64_t)&on_stack, 0));
	assert_null(ct_symbols_variable(symbols, 1, (uint64_t)on_heap, 0));
	assert_null(ct_symbols_variable(symbols, 1, (uint64_t)test_no_variables, 0));
	assert_null(ct_symbols_variable(symbols, 2, (uint64_t)&accounts, 0));
	assert_null(ct_symbols_variable(symbols, 1, 0, 0));
	assert_null(ct_symbols_variable(symbols, 1, UINT64_MAX, 0));
	free(on_heap);
	ct_symbols_free(symbols);
}

static void test_text_locations(void **state)
{
	static const struct {
		const char *text, *file;
		int line;
	} rows_of_table[] = {
		{"main.c:12", "main.c", 12},
		{"a:b.c:7", "a:b.c", 7},
		{"main.c", "main.c", 0},
		{"main.c:", "main.c:", 0},
		{"main.c:x", "main.c:x", 0},
		{"main.c:0", "main.c:0", 0},
		{"main.c:1x", "main.c:1x", 0},
		{":3", ":3", 0},
		{"a:99999999999999999999", "a:99999999999999999999", 0},
	};
	struct ct_symbols *symbols = open_symbols();

	(void)state;
	for (size_t i = 0; i < sizeof(rows_of_table) / sizeof(rows_of_table[0]); i++) {
		uint32_t stack = self_trace_add(&self, NULL, 0);
		const struct ct_frame *frames;

		self.stacks[stack - 1].text_location = rows_of_table[i].text;
		assert_int_equal(ct_symbols_stack(symbols, 1, stack, &frames), 1);
		assert_null(frames[0].function);
		assert_string_equal(frames[0].file, rows_of_table[i].file);
		assert_int_equal(frames[0].line, rows_of_table[i].line);
	}
	ct_symbols_free(symbols);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* A copy of this executable with some of its bytes changed, behind the program headers and notes,
 * so that it passes for the one that ran. */
static void write_damaged(const char *path, uint32_t seed)
{
	FILE *in = fopen(self.path, "rb"), *out = fopen(path, "wb");
	char *bytes;
	long size;

	assert_non_null(in);
	assert_non_null(out);
	assert_int_equal(fseek(in, 0, SEEK_END), 0);
	size = ftell(in);
	rewind(in);
	bytes = malloc((size_t)size);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)size, in), size);
	for (int i = 0; i < 2000; i++) {
		size_t at = 4096 + (size_t)next_random(&seed) % ((size_t)size - 4096);

		bytes[at] = (char)next_random(&seed);
	}
	assert_int_equal(fwrite(bytes, 1, (size_t)size, out), size);
	assert_int_equal(fclose(out), 0);
	fclose(in);
	free(bytes);
}

static void test_damaged_files(void **state)
{
	char path[] = "/tmp/test_symbols.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	self.modules[0].path = path;
	for (uint32_t seed = 1; seed <= 20; seed++) {
		uint64_t addresses[] = {plain(), outer(), (uint64_t)test_variables + 40};
		struct ct_symbols *symbols;
		const struct ct_frame *frames;

		write_damaged(path, seed);
		symbols = open_symbols();
		assert_true(ct_symbols_stack(symbols, 1, self_trace_add(&self, addresses, 3),
					     &frames) >= 3);
		ct_symbols_variable(symbols, 1, (uint64_t)&pools[1].shards[3], 0);
		ct_symbols_variable(symbols, 1, (uint64_t)local_lock(), 0);
		ct_symbols_free(symbols);
	}
	assert_int_equal(unlink(path), 0);
}

static int fresh(void **state)
{
	(void)state;
	self_trace_init(&self);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_plain_function, fresh),
		cmocka_unit_test_setup(test_call_at_the_end, fresh),
		cmocka_unit_test_setup(test_inlined_functions, fresh),
		cmocka_unit_test_setup(test_unknown_places, fresh),
		cmocka_unit_test_setup(test_which_module, fresh),
		cmocka_unit_test_setup(test_changed_file, fresh),
		cmocka_unit_test_setup(test_unreadable_files, fresh),
		cmocka_unit_test_setup(test_vdso, fresh),
		cmocka_unit_test_setup(test_one_warning_for_all, fresh),
		cmocka_unit_test_setup(test_deleted_mark, fresh),
		cmocka_unit_test_setup(test_library_function, fresh),
		cmocka_unit_test_setup(test_variables, fresh),
		cmocka_unit_test_setup(test_unloaded_module, fresh),
		cmocka_unit_test_setup(test_no_variables, fresh),
		cmocka_unit_test_setup(test_text_locations, fresh),
		cmocka_unit_test_setup(test_damaged_files, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
