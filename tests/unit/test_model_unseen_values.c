/* model/unseen_values: what passes on values that no trace has, by name and in libraries made here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_trace.h"
#include "model/unseen_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char library[] = "/tmp/ct_values_XXXXXX";

static void make(const char *text)
{
	char *command = NULL;
	FILE *compiler;

	if (asprintf(&command, "cc -shared -fPIC -o %s -x c -", library) < 0)
		abort();
	compiler = popen(command, "w");
	assert_non_null(compiler);
	assert_true(fputs(text, compiler) >= 0);
	assert_int_equal(pclose(compiler), 0);
	free(command);
}

/* What a trace whose one instrumented module is the library is taken to miss; to be freed. */
static char *missed(void)
{
	struct ct_trace_module module = {
		.process = 1, .start = 0x1000, .end = 0x2000, .path = library};
	struct ct_trace_instrumented instrumented = {.process = 1, .address = 0x1800};
	struct fake_trace *fake = fake_new();
	struct ct_model *model;
	const char *name;
	char *copy;

	fake_thread(fake, 1, 1);
	model = fake_model(fake);
	fake->trace.modules = &module;
	fake->trace.instrumented = &instrumented;
	fake->trace.module_count = fake->trace.instrumented_count = 1;
	fake->trace.accesses = true;
	name = ct_unseen_values(model);
	assert_ptr_equal(name, ct_unseen_values(model));
	assert_int_equal(ct_values_are_known(model), !name);
	copy = name ? strdup(name) : NULL;
	fake->trace.modules = NULL;
	fake->trace.instrumented = NULL;
	fake->trace.module_count = fake->trace.instrumented_count = 0;
	fake_free(fake);
	return copy;
}

static void test_library(void **state)
{
	char *name;

	(void)state;
	make("int pthread_yield(void); void *malloc(unsigned long);\n"
	     "void *f(void) { return pthread_yield() ? malloc(3) : 0; }");
	assert_null(missed());
	make("int atoi(const char *); int f(const char *x) { return atoi(x); }");
	name = missed();
	assert_string_equal(name, "atoi");
	free(name);
}

static void test_no_file(void **state)
{
	char *name;

	(void)state;
	unlink(library);
	name = missed();
	assert_string_equal(name, library);
	free(name);
}

/* Text traces have no modules: all of their values are in them. */
static void test_text(void **state)
{
	struct fake_trace *fake = fake_new();
	struct ct_model *model;

	(void)state;
	fake_thread(fake, 1, 1);
	model = fake_model(fake);
	fake->trace.accesses = true;
	assert_true(ct_values_are_known(model));
	fake_free(fake);
}

static void test_names(void **state)
{
	static const char *const seen[] = {
		"memcpy", "pthread_mutex_lock",	      "_ZSt20__throw_system_errori",
		"write",  "conctrace_access_library", "_ZdlPvm"};
	static const char *const unseen[] = {
		"atoi",		 "strtol",
		"sscanf",	 "bsearch",
		"getenv",	 "access",
		"clock_gettime", "syscall",
		"_ZSt4cout",	 "_ZNSt8__detail15_List_node_base7_M_hookEPS0_",
		"mempcpy_",	 "strtok"};

	(void)state;
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		assert_true(ct_passes_seen_values(seen[i]));
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		assert_false(ct_passes_seen_values(unseen[i]));
}

static int begin(void **state)
{
	int fd = mkstemp(library);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_library),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
