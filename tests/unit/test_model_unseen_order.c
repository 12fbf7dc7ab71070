/* model/unseen_order: libraries made here, with and without atomic instructions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/unseen_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char plain[] = "int f(int *x) { return ++*x; }";
static const char atomic[] = "int f(int *x) { return __sync_fetch_and_add(x, 1); }";

static char folder[] = "/tmp/ct_unseen_XXXXXX";

static char *path_of(const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		abort();
	return path;
}

/* Makes the library; returns its path, to be freed. */
static char *make(const char *name, const char *text)
{
	char *source = path_of("f.c"), *library = path_of(name), *command = NULL;
	FILE *file = fopen(source, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	if (asprintf(&command, "cc -shared -fPIC -O1 -Wl,--build-id=sha1 -o %s %s", library,
		     source) < 0)
		abort();
	assert_int_equal(system(command), 0);
	unlink(source);
	free(command);
	free(source);
	return library;
}

static void drop(char *path)
{
	unlink(path);
	free(path);
}

static struct ct_trace_module module_of(const char *path, uint64_t start)
{
	return (struct ct_trace_module){
		.process = 1, .start = start, .end = start + 0x1000, .path = path};
}

/* What is found in a process that ran these, the first of which is instrumented. */
static const char *found(struct ct_trace_module *modules, size_t count)
{
	struct ct_trace_instrumented instrumented = {.process = 1, .address = modules[0].start};
	struct fake_trace *fake = fake_new();
	struct ct_model *model;
	const char *path;

	fake_thread(fake, 1, 1);
	model = fake_model(fake);
	fake->trace.modules = modules;
	fake->trace.module_count = count;
	fake->trace.instrumented = &instrumented;
	fake->trace.instrumented_count = 1;
	path = ct_unseen_order(model, model->processes[0]);
	assert_ptr_equal(path, ct_unseen_order(model, model->processes[0]));
	fake->trace.modules = NULL;
	fake->trace.instrumented = NULL;
	fake->trace.module_count = fake->trace.instrumented_count = 0;
	fake_free(fake);
	return path;
}

static void test_atomics(void **state)
{
	char *with = make("libwith.so", atomic), *without = make("libwithout.so", plain);
	struct ct_trace_module modules[] = {module_of("prog", 0x1000), module_of(without, 0x2000),
					    module_of(with, 0x3000)};

	(void)state;
	assert_null(found(modules, 2));
	assert_ptr_equal(found(modules, 3), with);
	modules[2].unload = 1; /* what it ordered, it did */
	assert_ptr_equal(found(modules, 3), with);
	modules[0].path = with; /* the same file, instrumented */
	assert_null(found(modules, 3));
	drop(with);
	drop(without);
}

/* The C library has atomic instructions, and its calls are what is recorded. */
static void test_runtime(void **state)
{
	char *path = make("libc.so.6", atomic);
	struct ct_trace_module modules[] = {module_of("prog", 0x1000), module_of(path, 0x2000),
					    module_of("[vdso]", 0x3000)};

	(void)state;
	assert_null(found(modules, 3));
	drop(path);
}

static void test_other_file(void **state)
{
	static const uint8_t build_id[] = {1, 2, 3};
	char *path = make("libother.so", plain);
	struct ct_trace_module modules[] = {module_of("prog", 0x1000), module_of(path, 0x2000)};

	(void)state;
	modules[1].build_id = build_id;
	modules[1].build_id_length = sizeof(build_id);
	assert_ptr_equal(found(modules, 2), path);
	modules[1].build_id_length = 0;
	assert_null(found(modules, 2));
	unlink(path);
	assert_ptr_equal(found(modules, 2), path);
	free(path);
}

static void test_bytes(void **state)
{
	static const uint8_t locked[] = {0x90, 0xf0, 0x48, 0x0f, 0xb1, 0x0a};
	static const uint8_t narrow[] = {0xf0, 0x0f, 0xc1, 0x07, 0xc3};
	static const uint8_t of_register[] = {0xf0, 0x0f, 0xb1, 0xc8, 0xc3};
	static const uint8_t offset[] = {0x48, 0x8b, 0x45, 0xf0, 0x48, 0x01, 0x45, 0xe8};
	/* xchg (%rdi),%eax; test; je; pause; jmp */
	static const uint8_t spin[] = {0x87, 0x07, 0x85, 0xc0, 0x74, 0x04, 0xf3, 0x90, 0xeb, 0xf6};
	/* pause; xchg %eax,%ecx; jmp, and then ret */
	static const uint8_t idle[] = {0xf3, 0x90, 0x87, 0xc1, 0xeb, 0xfa, 0xc3};

	(void)state;
	assert_true(ct_has_locked_instruction(spin, sizeof(spin)));
	assert_true(ct_has_locked_instruction(spin, 8));
	assert_false(ct_has_locked_instruction(spin, 7));
	assert_false(ct_has_locked_instruction(idle, sizeof(idle)));
	assert_true(ct_has_locked_instruction(locked, sizeof(locked)));
	assert_false(ct_has_locked_instruction(locked, sizeof(locked) - 1));
	assert_true(ct_has_locked_instruction(narrow, sizeof(narrow)));
	assert_false(ct_has_locked_instruction(of_register, sizeof(of_register)));
	assert_false(ct_has_locked_instruction(offset, sizeof(offset)));
	assert_false(ct_has_locked_instruction(locked, 0));
}

static int begin(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_atomics),
		cmocka_unit_test(test_runtime),
		cmocka_unit_test(test_other_file),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
