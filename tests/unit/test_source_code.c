/*
 * model/source_code: what can be seen in a statement without compiling it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/source_code.h"

#include <string.h>

static struct ct_source_piece piece_of(const char *text)
{
	return (struct ct_source_piece){text, strlen(text)};
}

static bool is_plain(const char *text)
{
	struct ct_source_code source;
	bool plain;

	assert_int_equal(ct_source_code_read(text, strlen(text), &source), CT_OK);
	plain = ct_source_is_plain(ct_source_statement(&source, 1));
	ct_source_code_fini(&source);
	return plain;
}

static void test_plain(void **state)
{
	static const char *const plain[] = {
		"x = 1;",	    "x++; /* f(x) */",	   "if (x == 3) {",
		"while (!done)",    "p->a[i].b += (y);",   "x = y; // atomic",
		"s = \"f(x)\";",    "c = 'f', d = '\\'';", "return sizeof(x) + x;",
		"x = 1'000 + big;",
	};
	static const char *const other[] = {
		"",
		"f(x);",
		"x = f (y);",
		"x = (*g)(y);",
		"x = table[1](y);",
		"__asm__ (\"\" : : \"m\"(x));",
		"x = *(volatile int *)&y;",
		"y = ATOMIC_X;",
		"x = READ_ONCE(y);",
		"x = a +\n f(y);",
		"_Atomic int y = x;",
		"x = new T;",
		"x = std::memory_order_relaxed;",
		"# define x y",
		"/* x = 1; */",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		if (!is_plain(plain[i]))
			fail_msg("%s", plain[i]);
	}
	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++) {
		if (is_plain(other[i]))
			fail_msg("%s", other[i]);
	}
}

/* All of it, from whichever of its lines it is asked for. */
static void test_statement(void **state)
{
	static const char text[] = "int a;\nx =\n\ty\n\t+ f(\nz);\nvoid g(void) {\n\ta = 1;\n}\n";
	struct ct_source_code source;

	(void)state;
	assert_int_equal(ct_source_code_read(text, strlen(text), &source), CT_OK);
	for (int line = 2; line <= 5; line++) {
		struct ct_source_piece piece = ct_source_statement(&source, line);

		assert_true(ct_source_has_word(piece, "x"));
		assert_true(ct_source_has_word(piece, "z"));
		assert_false(ct_source_has_word(piece, "a"));
		assert_false(ct_source_is_plain(piece));
	}
	assert_true(ct_source_is_plain(ct_source_statement(&source, 7)));
	assert_int_equal(ct_source_statement(&source, 9).length, 0);
	assert_int_equal(ct_source_statement(&source, 100).length, 0);
	ct_source_code_fini(&source);
}

static void check_target(const char *text, const char *expected)
{
	struct ct_source_piece target;

	if (!expected) {
		assert_false(ct_source_assigns(piece_of(text), &target));
		return;
	}
	assert_true(ct_source_assigns(piece_of(text), &target));
	assert_int_equal(target.length, strlen(expected));
	assert_memory_equal(target.text, expected, target.length);
}

static void test_assigns(void **state)
{
	(void)state;
	check_target("x = y", "x");
	check_target("pool->lane[i + j].done |= 3", "done");
	check_target("rows[i]++", "rows");
	check_target("++s.count", "count");
	check_target("x <<= 2", "x");
	check_target("if (x == y)", NULL);
	check_target("if (x <= y || x >= z || x != w)", NULL);
	check_target("return x + -y", NULL);
}

static void test_words_beside(void **state)
{
	(void)state;
	assert_true(ct_source_mixes(piece_of("a;\natomic_load(&x);\n"), piece_of("x")));
	assert_false(ct_source_mixes(piece_of("x = 1;\natomic_load(&y);\n"), piece_of("x")));
	assert_false(ct_source_mixes(piece_of("int xx; atomic_load(&y);"), piece_of("x")));
	assert_true(ct_source_retries(piece_of("while (ck_sequence_read_retry(&s, v))")));
	assert_true(ct_source_retries(piece_of("CK_SEQUENCE_READ(&s, &v) {")));
	assert_false(ct_source_retries(piece_of("read(fd, p, n)")));
}

static void check_directives(const char *text, bool directed)
{
	struct ct_source_code source;

	assert_int_equal(ct_source_code_read(text, strlen(text), &source), CT_OK);
	assert_int_equal(ct_source_is_directed(&source), directed);
	ct_source_code_fini(&source);
}

static bool expands(const char *text, const char *statement, const char *name)
{
	struct ct_source_code source;
	bool result;

	assert_int_equal(ct_source_code_read(text, strlen(text), &source), CT_OK);
	result = ct_source_expands(&source, piece_of(statement), name);
	ct_source_code_fini(&source);
	return result;
}

static void test_directives(void **state)
{
	(void)state;
	check_directives("#include <stdatomic.h>\nx = 1;\n", false);
	check_directives("#include <atomic>\nx = 1;\n", false);
	check_directives("# line 3 \"a.y\"\n", true);
	check_directives("# 3 \"a.y\"\n", true);
	check_directives("#pragma omp \\\n atomic write\nx = 1;\n", true);
	check_directives("/*\n#line 3\n*/\n", false);
	assert_false(expands("#define MAX 100\n", "x = MAX", "x"));
	assert_true(expands("#define x y\n", "x = 1", "x"));
	assert_true(expands("#define NEXT x + 1\n", "x = NEXT", "x"));
	assert_true(expands("#define NEXT \\\n\tload(&z)\n", "x = NEXT", "x"));
	assert_true(expands("# define SET(a) a = 1\n", "SET(x)", "x"));
	assert_false(expands("#define OTHER load(&x)\n", "x = 1", "x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),	   cmocka_unit_test(test_statement),
		cmocka_unit_test(test_assigns),	   cmocka_unit_test(test_words_beside),
		cmocka_unit_test(test_directives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
