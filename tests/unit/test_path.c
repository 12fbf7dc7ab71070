/*
 * base/path.c: paths without detours, and which have none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/path.h"

#include <stdlib.h>
#include <string.h>

static void test_plain(void **state)
{
	static const struct {
		const char *path, *plain;
	} cases[] = {
		{"/src/a.c", "/src/a.c"},
		{"/src/./a.c", "/src/a.c"},
		{"/src//a.c", "/src/a.c"},
		{"/src/build/../a.c", "/src/a.c"},
		{"/src/build/../sub/../a.c", "/src/a.c"},
		{"/src/a/b/../../c.c", "/src/c.c"},
		{"/../../a.c", "/a.c"},
		{"/", "/"},
		{"/..", "/"},
		{"./a.c", "a.c"},
		{"a/../b.c", "b.c"},
		{"../a.c", "../a.c"},
		{"../../a.c", "../../a.c"},
		{"a/../../b.c", "../b.c"},
		{"../x/../a.c", "../a.c"},
		{"..a/.b/c..", "..a/.b/c.."},
		{"a/..", "."},
		{"./", "."},
		{"a/", "a"},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *copy = strdup(cases[i].path);

		assert_non_null(copy);
		ct_path_make_plain(copy);
		assert_string_equal(copy, cases[i].plain);
		if (strcmp(cases[i].plain, ".") != 0)
			assert_true(ct_path_is_plain(copy));
		assert_int_equal(ct_path_is_plain(cases[i].path),
				 strcmp(cases[i].path, cases[i].plain) == 0);
		free(copy);
	}
}

/* Of all short paths: a second time changes nothing, and it is never longer but for ".". */
static void test_all(void **state)
{
	static const char letters[] = "/.a";
	char path[9], plain[9], again[9];

	(void)state;
	for (unsigned number = 0; number < 6561; number++) {
		unsigned left = number;

		for (int i = 0; i < 8; i++, left /= 3)
			path[i] = letters[left % 3];
		path[8] = '\0';
		memcpy(plain, path, sizeof(plain));
		ct_path_make_plain(plain);
		memcpy(again, plain, sizeof(again));
		ct_path_make_plain(again);
		assert_string_equal(again, plain);
		assert_int_equal(plain[0] == '/', path[0] == '/');
		assert_int_equal(ct_path_is_plain(path), strcmp(path, plain) == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
