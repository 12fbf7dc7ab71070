/* model/names: names of objects of this very executable, numbered, told apart, without addresses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/names.h"
#include "self_trace.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static struct self_trace self;

const struct ct_trace_stack *ct_trace_stack(const struct ct_trace *trace, uint32_t process,
					    uint32_t stack)
{
	assert_ptr_equal(trace, &self.trace);
	return self_trace_stack(&self, process, stack);
}

struct bank {
	int count;
	pthread_mutex_t lock;
};

static pthread_mutex_t accounts;
static struct bank bank;
static pthread_mutex_t M1;

/* One process "bank" with one thread "main", and what names them. */
struct world {
	struct ct_model model;
	struct ct_process process;
	struct ct_thread thread;
	struct ct_symbols *symbols;
	struct ct_naming naming;
	uint32_t objects;
};

static struct world world;

static int open_world(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	self_trace_init(&self);
	world.model.trace = &self.trace;
	world.model.process_count = 1;
	world.process = (struct ct_process){.number = 1, .pid = 4711, .name = "bank"};
	world.thread = (struct ct_thread){.process = &world.process, .number = 1, .name = "main"};
	if (ct_symbols_new(&self.trace, &world.symbols))
		return -1;
	ct_naming_init(&world.naming, &world.model, world.symbols);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	ct_naming_fini(&world.naming);
	ct_symbols_free(world.symbols);
	return 0;
}

static struct ct_object make(enum ct_object_kind kind, const void *address)
{
	return (struct ct_object){.id = world.objects++,
				  .kind = kind,
				  .process = &world.process,
				  .address = (uint64_t)address,
				  .creator = &world.thread};
}

static __attribute__((noinline)) uint64_t return_address(void)
{
	return (uint64_t)__builtin_return_address(0);
}

static int setup_line;

/* A stack whose only frame is a call in here. */
static __attribute__((noinline)) uint32_t setup(void)
{
	uint64_t address;

	setup_line = __LINE__, address = return_address();
	return self_trace_add(&self, &address, 1);
}

static const char *name(const struct ct_object *object)
{
	return ct_name_object(&world.naming, object);
}

static void check_at_setup(const char *actual, const char *before, const char *after)
{
	char expected[256];

	snprintf(expected, sizeof(expected), "%stest_names.c:%d%s", before, setup_line, after);
	assert_string_equal(actual, expected);
}

static void test_variables(void **state)
{
	struct ct_object first = make(CT_OBJECT_MUTEX, &accounts);
	struct ct_object second = make(CT_OBJECT_MUTEX, &bank.lock);

	(void)state;
	assert_string_equal(name(&first), "accounts");
	assert_string_equal(name(&second), "bank.lock");
	assert_string_equal(ct_name_object_short(&world.naming, &second), "bank.lock");
	assert_ptr_equal(name(&first), name(&first));
}

static void test_same_variable_twice(void **state)
{
	struct ct_object lives[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		lives[i] = make(CT_OBJECT_MUTEX, &accounts);
	lives[1].given_name = "accounts#3";
	assert_string_equal(name(&lives[0]), "accounts");
	assert_string_equal(name(&lives[1]), "accounts#3");
	assert_string_equal(name(&lives[2]), "accounts#2");
	assert_string_equal(name(&lives[3]), "accounts#4");
	assert_string_equal(name(&lives[0]), "accounts");
}

static void test_numbered(void **state)
{
	struct ct_object initialised = make(CT_OBJECT_MUTEX, (void *)16);
	struct ct_object used = make(CT_OBJECT_MUTEX, (void *)32);
	struct ct_object unknown = make(CT_OBJECT_COND, (void *)48);
	struct ct_object queue = make(CT_OBJECT_PIPE, &accounts);

	(void)state;
	initialised.initialised = true;
	initialised.init_stack = setup();
	used.init_stack = setup();
	queue.init_stack = setup();
	queue.initialised = true;
	check_at_setup(name(&used), "M1 (mutex first locked at ", ")");
	check_at_setup(name(&initialised), "M2 (mutex initialised at ", ")");
	assert_string_equal(name(&unknown), "CV1 (condition variable)");
	check_at_setup(name(&queue), "P1 (pipe opened at ", ")");
	assert_string_equal(ct_name_object_short(&world.naming, &used), "M1");
}

/* A program may have variables with the names that are ours by default. */
static void test_number_is_taken(void **state)
{
	struct ct_object variable = make(CT_OBJECT_MUTEX, &M1);
	struct ct_object heap = make(CT_OBJECT_MUTEX, (void *)16);
	struct ct_object other = make(CT_OBJECT_MUTEX, (void *)32);

	(void)state;
	other.given_name = "M2";
	assert_string_equal(name(&variable), "M1");
	assert_string_equal(name(&heap), "M2 (mutex)");
	assert_string_equal(name(&other), "M2#2");
}

static void test_origin(void **state)
{
	struct ct_object object = make(CT_OBJECT_SEM, (void *)0x1230);
	struct ct_object shared = make(CT_OBJECT_MUTEX, (void *)0x20);
	struct ct_object queue = make(CT_OBJECT_PIPE, (void *)77);

	(void)state;
	object.initialised = true;
	object.init_stack = setup();
	shared.process = NULL;
	check_at_setup(ct_name_object_origin(&world.naming, &object),
		       "semaphore at 0x1230, initialised in setup at ",
		       " by main, private to bank");
	assert_string_equal(ct_name_object_origin(&world.naming, &shared),
			    "mutex at 0x20, first locked by main, shared between processes");
	assert_string_equal(ct_name_object_origin(&world.naming, &queue),
			    "pipe with inode 77, opened by main, private to bank");
}

/* The address of a variable is one in its own process only. */
static void test_other_process(void **state)
{
	struct ct_object object = make(CT_OBJECT_MUTEX, &accounts);
	struct ct_process other = {.number = 2, .name = "other"};

	(void)state;
	object.process = &other;
	assert_string_equal(name(&object), "M1 (mutex)");
}

/* Shared memory that is a variable (after fork) is found where it was used first. */
static void test_shared_variable(void **state)
{
	struct ct_object object = make(CT_OBJECT_MUTEX, &accounts);

	(void)state;
	object.process = NULL;
	assert_string_equal(name(&object), "accounts");
}

static void test_text_trace(void **state)
{
	struct ct_object object = make(CT_OBJECT_MUTEX, (void *)3);
	uint32_t stack = self_trace_add(&self, NULL, 0);

	(void)state;
	self.trace.text = true;
	self.stacks[stack - 1].text_location = "main.c:12";
	object.given_name = "A";
	object.init_stack = stack;
	assert_string_equal(name(&object), "A");
	assert_string_equal(ct_name_object_origin(&world.naming, &object),
			    "mutex, first locked at main.c:12 by main, private to bank");
	assert_string_equal(ct_name_place(&world.naming, 1, stack), "main.c:12");
}

static void test_without_symbols(void **state)
{
	struct ct_object object = make(CT_OBJECT_RWLOCK, &accounts);

	(void)state;
	world.naming.symbols = NULL;
	object.init_stack = setup();
	assert_string_equal(name(&object), "RW1 (read-write lock)");
	assert_null(ct_name_place(&world.naming, 1, object.init_stack));
}

static void test_processes(void **state)
{
	struct ct_process child = {.number = 2, .pid = 4712, .name = "bank"};
	struct ct_process unnamed = {.number = 3, .pid = 4713};

	(void)state;
	assert_string_equal(ct_name_process(&world.naming, &world.process), "bank");
	world.model.process_count = 3;
	assert_string_equal(ct_name_process(&world.naming, &child), "bank (pid 4712)");
	assert_string_equal(ct_name_process(&world.naming, &unnamed), "process (pid 4713)");
	assert_string_equal(ct_name_thread(&world.naming, &world.thread), "main");
}

static void test_own_frame(void **state)
{
	const struct ct_frame frames[] = {
		{.module = "/usr/bin/bank", .offset = 1},
		{.function = "pthread_mutex_lock", .module = "/lib/x86_64-linux-gnu/libc.so.6"},
		{.function = "std::mutex::lock()",
		 .file = "/usr/include/c++/12/bits/std_mutex.h",
		 .line = 100,
		 .module = "/usr/bin/bank",
		 .inlined = 1},
		{.function = "std::mutex::lock()",
		 .file = "/usr/bin/../lib/gcc/x86_64-linux-gnu/12/../../../std_mutex.h",
		 .line = 100,
		 .module = "/usr/bin/bank",
		 .inlined = 1},
		{.function = "deposit",
		 .file = "/src/bank.c",
		 .line = 7,
		 .module = "/usr/bin/bank"},
		{.function = "main", .file = "/src/bank.c", .line = 9, .module = "/usr/bin/bank"},
	};

	(void)state;
	assert_ptr_equal(ct_name_own_frame(frames, 6), &frames[4]);
	assert_ptr_equal(ct_name_own_frame(frames, 4), &frames[1]);
	assert_null(ct_name_own_frame(frames, 1));
	assert_null(ct_name_own_frame(NULL, 0));
}

/* Twenty thousand lives of one address take no quadratic time. */
static void test_many(void **state)
{
	char expected[64];

	(void)state;
	for (int i = 1; i <= 20000; i++) {
		struct ct_object object = make(CT_OBJECT_MUTEX, &accounts);
		const char *actual = name(&object);

		snprintf(expected, sizeof(expected), i == 1 ? "accounts" : "accounts#%d", i);
		assert_string_equal(actual, expected);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_variables),		TEST(test_other_process),
		TEST(test_same_variable_twice), TEST(test_numbered),
		TEST(test_number_is_taken),	TEST(test_origin),
		TEST(test_shared_variable),	TEST(test_text_trace),
		TEST(test_without_symbols),	TEST(test_processes),
		TEST(test_own_frame),		TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
